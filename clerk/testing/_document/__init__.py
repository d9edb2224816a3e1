"""The API's document, prepared for checking requests and responses."""

"""What the API's document says, made ready for checking requests and answers."""

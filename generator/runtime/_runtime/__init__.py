"""The private runtime of the generated code; the public names are in `types`, `client` and `pages`."""

"""Compares the client with the official SDK and with the libraries that both are built on: `make bench`."""

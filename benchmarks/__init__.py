"""Measures the client beside the official SDK and what both are made of: `make bench`."""

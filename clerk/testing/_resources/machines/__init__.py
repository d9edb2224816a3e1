"""Machines, their tokens, API keys and OAuth applications."""

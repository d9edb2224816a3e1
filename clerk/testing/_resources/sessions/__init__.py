"""Sessions, their tokens, and JWT templates."""

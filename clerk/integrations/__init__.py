"""Clerk in web frameworks: `starlette`, `fastapi`, `django` and `flask`; each loads its own framework only."""

"""Clerk in other libraries: `starlette`, `fastapi`, `django`, `flask` and `cattrs`; each loads its own one only."""

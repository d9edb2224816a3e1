"""Integrations: `starlette`, `fastapi`, `django`, `flask` and `cattrs`; each imports only its own library."""

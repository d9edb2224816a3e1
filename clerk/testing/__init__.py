"""A Clerk Backend API on your own machine, for tests.

::

    from clerk.testing import LocalClerk

    with LocalClerk() as local:
        client = local.client()
        user = client.users.create_user(email_address=["ada@example.com"])

It needs what the extra brings: `pip install 'clerk-client[testing]'`. `python -m clerk.testing` serves the same over
HTTP, and a pytest plugin has the fixtures `local_clerk`, `clerk_client` and `async_clerk_client`.
"""

from __future__ import annotations

from importlib.util import find_spec

MISSING = [name for name in ("cryptography", "jsonschema_rs", "jwt") if find_spec(name) is None]
if MISSING:
    raise ImportError(
        f"clerk.testing needs {', '.join(MISSING)}, which the extra brings: pip install 'clerk-client[testing]'"
    )

from ._answers import RefusalError  # noqa: E402  # after the check, so that its message is what people read
from ._local import API_URL, SECRET_KEY, LocalClerk, Snapshot  # noqa: E402  # as above
from ._requests import ReceivedRequest  # noqa: E402  # as above

__all__ = ["API_URL", "SECRET_KEY", "LocalClerk", "ReceivedRequest", "RefusalError", "Snapshot"]

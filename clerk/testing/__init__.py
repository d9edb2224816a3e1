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

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._answers import RefusalError
    from ._http.received import ReceivedRequest
    from ._local import API_URL, SECRET_KEY, LocalClerk, Snapshot
    from ._stand_ins import block_real_clerk

__all__ = ["API_URL", "SECRET_KEY", "LocalClerk", "ReceivedRequest", "RefusalError", "Snapshot", "block_real_clerk"]

# Hidden from type checkers: they see the imports above, and catch misspelt names.
if not TYPE_CHECKING:  # pragma: no branch  # coverage never type-checks

    def __getattr__(name):
        from importlib import import_module
        from importlib.util import find_spec

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if missing := [needed for needed in ("cryptography", "jsonschema_rs", "jwt") if find_spec(needed) is None]:
            raise ImportError(
                f"clerk.testing needs {', '.join(missing)}, which the extra brings: pip install 'clerk-client[testing]'"
            )
        homes = {"ReceivedRequest": "_http.received", "RefusalError": "_answers", "block_real_clerk": "_stand_ins"}
        value = globals()[name] = getattr(import_module(f"{__name__}.{homes.get(name, '_local')}"), name)
        return value

    def __dir__():
        return list(__all__)

"""A Clerk Backend API on your own machine, for tests.

::

    from clerk.testing import LocalClerk

    with LocalClerk() as local:
        client = local.client()
        user = client.users.create_user(email_address=["ada@example.com"])

It needs the extra: `pip install 'clerk-client[testing]'`. `python -m clerk.testing` serves the same over HTTP, and a
pytest plugin provides the fixtures `local_clerk`, `clerk_client` and `async_clerk_client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._answers import RefusalError
    from ._events.delivery import Delivery, DeliveryError
    from ._events.signing import SIGNING_SECRET, SignedWebhook, sign_webhook
    from ._http.received import ReceivedRequest
    from ._local import API_URL, SECRET_KEY, LocalClerk, Snapshot
    from ._stand_ins import block_real_clerk

__all__ = [
    "API_URL",
    "SECRET_KEY",
    "SIGNING_SECRET",
    "Delivery",
    "DeliveryError",
    "LocalClerk",
    "ReceivedRequest",
    "RefusalError",
    "SignedWebhook",
    "Snapshot",
    "block_real_clerk",
    "sign_webhook",
]

# Hidden from type checkers, which see the imports above and catch misspelled names.
if not TYPE_CHECKING:  # pragma: no branch  # coverage never type-checks
    _HOMES = {
        "Delivery": "_events.delivery",
        "DeliveryError": "_events.delivery",
        "ReceivedRequest": "_http.received",
        "RefusalError": "_answers",
        "SIGNING_SECRET": "_events.signing",
        "SignedWebhook": "_events.signing",
        "block_real_clerk": "_stand_ins",
        "sign_webhook": "_events.signing",
    }
    # Signing a webhook needs nothing beyond the client's own dependencies.
    _NEED_NOTHING = ("SIGNING_SECRET", "SignedWebhook", "sign_webhook")

    def __getattr__(name):
        from importlib import import_module
        from importlib.util import find_spec

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        needs = () if name in _NEED_NOTHING else ("cryptography", "jsonschema_rs", "jwt")
        if missing := [needed for needed in needs if find_spec(needed) is None]:
            raise ImportError(f"clerk.testing needs {', '.join(missing)}: pip install 'clerk-client[testing]'")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, '_local')}"), name)
        return value

    def __dir__():
        return list(__all__)

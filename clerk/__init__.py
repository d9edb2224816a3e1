"""A typed client for the Clerk Backend API.

::

    from clerk import clerk_client

    user = clerk_client.users.get_user("user_123")

Everything is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_generated.sub_apis import SUB_APIS as _SUB_APIS

from ._version import __version__

if TYPE_CHECKING:
    from clerk_generated import API_VERSION
    from clerk_generated.pages import AsyncPage, Page
    from clerk_generated.sub_apis import declarations as _declarations
    from clerk_generated.sub_apis.declarations import *  # noqa: F403  # the generator lists the names
    from clerk_generated.types import UNSET, Response, Unset

    from . import auth, events, models
    from ._async_client import AsyncClerkClient, create_async_clerk_client
    from ._async_default import async_clerk_client
    from ._client import ClerkClient, create_clerk_client
    from ._default import clerk_client, reset_default_clients
    from ._error_bodies import ClerkAPIError
    from ._errors import (
        AuthenticationError,
        BadRequestError,
        ClerkAPIResponseError,
        ClerkConfigurationError,
        ClerkConnectionError,
        ClerkDecodeError,
        ClerkError,
        ClerkTimeoutError,
        ConflictError,
        InternalServerError,
        NotFoundError,
        PaymentRequiredError,
        PermissionDeniedError,
        RateLimitError,
        TokenVerificationError,
        UnprocessableEntityError,
        WebhookVerificationError,
    )
    from ._option_types import AsyncHTTPOptions, HTTPOptions
    from ._time import to_datetime
    from ._webhooks import verify_webhook

__all__ = [
    "API_VERSION",
    "UNSET",
    "AsyncClerkClient",
    "AsyncHTTPOptions",
    "AsyncPage",
    "AuthenticationError",
    "BadRequestError",
    "ClerkAPIError",
    "ClerkAPIResponseError",
    "ClerkClient",
    "ClerkConfigurationError",
    "ClerkConnectionError",
    "ClerkDecodeError",
    "ClerkError",
    "ClerkTimeoutError",
    "ConflictError",
    "HTTPOptions",
    "InternalServerError",
    "NotFoundError",
    "Page",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "Response",
    "TokenVerificationError",
    "UnprocessableEntityError",
    "Unset",
    "WebhookVerificationError",
    "__version__",
    "async_clerk_client",
    "auth",
    "clerk_client",
    "create_async_clerk_client",
    "create_clerk_client",
    "events",
    "models",
    "reset_default_clients",
    "to_datetime",
    "verify_webhook",
]

if TYPE_CHECKING:
    __all__ += _declarations.__all__
else:  # hidden from type checkers, which see the imports above and catch misspelled names
    __all__ += list(_SUB_APIS)
    __all__.sort()

    # Names that are not listed are exceptions.
    _HOMES = {
        "API_VERSION": "clerk_generated",
        "AsyncClerkClient": "clerk._async_client",
        "AsyncHTTPOptions": "clerk._option_types",
        "AsyncPage": "clerk_generated.pages",
        "ClerkAPIError": "clerk._error_bodies",
        "ClerkClient": "clerk._client",
        "HTTPOptions": "clerk._option_types",
        "Page": "clerk_generated.pages",
        "Response": "clerk_generated.types",
        "UNSET": "clerk_generated.types",
        "Unset": "clerk_generated.types",
        "async_clerk_client": "clerk._async_default",
        "clerk_client": "clerk._default",
        "create_async_clerk_client": "clerk._async_client",
        "create_clerk_client": "clerk._client",
        "reset_default_clients": "clerk._default",
        "to_datetime": "clerk._time",
        "verify_webhook": "clerk._webhooks",
    }

    def __getattr__(name):
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in ("auth", "events", "models"):
            value = import_module(f"clerk.{name}")
        elif name in _SUB_APIS:
            value = getattr(import_module("clerk._default").clerk_client, name)
        else:
            value = getattr(import_module(_HOMES.get(name, "clerk._errors")), name)
        globals()[name] = value
        return value

    def __dir__():
        return list(__all__)

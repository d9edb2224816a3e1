"""A typed client of the Clerk Backend API.

::

    from clerk import clerk_client

    user = clerk_client.users.get_user("user_123")

Everything is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_generated.sub_apis import declarations as _sub_apis

from ._version import __version__

if TYPE_CHECKING:
    from clerk_generated import API_VERSION, models
    from clerk_generated.pages import AsyncPage, Page
    from clerk_generated.sub_apis.declarations import *
    from clerk_generated.types import UNSET, Response, Unset

    from ._async_client import AsyncClerkClient, create_async_clerk_client
    from ._client import ClerkClient, create_clerk_client
    from ._default import async_clerk_client, clerk_client, reset_default_clients
    from ._errors import (
        AuthenticationError,
        BadRequestError,
        ClerkAPIError,
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
        UnprocessableEntityError,
    )
    from ._http_options import AsyncHTTPOptions, HTTPOptions
    from ._time import to_datetime

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
    "UnprocessableEntityError",
    "Unset",
    "__version__",
    "async_clerk_client",
    "clerk_client",
    "create_async_clerk_client",
    "create_clerk_client",
    "models",
    "reset_default_clients",
    "to_datetime",
]
__all__ += _sub_apis.__all__

# Type checkers see the imports above; hidden from them, this lets no misspelt name pass.
if not TYPE_CHECKING:
    __all__.sort()

    _HOMES = {
        "clerk_generated": ["API_VERSION", "models"],
        "clerk_generated.pages": ["AsyncPage", "Page"],
        "clerk_generated.types": ["UNSET", "Response", "Unset"],
        "clerk._async_client": ["AsyncClerkClient", "create_async_clerk_client"],
        "clerk._client": ["ClerkClient", "create_clerk_client"],
        "clerk._default": ["async_clerk_client", "clerk_client", "reset_default_clients"],
        "clerk._http_options": ["AsyncHTTPOptions", "HTTPOptions"],
        "clerk._time": ["to_datetime"],
    }

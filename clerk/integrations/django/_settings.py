"""What Django's settings say, and the clients that follow from it."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed

from ... import AsyncClerkClient, ClerkClient, create_async_clerk_client, create_clerk_client
from ... import async_clerk_client as default_async_clerk_client
from ... import clerk_client as default_clerk_client
from ...auth import AcceptsToken, AuthenticateRequestOptions

_OF_CLIENTS = ("secret_key", "machine_secret_key", "publishable_key", "jwt_key", "api_url", "api_version")
_OF_REQUESTS = (
    "authorized_parties",
    "audience",
    "issuer",
    "clock_skew",
    "treat_pending_as_signed_out",
)
_OTHERS = ("accepts_token", "browser", "login_url", "user_field", "webhook_signing_secret")
NAMES = sorted(f"CLERK_{name.upper()}" for name in (*_OF_CLIENTS, *_OF_REQUESTS, *_OTHERS))
"""All settings."""


def setting(name: str, default: object = None) -> Any:  # a setting may be anything
    """Return a setting."""
    return getattr(settings, name, default)


def _given(names: tuple[str, ...]) -> dict[str, Any]:  # a setting may be anything
    values = {name: setting(f"CLERK_{name.upper()}") for name in names}
    return {name: value for name, value in values.items() if value is not None}


def request_options() -> AuthenticateRequestOptions:
    """Return the options of `authenticate_request`."""
    return cast("AuthenticateRequestOptions", _given(_OF_REQUESTS))  # the names above are its own


def accepts_token() -> AcceptsToken:
    """Return the kinds of token that requests may come with."""
    found: AcceptsToken = setting("CLERK_ACCEPTS_TOKEN", "session_token")
    return found


def accepts_cookies() -> bool:
    """Whether sessions may come from cookies."""
    accepted = accepts_token()
    return accepted == "any" or "session_token" in accepted


@cache
def clerk_client() -> ClerkClient:
    """Return the sync client: the default one, unless the settings say how to make another."""
    options = _given(_OF_CLIENTS)
    return create_clerk_client(**options) if options else default_clerk_client


@cache
def async_clerk_client() -> AsyncClerkClient:
    """Return the async client: the default one, unless the settings say how to make another."""
    options = _given(_OF_CLIENTS)
    return create_async_clerk_client(**options) if options else default_async_clerk_client


def _forget(*, setting: str, **_: object) -> None:
    if setting.startswith("CLERK_"):
        clerk_client.cache_clear()
        async_clerk_client.cache_clear()


setting_changed.connect(_forget)

__all__ = [
    "NAMES",
    "accepts_cookies",
    "accepts_token",
    "async_clerk_client",
    "clerk_client",
    "request_options",
    "setting",
]

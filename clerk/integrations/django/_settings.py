"""The settings that begin with `CLERK_`, and the clients that they configure."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed

from ... import AsyncClerkClient, ClerkClient, create_async_clerk_client, create_clerk_client
from ... import async_clerk_client as default_async_clerk_client
from ... import clerk_client as default_clerk_client
from ...auth import AcceptsToken, AuthenticateRequestOptions
from .._options import CLIENT_OPTIONS, REQUEST_OPTIONS, configured

_OTHERS = ("accepts_token", "browser", "login_url", "user_field", "webhook_signing_secret")
NAMES = sorted(f"CLERK_{name.upper()}" for name in (*CLIENT_OPTIONS, *REQUEST_OPTIONS, *_OTHERS))
"""All settings."""


def setting(name: str, default: object = None) -> Any:  # a setting may be anything
    """Return a setting."""
    return getattr(settings, name, default)


def request_options() -> AuthenticateRequestOptions:
    """Return the options of `authenticate_request`."""
    return cast("AuthenticateRequestOptions", configured(REQUEST_OPTIONS, setting))  # these are its options


def accepts_token() -> AcceptsToken:
    """Return the kinds of token that are accepted."""
    found: AcceptsToken = setting("CLERK_ACCEPTS_TOKEN", "session_token")
    return found


def accepts_cookies() -> bool:
    """Return whether sessions from cookies are accepted."""
    accepted = accepts_token()
    return accepted == "any" or "session_token" in accepted


@cache
def clerk_client() -> ClerkClient:
    """Return the sync client: the default one, unless the settings configure another."""
    options = configured(CLIENT_OPTIONS, setting)
    return create_clerk_client(**options) if options else default_clerk_client


@cache
def async_clerk_client() -> AsyncClerkClient:
    """Return the async client: the default one, unless the settings configure another."""
    options = configured(CLIENT_OPTIONS, setting)
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

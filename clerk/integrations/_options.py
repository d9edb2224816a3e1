"""The options that a framework's settings may hold, such as `CLERK_SECRET_KEY` for `secret_key`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CLIENT_OPTIONS = ("secret_key", "machine_secret_key", "publishable_key", "jwt_key", "api_url", "api_version")
"""Options of the clients."""
REQUEST_OPTIONS = ("authorized_parties", "audience", "issuer", "clock_skew", "treat_pending_as_signed_out")
"""Options of `authenticate_request`."""


def configured(names: tuple[str, ...], setting: Callable[[str], Any]) -> dict[str, Any]:  # a setting may be anything
    """Return the options that are set.

    Args:
        names: The names of the options.
        setting: Returns the value of a setting, or None.
    """
    values = {name: setting(f"CLERK_{name.upper()}") for name in names}
    return {name: value for name, value in values.items() if value is not None}


__all__ = ["CLIENT_OPTIONS", "REQUEST_OPTIONS", "configured"]

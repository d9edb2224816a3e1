"""Which kind of token this looks like: a session token, one from a JWT template, or a machine token."""

from __future__ import annotations

import re

from ._jwt import MISSING, Token
from ._types import TokenType

TEMPLATE_CATEGORY, MACHINE_CATEGORY = "cl_B7d4PD222AAA", "cl_B7d4PD333AAA"
SESSION_CATEGORIES = ("cl_B7d4PD111AAA", "cl_I7d4PD111III", MISSING)
"""The possible `cat` headers of a session token: its own, the generic one, or none, as in older tokens."""
MACHINE_CATEGORIES = (MACHINE_CATEGORY, "cl_I7d4PD111III", MISSING)
"""The same for a machine token."""
PLAIN_TYPES = (MISSING, "JWT")
"""The possible `typ` headers of most tokens."""
OAUTH_TYPES = ("at+jwt", "application/at+jwt")
"""The possible `typ` headers of an OAuth access token."""

_PREFIXES: dict[str, TokenType] = {"mt_": "m2m_token", "oat_": "oauth_token", "ak_": "api_key"}
_PREFIX = re.compile("|".join(_PREFIXES))


def is_opaque(token: str) -> bool:
    """Return whether this is a machine token that only the service can read."""
    return _PREFIX.match(token) is not None


def kind_of_machine_token(text: str, token: Token | None) -> TokenType | None:
    """Return which kind of machine token this is, or None if it is not a machine token.

    Args:
        text: The token.
        token: The decoded token, or None if it cannot be decoded.
    """
    if prefix := _PREFIX.match(text):
        return _PREFIXES[prefix[0]]
    if token is None:
        return None
    if _is_of_machine(token):
        return "m2m_token"
    return "oauth_token" if token.header.typ in OAUTH_TYPES else None


def is_of_session(token: Token) -> bool:
    """Return whether this can be a session token."""
    return token.header.cat in SESSION_CATEGORIES and token.header.typ not in OAUTH_TYPES and not _is_of_machine(token)


def _is_of_machine(token: Token) -> bool:
    subject = token.claims.get("sub")
    return isinstance(subject, str) and subject.startswith("mch_")


__all__ = [
    "MACHINE_CATEGORIES",
    "MACHINE_CATEGORY",
    "OAUTH_TYPES",
    "PLAIN_TYPES",
    "SESSION_CATEGORIES",
    "TEMPLATE_CATEGORY",
    "is_of_session",
    "is_opaque",
    "kind_of_machine_token",
]

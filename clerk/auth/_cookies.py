"""The cookies of a request, and which of two sets of them is used.

Browsers store Clerk's cookies twice: under their plain names, and with a suffix for the instance, so that several
applications on one host don't overwrite each other's cookies.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from .._errors import TokenVerificationError
from ._jwt import decode
from ._publishable_key import Instance

SESSION, CLIENT_UAT, REFRESH, DEV_BROWSER = "__session", "__client_uat", "__refresh", "__clerk_db_jwt"
HANDSHAKE, HANDSHAKE_NONCE, REDIRECT_COUNT = "__clerk_handshake", "__clerk_handshake_nonce", "__clerk_redirect_count"

_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,18})")


def parse_cookies(header: str) -> dict[str, str]:
    """Return cookies by name, the first one of each name; anything that is not a cookie is skipped."""
    cookies: dict[str, str] = {}
    for pair in header.split(";"):
        name, sign, value = pair.partition("=")
        if sign and (name := name.strip(" \t")) not in cookies:
            cookies[name] = value.strip(" \t")
    return cookies


class Cookies:
    """Clerk's cookies of a request.

    Args:
        cookies: All cookies by their names.
        instance: The instance that they belong to.
        now: The time in milliseconds.

    Attributes:
        is_suffixed: Whether the set with the suffix is used.
    """

    def __init__(self, cookies: dict[str, str], instance: Instance, now: int) -> None:
        self._cookies = cookies
        self._instance = instance
        self.is_suffixed = self._uses_suffix(now)

    def plain(self, name: str) -> str | None:
        """Return the cookie with exactly this name; None if it is empty or missing."""
        value = self._cookies.get(name) or None
        return _unescaped(value) if value is not None and "%" in value else value

    def suffixed(self, name: str) -> str | None:
        """Return the cookie with this name and the instance's suffix."""
        return self.plain(name + self._instance.suffix)

    def get(self, name: str) -> str | None:
        """Return the cookie with this name from the set that is used."""
        return self.suffixed(name) if self.is_suffixed else self.plain(name)

    def number(self, name: str) -> int:
        """Return the integer that a cookie of the set that is used starts with, or 0."""
        return number_of(self.get(name))

    def _uses_suffix(self, now: int) -> bool:
        session, suffixed_session = self.plain(SESSION), self.suffixed(SESSION)
        uat, suffixed_uat = self.plain(CLIENT_UAT), self.suffixed(CLIENT_UAT)
        claims = _claims(session)
        if claims is not None:
            issuer = claims.get("iss")
            if not issuer:
                return False
            if not isinstance(issuer, str) or _SCHEME.sub("", issuer) != self._instance.frontend_api:
                return True
        if suffixed_session is None and suffixed_uat is None:
            return False
        suffixed_claims = _claims(suffixed_session)
        is_in, is_suffixed_in = uat != "0", suffixed_uat != "0"
        if is_in and is_suffixed_in and _issued_at(claims) > _issued_at(suffixed_claims):
            return False
        if is_in and not is_suffixed_in:
            return False
        if self._instance.is_development and not is_in and is_suffixed_in and _is_expired(suffixed_claims, now):
            return False
        return suffixed_uat is not None


def number_of(text: str | None) -> int:
    """Return the integer that a string starts with, or 0."""
    found = _NUMBER.match(text or "")
    return int(found[1]) if found else 0


def _claims(token: str | None) -> dict[str, Any] | None:
    try:
        return None if token is None else decode(token).claims
    except TokenVerificationError:
        return None


def _issued_at(claims: dict[str, Any] | None) -> float:
    return _number(claims, "iat") or 0


def _is_expired(claims: dict[str, Any] | None, now: int) -> bool:
    expires = _number(claims, "exp")
    return expires is not None and expires <= now // 1000


def _number(claims: dict[str, Any] | None, name: str) -> float | None:
    value = (claims or {}).get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unescaped(value: str) -> str:
    try:
        return unquote_to_bytes(value).decode() if _ESCAPED.fullmatch(value) else value
    except UnicodeDecodeError:
        return value


__all__ = [
    "CLIENT_UAT",
    "DEV_BROWSER",
    "HANDSHAKE",
    "HANDSHAKE_NONCE",
    "REDIRECT_COUNT",
    "REFRESH",
    "SESSION",
    "Cookies",
    "number_of",
    "parse_cookies",
]

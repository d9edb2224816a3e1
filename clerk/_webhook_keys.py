"""The keys that webhooks are signed with."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable

from ._checks import wrong_type
from ._errors import ClerkConfigurationError

VARIABLE = "CLERK_WEBHOOK_SIGNING_SECRET"
PREFIX = "whsec_"


class SigningKey:
    """A key that never shows.

    Args:
        key: The key, decoded.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, message_id: bytes, timestamp: bytes, body: bytes) -> bytes:
        """Return the signature of a message, as it follows `v1,` in the header."""
        digest = hmac.digest(self._key, b".".join((message_id, timestamp, body)), hashlib.sha256)
        return base64.b64encode(digest)

    def __repr__(self) -> str:
        return "SigningKey(...)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a signing key cannot be pickled")


def signing_keys(given: str | Iterable[str] | None) -> list[SigningKey]:
    """Return the keys of signing secrets.

    Args:
        given: One secret, several, or None to read the environment.

    Raises:
        ClerkConfigurationError: There is none, or one of them cannot be read.
    """
    if given is None:
        name, secrets = f"the environment variable {VARIABLE}", os.environ.get(VARIABLE, "").split()
        if not secrets:
            raise ClerkConfigurationError(
                f"there is no webhook signing secret: pass signing_secret or set {VARIABLE}; the Clerk dashboard shows "
                "it on the endpoint's page"
            )
    else:
        name, secrets = "signing_secret", _listed(given)
    return [_key(name, secret) for secret in secrets]


def _listed(given: str | Iterable[str]) -> list[str]:
    if isinstance(given, str):
        given = given.split() or [given]
    elif not isinstance(given, Iterable) or isinstance(given, (bytes, bytearray)):
        raise wrong_type("signing_secret", "a string, or several of them", given)
    secrets = list(given)
    if not secrets:
        raise ClerkConfigurationError("signing_secret is empty: pass at least one secret")
    return secrets


def _key(name: str, secret: object) -> SigningKey:
    if not isinstance(secret, str):
        raise wrong_type(name, "a string, or several of them", secret)
    encoded = secret.strip().removeprefix(PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ClerkConfigurationError(
            f"{name} must be {PREFIX} followed by base64: copy it from the endpoint's page in the Clerk dashboard"
        )
    return SigningKey(key)


__all__ = ["PREFIX", "VARIABLE", "SigningKey", "signing_keys"]

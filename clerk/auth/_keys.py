"""Public keys in their two formats: PEM, and the JSON of RFC 7517."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import a2b_base64
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from .._errors import ClerkConfigurationError

if TYPE_CHECKING:
    from ._signature import Key

ALGORITHMS = frozenset(("RS256", "RS384", "RS512"))
"""The accepted signature algorithms, by their names in RFC 7518."""

# In environment files, line ends are often written as two characters.
_AROUND = re.compile(r"-----(?:BEGIN|END)[^-]*-----|\\r|\\n|\s+")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def _signatures() -> ModuleType:
    try:
        from . import _signature
    except ImportError as error:
        raise ClerkConfigurationError(
            f"checking tokens needs the package cryptography ({error}): pip install 'clerk-client[auth]'"
        ) from error
    return _signature


@lru_cache(maxsize=32)
def key_of_pem(text: str) -> Key:
    """Return the key in a PEM text; markers, line ends and white space don't matter.

    Raises:
        ClerkConfigurationError: It contains no public RSA key, or `cryptography` is not installed.
    """
    signatures = _signatures()
    try:
        content = a2b_base64(_AROUND.sub("", text).encode("ascii"), strict_mode=True)
    except ValueError:
        content = b""
    key: Key | None = signatures.key_of_der(content)
    if key is None:
        raise ClerkConfigurationError(
            "jwt_key is not a public RSA key: pass the JWKS public key in PEM that the Clerk dashboard shows"
        )
    return key


def keys_of_set(content: object) -> dict[str, Key] | None:
    """Return the keys in a JSON Web Key Set by their ids, without those that are not used for signatures like Clerk's.

    Returns:
        The keys; None if the content is not a key set, or an empty one.

    Raises:
        ClerkConfigurationError: `cryptography` is not installed.
    """
    entries = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        return None
    keys = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("kid"), str) and (key := _key_of_entry(entry)):
            keys[entry["kid"]] = key
    return keys


def _key_of_entry(entry: dict[str, object]) -> Key | None:
    algorithm = entry.get("alg")
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    if algorithm is not None and not (isinstance(algorithm, str) and algorithm in ALGORITHMS):
        return None
    modulus, exponent = _number(entry.get("n")), _number(entry.get("e"))
    if modulus is None or exponent is None:
        return None
    key: Key | None = _signatures().key_of_numbers(modulus, exponent, algorithm)
    return key


def _number(text: object) -> int | None:
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        return None
    text = text.rstrip("=")
    try:
        return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    except ValueError:
        return None


__all__ = ["ALGORITHMS", "key_of_pem", "keys_of_set"]

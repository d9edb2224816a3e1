"""Decoding JSON Web Tokens: only their form is checked here, nothing in them is verified yet.

A token is three parts in base64url as in RFC 7515: without padding or other characters, and with only one spelling for
the same bytes. Header and claims are JSON objects in UTF-8.
"""

from __future__ import annotations

import json
from binascii import a2b_base64
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from .._errors import TokenVerificationError

MISSING = object()
"""Stands for a header parameter that is missing, as opposed to null."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# To plain base64; characters that only plain base64 has become invalid ones.
_TO_BASE64 = bytes.maketrans(b"-_+/=", b"+/!!!")
# The possible last characters of a part: the bits that carry no data must be zero.
_LAST = {0: _ALPHABET, 2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_PADDING = {0: b"", 2: b"==", 3: b"="}
_LONGEST_KEPT = 512


class Header(NamedTuple):
    """A token's header.

    Attributes:
        alg: The algorithm of the signature.
        typ: The type.
        kid: The key's id.
        cat: The token's category.
        crit: The extensions that a verifier must understand.
    """

    alg: object
    typ: object
    kid: object
    cat: object
    crit: object


class Token(NamedTuple):
    """A well-formed token.

    Attributes:
        header: Its header.
        claims: Its claims.
        signed: The bytes that are signed.
        signature: The signature.
    """

    header: Header
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def decode(token: object) -> Token:
    """Decode a token.

    Raises:
        TokenVerificationError: It is malformed.
    """
    if not isinstance(token, str):
        raise _malformed("it is not a string")
    try:
        raw = token.encode("ascii")
    except UnicodeEncodeError:
        raise _malformed("it contains a character that is not ASCII") from None
    signed, _, signature = raw.rpartition(b".")
    header, dot, claims = signed.partition(b".")
    if not dot or b"." in claims:
        raise _malformed("it does not consist of three parts separated by dots")
    return Token(
        _header(header) if len(header) <= _LONGEST_KEPT else _header.__wrapped__(header),
        _json_object(_bytes(claims)),
        signed,
        _bytes(signature),
    )


# All tokens of an instance have the same header.
@lru_cache(maxsize=64)
def _header(part: bytes) -> Header:
    content = _json_object(_bytes(part))
    return Header(*(content.get(name, MISSING) for name in Header._fields))


def _bytes(part: bytes) -> bytes:
    part = part.translate(_TO_BASE64)
    idle = len(part) % 4
    if idle == 1 or part[-1:] not in _LAST[idle]:
        raise _malformed("a part of it is not in base64url")
    try:
        return a2b_base64(part + _PADDING[idle], strict_mode=True)
    except ValueError:
        raise _malformed("a part of it is not in base64url") from None


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        value = _read(content.decode())
    except (ValueError, RecursionError):
        raise _malformed("a part of it is not JSON") from None
    if not isinstance(value, dict):
        raise _malformed("a part of it is not a JSON object")
    return value


def _read(text: str) -> Any:  # any JSON value
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        value, end = None, -1
    # `decode` handles surrounding white space, and raises if it is not JSON.
    return value if end == len(text) else _decoder.decode(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_refuse)
_scan: Callable[[str, int], tuple[Any, int]] = vars(_decoder)["scan_once"]  # the core of `decode`, without its overhead


def _malformed(what: str) -> TokenVerificationError:
    return TokenVerificationError(
        f"this is not a JSON Web Token: {what}",
        reason="token-invalid",
        action="send the token exactly as Clerk's frontend SDK returns it",
    )


__all__ = ["MISSING", "Header", "Token", "decode"]

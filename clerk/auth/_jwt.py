"""JSON web tokens taken apart: their form, before anything in them is believed.

Three parts in base64url as RFC 7515 spells it: no padding, no other character, and no second spelling of the same
bytes. Header and claims are JSON objects in UTF-8.
"""

from __future__ import annotations

import json
from binascii import a2b_base64
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from .._errors import TokenVerificationError

MISSING = object()
"""Stands for what a header does not hold: null is something else."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# To plain base 64; what has another meaning there becomes what has none.
_TO_BASE64 = bytes.maketrans(b"-_+/=", b"+/!!!")
# The last character of a part whose bytes do not fill it: its idle bits are zero.
_LAST = {0: _ALPHABET, 2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_PADDING = {0: b"", 2: b"==", 3: b"="}
_LONGEST_KEPT = 512


class Header(NamedTuple):
    """A token's header.

    Attributes:
        alg: The algorithm of the signature.
        typ: The type.
        kid: The key's id.
        cat: The token's class.
        crit: What whoever checks the token has to understand.
    """

    alg: object
    typ: object
    kid: object
    cat: object
    crit: object


class Token(NamedTuple):
    """A token that has the form of one.

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
    """Take a token apart.

    Raises:
        TokenVerificationError: It hasn't the form of one.
    """
    if not isinstance(token, str):
        raise _malformed("a token is text")
    try:
        raw = token.encode("ascii")
    except UnicodeEncodeError:
        raise _malformed("it holds a character that no token has") from None
    parts = raw.translate(_TO_BASE64).split(b".")
    if len(parts) != 3:
        raise _malformed("a token is three parts with a dot between them")
    header, claims, signature = parts
    return Token(
        _header(header) if len(header) <= _LONGEST_KEPT else _header.__wrapped__(header),
        _json_object(_bytes(claims)),
        raw[: len(header) + 1 + len(claims)],
        _bytes(signature),
    )


# Tokens of one instance have one header.
@lru_cache(maxsize=64)
def _header(part: bytes) -> Header:
    content = _json_object(_bytes(part))
    return Header(*(content.get(name, MISSING) for name in Header._fields))


def _bytes(part: bytes) -> bytes:
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
        raise _malformed("a part of it is no JSON object")
    return value


def _read(text: str) -> Any:  # whatever JSON there is
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        value, end = None, -1
    # `decode` knows white space around, and says what is no JSON.
    return value if end == len(text) else _decoder.decode(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_refuse)
_scan: Callable[[str, int], tuple[Any, int]] = vars(_decoder)["scan_once"]  # what `decode` does most of its work with


def _malformed(what: str) -> TokenVerificationError:
    return TokenVerificationError(
        f"this is no JSON web token: {what}",
        reason="token-invalid",
        action="send the token as Clerk's frontend gives it",
    )


__all__ = ["MISSING", "Header", "Token", "decode"]

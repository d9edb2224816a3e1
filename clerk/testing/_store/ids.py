"""Ids that look like Clerk's: a prefix and a KSUID."""

from __future__ import annotations

import secrets

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_CHUNK = 3844**5
_EPOCH = 1_400_000_000


def ksuid(milliseconds: int) -> str:
    """Return a KSUID: 4 bytes of seconds and 16 random bytes, as 27 characters.

    Args:
        milliseconds: The time, in milliseconds since the Unix epoch.
    """
    seconds = max(0, milliseconds // 1000 - _EPOCH) & 0xFFFFFFFF
    number = seconds << 128 | secrets.randbits(128)
    number, low = divmod(number, _CHUNK)
    high, middle = divmod(number, _CHUNK)
    return (_ten_digits(high) + _ten_digits(middle) + _ten_digits(low))[3:]


def _ten_digits(number: int) -> str:
    # Dividing numbers that fit into a machine word is much faster.
    number, fifth = divmod(number, 3844)
    number, fourth = divmod(number, 3844)
    number, third = divmod(number, 3844)
    first, second = divmod(number, 3844)
    return _PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth] + _PAIRS[fifth]


def secret(prefix: str, length: int = 40) -> str:
    """Return a random secret, such as a key or a token of the local service."""
    return prefix + "".join(secrets.choice(_DIGITS) for _ in range(length))


def hexadecimal(prefix: str) -> str:
    """Return an id with 32 hexadecimal digits, like those of API keys and tokens."""
    return f"{prefix}_{secrets.token_hex(16)}"

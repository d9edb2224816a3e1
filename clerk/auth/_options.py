"""The options of one check, turned into requirements for tokens."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from .._checks import check_string, wrong_type
from .._errors import ClerkConfigurationError
from ._claims import Demands

_DEFAULTS, _DEFAULT_SKEW = Demands(), 5.0


def demands_of(
    authorized_parties: object = None, audience: object = None, issuer: object = None, clock_skew: object = None
) -> Demands:
    """Check a caller's requirements for tokens; an empty value requires nothing.

    Raises:
        ClerkConfigurationError: An option is invalid.
    """
    if authorized_parties is audience is issuer is None and clock_skew == _DEFAULT_SKEW:
        return _DEFAULTS
    given = (_hashable(authorized_parties), _hashable(audience), _hashable(issuer), clock_skew)
    try:
        return _checked(*given)
    except TypeError:  # something cannot be hashed
        return _checked.__wrapped__(*given)


def _hashable(value: object) -> object:
    return tuple(value) if type(value) is list else value


# Callers pass the same values with each request.
@lru_cache(maxsize=128, typed=True)
def _checked(authorized_parties: object, audience: object, issuer: object, clock_skew: object) -> Demands:
    if isinstance(authorized_parties, str):
        raise ClerkConfigurationError("authorized_parties must be a list of origins, not a string")
    return Demands(
        () if authorized_parties is None else _texts("authorized_parties", authorized_parties),
        () if audience is None else _names("audience", audience),
        () if issuer is None else _names("issuer", issuer),
        _DEFAULTS.skew if clock_skew is None else _milliseconds(clock_skew),
    )


def checked_jwt_key(jwt_key: object) -> str | None:
    """Check the key that a caller passes; an empty string counts as None.

    Raises:
        ClerkConfigurationError: It is not a string.
    """
    return None if jwt_key is None else check_string("jwt_key", jwt_key) or None


def _names(name: str, value: object) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else _texts(name, value)
    return tuple(filter(None, texts))


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, Iterable) or isinstance(value, bytes):
        raise wrong_type(name, "a list of strings", value)
    return tuple(check_string(f"each of {name}", text) for text in value)


def _milliseconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_type("clock_skew", "a number of seconds", value)
    if not (math.isfinite(value) and value >= 0):
        raise ClerkConfigurationError(f"clock_skew must be 0 seconds or more, not {value}")
    return value * 1000


__all__ = ["checked_jwt_key", "demands_of"]

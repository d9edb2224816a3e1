"""What the claims of a session say about its organization, and about the user's permissions in it.

Version 1 of the claims spells permissions out. Version 2 packs them: `o.per` lists their names, `fea` lists features,
and the nth number in `o.fpm` is a bit mask for the nth entry of `fea`, which says, lowest bit first, which of the names
apply to that feature.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from ._types import Claims

_ORGANIZATION_SCOPES = frozenset(("o", "uo", "ou"))
_USER_SCOPES = frozenset(("u", "uo", "ou"))
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_KEPT = 2000
_MANY_DIGITS = 4000  # Python limits how many digits `int` converts at once


class Organization(NamedTuple):
    """The active organization of a session, according to its token.

    Attributes:
        id: Its id.
        role: The user's role in it, with `org:`.
        slug: Its slug.
        permissions: The user's permissions in it, each as `org:<feature>:<permission>`.
    """

    id: str | None = None
    role: str | None = None
    slug: str | None = None
    permissions: list[str] | None = None


class Feature(NamedTuple):
    """An entry of the claim `fea` or `pla`.

    Attributes:
        name: The feature's or the plan's name.
        of_organization: Whether it is the organization's.
        of_user: Whether it is the user's.
    """

    name: str
    of_organization: bool
    of_user: bool


_NONE = Organization()


def organization_of(claims: Claims) -> Organization:
    """Return the active organization according to claims of either version."""
    if _is_version_2(claims.get("v")):
        found = claims.get("o")
        return _packed(found, claims.get("fea")) if isinstance(found, dict) else _NONE
    permissions = claims.get("org_permissions")
    if permissions is not None:
        permissions = [name for name in permissions if isinstance(name, str)] if isinstance(permissions, list) else None
    return Organization(
        text(claims.get("org_id")), text(claims.get("org_role")), text(claims.get("org_slug")), permissions
    )


def _is_version_2(version: object) -> bool:
    return isinstance(version, (int, float)) and version == 2


def _packed(found: Claims, features: object) -> Organization:
    get = found.get
    role = text(get("rol"))
    return Organization(
        text(get("id")),
        f"org:{role}" if role else None,
        text(get("slg")),
        _unpacked(features, get("per"), get("fpm")),
    )


def _unpacked(features: object, names: object, masks: object) -> list[str]:
    if not (isinstance(features, str) and isinstance(names, str) and isinstance(masks, str) and names and masks):
        return []
    is_short = len(features) + len(names) + len(masks) <= _LONGEST_KEPT
    return list((_granted if is_short else _granted.__wrapped__)(features, names, masks))


# Everybody with the same role in an instance has the same ones.
@lru_cache(maxsize=256)
def _granted(features: str, names: str, masks: str) -> tuple[str, ...]:
    permissions = [name.strip() for name in names.split(",")]
    granted: list[str] = []
    for entry, mask in zip(features.split(","), masks.split(","), strict=False):
        feature = _feature(entry)
        if feature is not None and feature.of_organization:
            bits = _bits(mask.strip(), len(permissions))
            granted += [
                f"org:{feature.name}:{name}" for name, bit in zip(permissions, bits, strict=False) if bit == "1"
            ]
    return tuple(granted)


def _bits(mask: str, count: int) -> str:
    if not _DIGITS.fullmatch(mask):
        return ""
    wanted, value = (1 << count) - 1, 0
    for start in range(0, len(mask), _MANY_DIGITS):
        digits = mask[start : start + _MANY_DIGITS]
        value = value * 10 ** len(digits) + int(digits) & wanted
    return f"{value:b}"[::-1]


def features_of(claim: object) -> list[Feature]:
    """Return the entries of the claim `fea` or `pla`, without malformed ones."""
    return [] if not isinstance(claim, str) else [found for entry in claim.split(",") if (found := _feature(entry))]


def _feature(entry: str) -> Feature | None:
    scope, colon, name = entry.strip().partition(":")
    if not colon:
        return None
    return Feature(name, scope in _ORGANIZATION_SCOPES, scope in _USER_SCOPES)


def text(value: object) -> str | None:
    """Return a value if it is a string, otherwise None."""
    return value if isinstance(value, str) else None


def factor_ages(value: object) -> tuple[float, float] | None:
    """Return the claim `fva`: how many minutes ago each factor was verified, -1 for never; None if it is malformed."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    first, second = value
    return (first, second) if _is_age(first) and _is_age(second) else None


def _is_age(value: object) -> bool:
    if type(value) is float:
        return math.isfinite(value) and (value == -1 or value >= 0)
    return type(value) is int and value >= -1


__all__ = ["Feature", "Organization", "factor_ages", "features_of", "organization_of", "text"]

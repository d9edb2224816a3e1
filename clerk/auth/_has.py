"""Whether a user has what is asked for: everything asked for must hold, and something must be asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from ._permissions import features_of

if TYPE_CHECKING:
    from ._auth import SessionAuth
    from ._types import Reverification


class Absent(Enum):
    """The default of what is not asked for; None would be a value that somebody asks for by mistake."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent.ABSENT

PRESETS: dict[str, Reverification] = {
    "strict_mfa": {"level": "multi_factor", "after_minutes": 10},
    "strict": {"level": "second_factor", "after_minutes": 10},
    "moderate": {"level": "second_factor", "after_minutes": 60},
    "lax": {"level": "second_factor", "after_minutes": 1440},
}
"""What each of the named levels of reverification asks for."""

_ORGANIZATION = frozenset(("o", "org", "organization"))
_USER = frozenset(("u", "user"))
_PREFIXES = re.compile(r"\A(?:org:)*")


def session_has(
    auth: SessionAuth, role: object, permission: object, feature: object, plan: object, reverification: object
) -> bool:
    """Return whether the user of a session has everything that is asked for."""
    asked = [
        check(auth, value)
        for check, value in (
            (_has_role, role),
            (_has_permission, permission),
            (_has_feature, feature),
            (_has_plan, plan),
            (_is_verified, reverification),
        )
        if value is not ABSENT
    ]
    return auth.user_id is not None and bool(asked) and all(asked)


def _has_role(auth: SessionAuth, role: object) -> bool:
    if not isinstance(role, str) or not auth.org_id or not auth.org_role:
        return False
    return _prefixed(auth.org_role) == _prefixed(role)


def _has_permission(auth: SessionAuth, permission: object) -> bool:
    if not isinstance(permission, str) or not auth.org_id or auth.org_permissions is None:
        return False
    return _prefixed(permission) in auth.org_permissions


def _prefixed(name: str) -> str:
    return _PREFIXES.sub("org:", name, count=1)


def _has_feature(auth: SessionAuth, feature: object) -> bool:
    return _is_listed(auth, "fea", feature)


def _has_plan(auth: SessionAuth, plan: object) -> bool:
    return _is_listed(auth, "pla", plan)


def _is_listed(auth: SessionAuth, claim: str, asked: object) -> bool:
    if not isinstance(asked, str):
        return False
    scope, colon, name = asked.partition(":")
    if not colon:
        scope, name = "", asked
    elif scope not in _ORGANIZATION and scope not in _USER:
        return False
    return any(
        listed.name == name
        and (
            (listed.of_organization and (not scope or scope in _ORGANIZATION))
            or (listed.of_user and (not scope or scope in _USER))
        )
        for listed in features_of((auth.session_claims or {}).get(claim))
    )


def _is_verified(auth: SessionAuth, reverification: object) -> bool:
    config = _config(reverification)
    ages = auth.factor_verification_age
    if config is None or ages is None or ages == (-1, -1):
        return False
    level, minutes = config
    first, second = ages
    is_first_fresh, is_second_fresh = 0 <= first < minutes, 0 <= second < minutes
    if level == "first_factor" or second == -1:
        return is_first_fresh
    if level == "second_factor":
        return is_second_fresh
    return is_first_fresh and is_second_fresh


def _config(reverification: object) -> tuple[str, float] | None:
    if isinstance(reverification, str):
        reverification = PRESETS.get(reverification)
    if not isinstance(reverification, Mapping):
        return None
    level, minutes = reverification.get("level"), reverification.get("after_minutes")
    if level not in ("first_factor", "second_factor", "multi_factor"):
        return None
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not minutes > 0:
        return None
    return level, minutes


__all__ = ["ABSENT", "PRESETS", "Absent", "session_has"]

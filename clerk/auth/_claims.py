"""Checks of a token's claims."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from .._errors import TokenVerificationError
from ._types import Claims


class Demands(NamedTuple):
    """The requirements for a token; an empty collection requires nothing.

    Attributes:
        authorized_parties: The origins that it may have been issued for.
        audience: The accepted audiences, of which it must name one.
        issuer: The accepted issuers.
        skew: By how many milliseconds clocks may differ.
    """

    authorized_parties: Collection[str] = ()
    audience: Collection[str] = ()
    issuer: Collection[str] = ()
    skew: float = 5000.0


_CLOCK = "check this server's clock, or raise clock_skew"


def check_claims(claims: Claims, demands: Demands, now: float) -> None:
    """Check the claims of a token.

    Args:
        claims: The claims.
        demands: The requirements that they must meet.
        now: The time in milliseconds.

    Raises:
        TokenVerificationError: They don't meet them.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise _failed("the claim sub must be a string")
    if demands.audience and not _meets(claims.get("aud"), demands.audience):
        raise _failed("the claim aud names none of the accepted audiences")
    if demands.authorized_parties and not _is_in(claims.get("azp"), demands.authorized_parties):
        raise TokenVerificationError(
            "the token was issued for none of the authorized parties",
            reason="token-invalid-authorized-parties",
            action="add the origin of your frontend to authorized_parties if it is missing",
        )
    if demands.issuer and not _is_in(claims.get("iss"), demands.issuer):
        raise TokenVerificationError("the claim iss is none of the accepted issuers", reason="token-invalid-issuer")
    check_times(claims, demands.skew, now)


def check_times(claims: Claims, skew: float, now: float) -> None:
    """Check that a token is valid at this time.

    Args:
        claims: Its claims.
        skew: By how many milliseconds clocks may differ.
        now: The time in milliseconds.

    Raises:
        TokenVerificationError: It has expired, or is not valid yet.
    """
    if _milliseconds(claims, "exp") <= now - skew:
        raise TokenVerificationError("the token has expired", reason="token-expired")
    if "nbf" in claims and _milliseconds(claims, "nbf") > now + skew:
        raise TokenVerificationError("the token is not active yet", reason="token-not-active-yet", action=_CLOCK)
    if "iat" in claims and _milliseconds(claims, "iat") > now + skew:
        raise TokenVerificationError(
            "the token was issued in the future", reason="token-iat-in-the-future", action=_CLOCK
        )


def _milliseconds(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if type(value) is not int and not (type(value) is float and math.isfinite(value)):
        raise _failed(f"the claim {name} must be a number")
    return value * 1000


def _meets(claimed: object, audience: Collection[str]) -> bool:
    # A session token rarely names an audience; empty values count as none.
    if claimed is None or claimed in ("", []):
        return True
    if isinstance(claimed, str):
        return claimed in audience
    if isinstance(claimed, list) and all(isinstance(name, str) for name in claimed):
        return not any(claimed) or any(name in audience for name in claimed)
    return False


def _is_in(claimed: object, names: Collection[str]) -> bool:
    return isinstance(claimed, str) and claimed != "" and claimed in names


def _failed(message: str) -> TokenVerificationError:
    return TokenVerificationError(
        message, reason="token-verification-failed", action="check that Clerk issued this token for your instance"
    )


__all__ = ["Demands", "check_claims", "check_times"]

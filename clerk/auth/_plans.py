"""Turns a client and a caller's arguments into a plan that finds out who is calling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._checks import check_boolean
from .._errors import TokenVerificationError
from ._authenticate import accepted, authenticate
from ._check import AnyState, Check
from ._jwt import Token, decode
from ._key_ring import KeyRing, shared_ring
from ._options import checked_jwt_key, demands_of
from ._publishable_key import instance_of
from ._request import incoming
from ._verify import Verifier

if TYPE_CHECKING:
    from .._base import ClientState
    from ._claims import Demands
    from ._steps import Outcome, Plan
    from ._types import AnyRequest, Claims


def verification(
    state: ClientState[Any],  # Any: a pool of either kind
    token: str,
    *,
    authorized_parties: object,
    audience: object,
    issuer: object,
    clock_skew: object,
    jwt_key: object,
) -> Outcome[Claims]:
    """Verify a token, or return a plan if that takes a request to the service.

    Returns:
        The claims, or the error for the caller to raise: if it were raised here, its traceback would have the token
        among its local variables. Or a plan that ends with either.

    Raises:
        ClerkConfigurationError: An option is invalid.
    """
    demands, key, verifier = demands_of(authorized_parties, audience, issuer, clock_skew), None, verifier_of(state)
    if jwt_key is not None:
        key = checked_jwt_key(jwt_key)
    try:
        decoded = decode(token)
        claims = verifier.verify_at_once(decoded, demands, key)
    except TokenVerificationError as error:
        return error.with_traceback(None)
    return _verified(verifier, decoded, demands, key) if claims is None else claims


def _verified(
    verifier: Verifier, token: Token, demands: Demands, jwt_key: str | None
) -> Plan[Claims | TokenVerificationError]:
    try:
        return (yield from verifier.verify_session_token(token, demands, jwt_key))
    except TokenVerificationError as error:
        return error.with_traceback(None)


def authentication(
    state: ClientState[Any],  # Any: a pool of either kind
    request: AnyRequest,
    *,
    accepts_token: object,
    authorized_parties: object,
    audience: object,
    issuer: object,
    clock_skew: object,
    jwt_key: object,
    treat_pending_as_signed_out: object,
) -> Outcome[AnyState]:
    """Check a request, or return a plan if that takes a request to the service; errors are returned, as above.

    Raises:
        ClerkConfigurationError: An option is invalid.
        TypeError: `request` is not a request.
    """
    options = state.options
    check = Check(
        incoming(request),
        verifier_of(state),
        None if options.publishable_key is None else instance_of(options.publishable_key),
        options,
        demands_of(authorized_parties, audience, issuer, clock_skew),
        checked_jwt_key(jwt_key),
        check_boolean("treat_pending_as_signed_out", treat_pending_as_signed_out),
    )
    return authenticate(check, accepted(accepts_token))


def verifier_of(state: ClientState[Any]) -> Verifier:  # Any: a pool of either kind
    """Return the verifier that checks tokens with a client's keys."""
    verifier = state.verifier
    if verifier is None:
        options = state.options
        ring = state.key_ring = state.key_ring or _ring_for(state)
        verifier = Verifier(options.jwt_key, ring.clock)
        if (secret := options.secret_key) is not None:
            verifier.cache = ring.cache(verifier, options.root_url, options.version_header, secret.reveal())
        state.verifier = verifier
    return verifier


def _ring_for(state: ClientState[Any]) -> KeyRing:  # Any: a pool of either kind
    if state.make_key_ring is not None:
        return state.make_key_ring()
    # Behind a transport of the caller's own, another service may answer under the same URL.
    return KeyRing() if state.options.http.has_own_transport else shared_ring


__all__ = ["authentication", "verification", "verifier_of"]

"""Machine tokens: API keys, M2M tokens and OAuth access tokens, either opaque or JWTs."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from clerk_generated.client import Request

from .._errors import ClerkAPIResponseError, ClerkConnectionError, TokenVerificationError
from .._json import loads
from ._auth import APIKeyAuth, M2MAuth, MachineAuth, OAuthAuth
from ._check import AnyState, Check, refused
from ._claims import check_claims
from ._classes import MACHINE_CATEGORIES, OAUTH_TYPES, PLAIN_TYPES, is_opaque
from ._jwt import Token, decode
from ._permissions import text
from ._state import RequestState
from ._types import Claims, TokenType

if TYPE_CHECKING:
    from ._steps import Plan

_OBJECTS = {
    "m2m_token": "machine_to_machine_token",
    "oauth_token": "clerk_idp_oauth_access_token",
    "api_key": "api_key",
}
_OWN_CLAIMS = frozenset(("iss", "sub", "exp", "nbf", "iat", "jti"))


def authenticate_machine(check: Check, kind: TokenType, token: str) -> Plan[AnyState | TokenVerificationError]:
    """Check a machine token.

    Args:
        check: The check.
        kind: The kind of token.
        token: The token.
    """
    try:
        if is_opaque(token):
            auth = yield from _verify_opaque(check, kind, token)
        else:
            auth = yield from _verify_jwt(check, kind, decode(token))
    except TokenVerificationError as error:
        return refused(kind, error)
    return RequestState(status="signed-in", auth=auth, token_type=kind)


def _verify_jwt(check: Check, kind: TokenType, token: Token) -> Plan[MachineAuth]:
    is_m2m = kind == "m2m_token"
    if is_m2m and token.header.cat not in MACHINE_CATEGORIES:
        raise TokenVerificationError("this is not a machine token", reason="token-invalid")
    # The audience of an access token is checked separately; the other requirements are for sessions only.
    demands = check.demands._replace(authorized_parties=(), issuer=())
    try:
        yield from check.verifier.check_signature(token, check.jwt_key, PLAIN_TYPES if is_m2m else OAUTH_TYPES)
        check_claims(token.claims, demands if is_m2m else demands._replace(audience=()), check.verifier.now())
    except TokenVerificationError as error:
        raise _failed(error.args[0]) from error.__cause__
    if is_m2m:
        return _m2m_of_claims(token.claims)
    _check_audience(token.claims.get("aud"), check.demands.audience)
    return _oauth_of_claims(token.claims)


def _m2m_of_claims(claims: Claims) -> M2MAuth:
    scopes = claims.get("scopes")
    return M2MAuth(
        id=text(claims.get("jti")) or "",
        subject=claims["sub"],
        machine_id=claims["sub"],
        scopes=scopes.split() if isinstance(scopes, str) else _audience(claims.get("aud")) or [],
        claims={name: value for name, value in claims.items() if name not in _OWN_CLAIMS} or None,
    )


def _oauth_of_claims(claims: Claims) -> OAuthAuth:
    scopes, scope, audience = claims.get("scp"), claims.get("scope"), claims.get("aud")
    return OAuthAuth(
        id=text(claims.get("jti")) or "",
        subject=claims["sub"],
        user_id=claims["sub"],
        client_id=text(claims.get("client_id")) or "",
        scopes=_texts(scopes) if isinstance(scopes, list) else scope.split() if isinstance(scope, str) else [],
        aud=_audience(audience),
        act=_actor(claims.get("act")),
    )


def _verify_opaque(check: Check, kind: TokenType, token: str) -> Plan[MachineAuth]:
    try:
        response = yield _request(kind, token)
        content = loads(response.content)
    except ClerkAPIResponseError as error:
        raise _error_of_answer(error) from error
    except ClerkConnectionError as error:
        raise _unexpected(str(error)) from error
    except (ValueError, RecursionError):
        raise _unexpected("the service's response is not JSON") from None
    if not isinstance(content, dict):
        raise _unexpected("the service's response does not match its document")
    if content.get("active") is False or content.get("revoked") is True or content.get("expired") is True:
        raise TokenVerificationError("the token is revoked or has expired", reason="token-invalid")
    if content.get("object") != _OBJECTS[kind] or not text(content.get("id")) or not text(content.get("subject")):
        raise _unexpected("the service's response does not match its document")
    if kind == "oauth_token":
        _check_audience(content.get("aud"), check.demands.audience)
    return _auth_of_answer(kind, content)


def _request(kind: TokenType, token: str) -> Request:
    if kind == "m2m_token":
        return Request(
            "verifyM2MToken",
            "POST",
            "/m2m_tokens/verify",
            json={"token": token},
            credential="machine_secret_key",
        )
    if kind == "oauth_token":
        return Request(
            "verifyOAuthAccessToken",
            "POST",
            "/oauth_applications/access_tokens/verify",
            json={"access_token": token},
        )
    return Request("verifyApiKey", "POST", "/api_keys/verify", json={"secret": token})


def _auth_of_answer(kind: TokenType, content: dict[str, Any]) -> MachineAuth:
    identity, subject, scopes = content["id"], content["subject"], _texts(content.get("scopes"))
    claims = content.get("claims")
    claims = claims if isinstance(claims, dict) else None
    if kind == "m2m_token":
        return M2MAuth(id=identity, subject=subject, machine_id=subject, scopes=scopes, claims=claims)
    if kind == "oauth_token":
        return OAuthAuth(
            id=identity,
            subject=subject,
            user_id=subject,
            client_id=text(content.get("client_id")),
            scopes=scopes,
            aud=_audience(content.get("aud")),
            act=_actor(content.get("act")),
        )
    return APIKeyAuth(
        id=identity,
        subject=subject,
        user_id=subject if subject.startswith("user_") else None,
        org_id=subject if subject.startswith("org_") else None,
        name=text(content.get("name")),
        scopes=scopes,
        claims=claims,
    )


def _check_audience(claimed: object, audience: Collection[str]) -> None:
    if not audience:
        return
    names = [claimed] if isinstance(claimed, str) else claimed
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise _failed("the token names no audience")
    if not any(name in audience for name in names):
        raise _failed("the token names none of the accepted audiences")


def _audience(claimed: object) -> list[str] | None:
    return None if claimed is None else [claimed] if isinstance(claimed, str) else _texts(claimed)


def _actor(value: object, levels: int = 1) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not isinstance(value.get("sub"), str):
        return None
    actor = {"iss": value["iss"]} if isinstance(value.get("iss"), str) else {}
    actor["sub"] = value["sub"]
    nested = _actor(value.get("act"), levels - 1) if levels else None
    return {**actor, "act": nested} if nested else actor


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _error_of_answer(error: ClerkAPIResponseError) -> TokenVerificationError:
    if error.status_code == 401:
        return TokenVerificationError(
            "the service does not know the secret key",
            reason="secret-key-invalid",
            action="set CLERK_SECRET_KEY to a current key of the instance",
        )
    if error.status_code == 404:
        return TokenVerificationError("the service does not know the token", reason="token-invalid")
    return _unexpected(f"the service answered {error.status_code}")


def _unexpected(message: str) -> TokenVerificationError:
    return TokenVerificationError(
        f"the token could not be checked: {message}", reason="unexpected-error", action="try again"
    )


def _failed(message: str) -> TokenVerificationError:
    return TokenVerificationError(message, reason="token-verification-failed")


__all__ = ["authenticate_machine"]

"""M2M tokens."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import hexadecimal, secret
from ..._store.state import ISSUER, State
from ..._store.tables import Record
from ..sessions.jwt import MACHINE_TOKEN, Signing, read, sign, times
from .machines import machine_with_key, scope_of


@answers("createM2MToken")
def create_token(request: CheckedRequest) -> JSON:
    """POST /m2m_tokens, with the secret key of the machine that the token belongs to."""
    state, body = request.state, request.body
    machine = machine_with_key(state, request.key)
    if machine is None:
        raise refusal(
            "bad_request",
            "A token belongs to the machine whose secret key authorizes the request: send that machine's key.",
        )
    least = body.get("min_remaining_ttl_seconds")
    as_jwt = body.get("token_format") == "jwt"
    if least is not None and not as_jwt and (kept := _reusable(state, machine, body.get("claims"), least)):
        return {**_show(state, kept), "token": kept["_token"]}
    token = _new_token(state, machine, body)
    if as_jwt:
        return {**_show(state, token), "token": _signed(state, token)}
    state.m2m_tokens.add(token)
    return {**_show(state, token), "token": token["_token"]}


@answers("getM2MTokens")
def list_tokens(request: CheckedRequest) -> JSON:
    """GET /m2m_tokens: without revoked and expired ones, unless they are asked for."""
    state, query = request.state, request.query
    machine = machine_with_key(state, request.key)
    if machine is not None and machine["id"] != query["subject"]:
        raise refusal("authorization_invalid", "A machine may only list its own tokens.")
    if query["subject"] not in state.machines:
        raise not_found("machine", query["subject"])
    fitting = [
        token
        for token in reversed(state.m2m_tokens.find("subject", query["subject"]))
        if (query["revoked"] or not token["revoked"]) and (query["expired"] or not _is_expired(state, token))
    ]
    shown = fitting[query["offset"] : query["offset"] + query["limit"]]
    return {"m2m_tokens": [_show(state, token) for token in shown], "total_count": len(fitting)}


@answers("revokeM2MToken")
def revoke_token(request: CheckedRequest) -> JSON:
    """POST /m2m_tokens/{m2m_token_id}/revoke: tokens that are JWTs cannot be revoked."""
    state, identifier = request.state, request.path["m2m_token_id"]
    token = state.m2m_tokens.get(identifier)
    machine = machine_with_key(state, request.key)
    if token is None or (machine is not None and machine["id"] != token["subject"]):
        raise not_found("M2M token", identifier)
    reason = request.body.get("revocation_reason")
    return _show(state, state.change(state.m2m_tokens, token, revoked=True, revocation_reason=reason))


@answers("verifyM2MToken")
def verify_token(request: CheckedRequest) -> JSON:
    """POST /m2m_tokens/verify, by the instance, or by a machine that the token is meant for."""
    state, text = request.state, request.body["token"]
    token = _of_jwt(state, text) if text.count(".") == 2 else next(iter(state.m2m_tokens.find("_token", text)), None)
    if token is None or token["revoked"] or _is_expired(state, token) or not _may_see(state, request.key, token):
        raise refusal("resource_not_found", "There is no such token, or it is no longer valid, or not meant for you.")
    if token["id"] in state.m2m_tokens:
        state.m2m_tokens.change(token["id"], last_used_at=state.now())
    return _show(state, token)


def _new_token(state: State, machine: Record, body: Record) -> Record:
    seconds = body.get("seconds_until_expiration")
    lifetime = machine["default_token_ttl"] if seconds is None else seconds
    token = state.stamped(
        "mt",
        object="machine_to_machine_token",
        subject=machine["id"],
        claims=body.get("claims"),
        scopes=scope_of(state, machine["id"]),
        revoked=False,
        revocation_reason=None,
        expiration=checks.expiration(state.now(), lifetime),
        last_used_at=None,
        _token=secret("mt_"),
    )
    return {**token, "id": hexadecimal("mt")}


def _reusable(state: State, machine: Record, claims: JSON, least: int) -> Record | None:
    until = state.now() + least * 1000
    for token in reversed(state.m2m_tokens.find("subject", machine["id"])):
        if not token["revoked"] and token["claims"] == claims and token["expiration"] > until:
            return token
    return None


def _signed(state: State, token: Record) -> str:
    extra = token["claims"] if isinstance(token["claims"], dict) else {}
    claims = {
        **extra,
        **times(state, max(1, (token["expiration"] - state.now()) // 1000)),
        "iss": ISSUER,
        "jti": token["id"],
        "scopes": " ".join(token["scopes"]),
        "sub": token["subject"],
    }
    return sign(state, claims, Signing(MACHINE_TOKEN))


def _of_jwt(state: State, text: str) -> Record | None:
    claims = read(state, text)
    if claims is None or not str(claims.get("jti", "")).startswith("mt_"):
        return None
    known = ("iat", "nbf", "exp", "iss", "jti", "scopes", "sub")
    return {
        "object": "machine_to_machine_token",
        "id": claims["jti"],
        "subject": claims["sub"],
        "claims": {name: value for name, value in claims.items() if name not in known} or None,
        "scopes": claims["scopes"].split(),
        "revoked": False,
        "revocation_reason": None,
        "expiration": claims["exp"] * 1000,
        "last_used_at": None,
        "created_at": claims["iat"] * 1000,
        "updated_at": claims["iat"] * 1000,
    }


def _may_see(state: State, key: str, token: Record) -> bool:
    machine = machine_with_key(state, key)
    return machine is None or machine["id"] == token["subject"] or machine["id"] in token["scopes"]


def _is_expired(state: State, token: Record) -> bool:
    expired: bool = token["expiration"] <= state.now()
    return expired


def _show(state: State, token: Record) -> JSON:
    shown = {name: value for name, value in token.items() if name[0] != "_"}
    return {**shown, "expired": _is_expired(state, token)}

"""Sign-in tokens, actor tokens and testing tokens."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling.checks import invalid
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.tables import Record, Table
from ..access.restrictions import shown
from ..users.records import find_user

_SIGN_IN_SECONDS = 2_592_000
_ACTOR_SECONDS = 3600
_TESTING_SECONDS = 3600


@answers("CreateSignInToken")
def create_sign_in_token(request: CheckedRequest) -> JSON:
    """POST /sign_in_tokens."""
    organization = request.body.get("org_id")
    if organization is not None and organization not in request.state.organizations:
        raise not_found("organization", organization)
    seconds = request.body.get("expires_in_seconds") or _SIGN_IN_SECONDS
    return _create(request, request.state.sign_in_tokens, "sit", "sign_in_token", seconds)


@answers("RevokeSignInToken")
def revoke_sign_in_token(request: CheckedRequest) -> JSON:
    """POST /sign_in_tokens/{sign_in_token_id}/revoke."""
    table = request.state.sign_in_tokens
    return _revoke(request, table, request.path["sign_in_token_id"], "sign_in_token_cannot_be_revoked_code")


@answers("CreateActorToken")
def create_actor_token(request: CheckedRequest) -> JSON:
    """POST /actor_tokens."""
    for name in ("expires_in_seconds", "session_max_duration_in_seconds"):
        if request.body.get(name, 1) < 1:
            raise invalid(name, f"{name} must be at least one second.")
    seconds = request.body.get("expires_in_seconds", _ACTOR_SECONDS)
    return _create(request, request.state.actor_tokens, "act", "actor_token", seconds, actor=request.body["actor"])


@answers("RevokeActorToken")
def revoke_actor_token(request: CheckedRequest) -> JSON:
    """POST /actor_tokens/{actor_token_id}/revoke."""
    table = request.state.actor_tokens
    return _revoke(request, table, request.path["actor_token_id"], "actor_token_cannot_be_revoked_code")


@answers("CreateTestingToken")
def create_testing_token(request: CheckedRequest) -> JSON:
    """POST /testing_tokens: `expires_at` is in seconds."""
    now = request.state.now() // 1000
    return {"object": "testing_token", "token": secret(f"{now}-"), "expires_at": now + _TESTING_SECONDS}


def _create(request: CheckedRequest, table: Table, prefix: str, kind: str, seconds: int, **fields: JSON) -> JSON:
    user = find_user(request.state, request.body["user_id"])
    token = secret("")
    record = request.state.stamped(
        prefix,
        object=kind,
        user_id=user["id"],
        status="pending",
        token=token,
        url=f"{request.api_url}/v1/tickets/accept?ticket={token}",
        _expires_at=request.state.now() + seconds * 1000,
        **fields,
    )
    return shown(table.add(record))


def _revoke(request: CheckedRequest, table: Table, identifier: str, code: str) -> JSON:
    record: Record | None = table.get(identifier)
    if record is None:
        raise not_found("token", identifier)
    if record["status"] != "pending":
        raise refusal(code, "Only a pending token can be revoked.")
    return shown(request.state.change(table, record, status="revoked"))

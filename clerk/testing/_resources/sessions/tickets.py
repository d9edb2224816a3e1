"""Sign-in tokens, actor tokens and testing tokens."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling.call import Call, answers
from ..._handling.checks import invalid
from ..._store.ids import secret
from ..._store.tables import Record, Table
from ..access.lists import shown
from ..users.records import find_user

_SIGN_IN_SECONDS = 2_592_000
_ACTOR_SECONDS = 3600
_TESTING_SECONDS = 3600


@answers("CreateSignInToken")
def create_sign_in_token(call: Call) -> JSON:
    """POST /sign_in_tokens."""
    organization = call.body.get("org_id")
    if organization is not None and organization not in call.state.organizations:
        raise not_found("organization", organization)
    seconds = call.body.get("expires_in_seconds") or _SIGN_IN_SECONDS
    return _create(call, call.state.sign_in_tokens, "sit", "sign_in_token", seconds)


@answers("RevokeSignInToken")
def revoke_sign_in_token(call: Call) -> JSON:
    """POST /sign_in_tokens/{sign_in_token_id}/revoke."""
    table = call.state.sign_in_tokens
    return _revoke(call, table, call.path["sign_in_token_id"], "sign_in_token_cannot_be_revoked_code")


@answers("CreateActorToken")
def create_actor_token(call: Call) -> JSON:
    """POST /actor_tokens."""
    for name in ("expires_in_seconds", "session_max_duration_in_seconds"):
        if call.body.get(name, 1) < 1:
            raise invalid(name, f"{name} has to be a second at least.")
    seconds = call.body.get("expires_in_seconds", _ACTOR_SECONDS)
    return _create(call, call.state.actor_tokens, "act", "actor_token", seconds, actor=call.body["actor"])


@answers("RevokeActorToken")
def revoke_actor_token(call: Call) -> JSON:
    """POST /actor_tokens/{actor_token_id}/revoke."""
    table = call.state.actor_tokens
    return _revoke(call, table, call.path["actor_token_id"], "actor_token_cannot_be_revoked_code")


@answers("CreateTestingToken")
def create_testing_token(call: Call) -> JSON:
    """POST /testing_tokens: its time of expiry is in seconds."""
    now = call.state.now() // 1000
    return {"object": "testing_token", "token": secret(f"{now}-"), "expires_at": now + _TESTING_SECONDS}


def _create(call: Call, table: Table, prefix: str, kind: str, seconds: int, **fields: JSON) -> JSON:
    user = find_user(call.state, call.body["user_id"])
    token = secret("")
    record = call.state.stamped(
        prefix,
        object=kind,
        user_id=user["id"],
        status="pending",
        token=token,
        url=f"{call.api_url}/v1/tickets/accept?ticket={token}",
        _expires_at=call.state.now() + seconds * 1000,
        **fields,
    )
    return shown(table.add(record))


def _revoke(call: Call, table: Table, identifier: str, code: str) -> JSON:
    record: Record | None = table.get(identifier)
    if record is None:
        raise not_found("token", identifier)
    if record["status"] != "pending":
        raise refusal(code, "Only a pending token can be revoked.")
    return shown(call.state.change(table, record, status="revoked"))

"""API keys of users, organizations and machines."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import hexadecimal, secret
from ..._store.state import State
from ..._store.tables import Record


@answers("createApiKey")
def create_key(request: CheckedRequest) -> JSON:
    """POST /api_keys."""
    state, body = request.state, request.body
    _check_subject(state, body["subject"])
    key = state.stamped(
        "ak",
        object="api_key",
        type=body.get("type", "api_key"),
        name=body["name"],
        description=body.get("description"),
        subject=body["subject"],
        claims=body.get("claims"),
        scopes=body.get("scopes", []),
        created_by=body.get("created_by"),
        revoked=False,
        revocation_reason=None,
        expiration=checks.expiration(state.now(), body.get("seconds_until_expiration")),
        last_used_at=None,
        _secret=secret("ak_"),
    )
    key["id"] = hexadecimal("ak")
    state.api_keys.add(key)
    return {**_show(state, key), "secret": key["_secret"]}


@answers("getApiKeys")
def list_keys(request: CheckedRequest) -> JSON:
    """GET /api_keys: only valid ones, unless all are asked for."""
    state, query = request.state, request.query
    fitting = [
        key
        for key in reversed(state.api_keys.find("subject", query["subject"]))
        if key["type"] == query["type"]
        and (query["include_invalid"] or _is_good(state, key))
        and matches(query.get("query"), key, "name", "description")
    ]
    shown = fitting[query["offset"] : query["offset"] + query["limit"]]
    return {"data": [_show(state, key) for key in shown], "total_count": len(fitting)}


@answers("getApiKey")
def get_key(request: CheckedRequest) -> JSON:
    """GET /api_keys/{apiKeyID}."""
    return _show(request.state, _key(request))


@answers("updateApiKey")
def update_key(request: CheckedRequest) -> JSON:
    """PATCH /api_keys/{apiKeyID}."""
    state, body, key = request.state, request.body, _key(request)
    changes = {name: body[name] for name in ("claims", "scopes", "description", "subject") if name in body}
    if "subject" in changes:
        _check_subject(state, changes["subject"])
    if "seconds_until_expiration" in body:
        changes["expiration"] = checks.expiration(state.now(), body["seconds_until_expiration"])
    return _show(state, state.change(state.api_keys, key, **changes))


@answers("deleteApiKey")
def delete_key(request: CheckedRequest) -> JSON:
    """DELETE /api_keys/{apiKeyID}."""
    key = request.state.api_keys.remove(_key(request)["id"])
    return {"object": "api_key", "id": key["id"], "deleted": True}


@answers("getApiKeySecret")
def get_secret(request: CheckedRequest) -> JSON:
    """GET /api_keys/{apiKeyID}/secret."""
    return {"secret": _key(request)["_secret"]}


@answers("revokeApiKey")
def revoke_key(request: CheckedRequest) -> JSON:
    """POST /api_keys/{apiKeyID}/revoke."""
    key = _key(request)
    reason = request.body.get("revocation_reason")
    return _show(
        request.state, request.state.change(request.state.api_keys, key, revoked=True, revocation_reason=reason)
    )


@answers("verifyApiKey")
def verify_key(request: CheckedRequest) -> JSON:
    """POST /api_keys/verify: revoked and expired keys are not found."""
    state = request.state
    key = next(iter(state.api_keys.find("_secret", request.body["secret"])), None)
    if key is None or not _is_good(state, key):
        raise refusal("resource_not_found", "There is no API key with this secret, or it is no longer valid.")
    return _show(state, state.api_keys.change(key["id"], last_used_at=state.now()))


def _is_good(state: State, key: Record) -> bool:
    return not key["revoked"] and not _is_expired(state, key)


def _is_expired(state: State, key: Record) -> bool:
    return key["expiration"] is not None and key["expiration"] <= state.now()


def _show(state: State, key: Record) -> JSON:
    shown = {name: value for name, value in key.items() if name[0] != "_"}
    return {**shown, "expired": _is_expired(state, key)}


def _key(request: CheckedRequest) -> Record:
    identifier = request.path["apiKeyID"].replace("api_key_", "ak_")
    key = request.state.api_keys.get(identifier)
    if key is None:
        raise not_found("API key", identifier)
    return key


def _check_subject(state: State, subject: str) -> None:
    tables = {"user": state.users, "org": state.organizations, "mch": state.machines}
    table = tables.get(subject.partition("_")[0])
    if table is not None and subject not in table:
        raise checks.invalid("subject", f"There is no user, organization or machine with the id {subject!r}.")

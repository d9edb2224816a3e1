"""Sessions and clients, and the tokens of sessions."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling.listing import bare_page
from ..._handling.request import CheckedRequest, answers
from ..._store.state import DAY, State
from ..._store.tables import Record
from ..users.records import find_user
from .cookies import directives
from .jwt import key_set, read
from .tokens import session_token, template_token

_LIFETIME = 7 * DAY
_ABANDONED_AFTER = 30 * DAY


@answers("createSession")
def create_session(request: CheckedRequest) -> JSON:
    """POST /sessions."""
    body = request.body
    session = begin_session(request.state, body["user_id"], body.get("active_organization_id"))
    return show_session(request.state, session)


def begin_session(state: State, user_id: str, organization: str | None) -> Record:
    """Start a session for a user.

    Args:
        state: The state.
        user_id: The user's id.
        organization: The id of the active organization, or None.

    Raises:
        RefusalError: The user does not exist, or may not have the session.
    """
    user = find_user(state, user_id)
    if user.get("banned"):
        raise refusal("authorization_invalid", "The user is banned and cannot have a session.")
    if organization is not None and not state.memberships.find("_pair", (organization, user["id"])):
        raise not_found("organization of this user", organization)
    now = state.now()
    client = state.clients.add(state.stamped("client"))
    session = state.stamped(
        "sess",
        object="session",
        client_id=client["id"],
        user_id=user["id"],
        status="active",
        last_active_at=now,
        expire_at=now + _LIFETIME,
        abandon_at=now + _ABANDONED_AFTER,
        last_active_organization_id=organization,
        actor=None,
    )
    state.sessions.add(session)
    state.change(state.users, user, last_sign_in_at=now, last_active_at=now)
    return session


@answers("GetSessionList")
def list_sessions(request: CheckedRequest) -> JSON:
    """GET /sessions."""
    state, query = request.state, request.query
    if "user_id" in query:
        sessions = state.sessions.find("user_id", query["user_id"])[::-1]
    elif "client_id" in query:
        sessions = state.sessions.find("client_id", query["client_id"])[::-1]
    else:
        sessions = state.sessions.newest()
    fitting = [
        session
        for session in sessions
        if query.get("client_id") in (None, session["client_id"])
        and query.get("status") in (None, status_of(state, session))
    ]
    return bare_page(request, fitting, lambda session: show_session(state, session))


@answers("GetSession")
def get_session(request: CheckedRequest) -> JSON:
    """GET /sessions/{session_id}."""
    return show_session(request.state, _session(request))


@answers("RevokeSession")
def revoke_session(request: CheckedRequest) -> JSON:
    """POST /sessions/{session_id}/revoke."""
    session = _session(request)
    if status_of(request.state, session) == "active":
        request.state.change(request.state.sessions, session, status="revoked")
    return show_session(request.state, session)


@answers("CreateSessionToken")
def create_token(request: CheckedRequest) -> JSON:
    """POST /sessions/{session_id}/tokens."""
    session = _active_session(request)
    return {"object": "token", "jwt": session_token(request.state, session, request.body.get("expires_in_seconds"))}


@answers("CreateSessionTokenFromTemplate")
def create_template_token(request: CheckedRequest) -> JSON:
    """POST /sessions/{session_id}/tokens/{template_name}."""
    session, name = _active_session(request), request.path["template_name"]
    template = next(iter(request.state.jwt_templates.find("name", name)), None)
    if template is None:
        raise refusal("resource_not_found", f"There is no JWT template with the name {name!r}.")
    return {
        "object": "token",
        "jwt": template_token(request.state, session, template, request.body.get("expires_in_seconds")),
    }


@answers("RefreshSession")
def refresh_session(request: CheckedRequest) -> JSON:
    """POST /sessions/{session_id}/refresh."""
    session = request.state.sessions.get(request.path["session_id"])
    claims = read(request.state, request.body["expired_token"], expired=True)
    if session is None or claims is None or claims.get("sid") != session["id"] or not request.body["refresh_token"]:
        raise refusal("authentication_invalid", "This is not a token of the session, or the refresh token is empty.")
    if status_of(request.state, session) != "active":
        raise refusal("authentication_invalid", "The session has ended.")
    token = session_token(request.state, session)
    if request.body.get("format") == "cookie":
        return {"object": "cookies", "cookies": directives(request.state, token)}
    return {"object": "token", "jwt": token}


@answers("VerifySession")
def verify_session(request: CheckedRequest) -> JSON:
    """POST /sessions/{session_id}/verify."""
    session = _active_session(request)
    claims = read(request.state, request.body["token"])
    if claims is None or claims.get("sid") != session["id"]:
        raise refusal("authentication_invalid", "This is not a token of the session, or it has expired.")
    return show_session(request.state, session)


@answers("GetClientList")
def list_clients(request: CheckedRequest) -> JSON:
    """GET /clients."""
    return bare_page(request, request.state.clients.newest(), lambda client: _show_client(request.state, client))


@answers("GetClient")
def get_client(request: CheckedRequest) -> JSON:
    """GET /clients/{client_id}."""
    client = request.state.clients.get(request.path["client_id"])
    if client is None:
        raise not_found("client", request.path["client_id"])
    return _show_client(request.state, client)


@answers("VerifyClient")
def verify_client(request: CheckedRequest) -> JSON:
    """POST /clients/verify: the token is one of the client's sessions."""
    claims = read(request.state, request.body["token"])
    session = None if claims is None else request.state.sessions.get(claims.get("sid"))
    client = None if session is None else request.state.clients.get(session["client_id"])
    if client is None:
        raise refusal("authentication_invalid", "This is not a session token, or it has expired.")
    return _show_client(request.state, client)


@answers("GetJWKS")
def get_jwks(request: CheckedRequest) -> JSON:
    """GET /jwks."""
    return key_set(request.state)


def status_of(state: State, session: Record) -> str:
    """Return the current status of a session."""
    status: str = session["status"]
    return "expired" if status == "active" and session["expire_at"] <= state.now() else status


def show_session(state: State, session: Record) -> JSON:
    """Return a session as the API shows it."""
    shown = {name: value for name, value in session.items() if name[0] != "_"}
    if shown["last_active_organization_id"] is None:
        del shown["last_active_organization_id"]
    return {**shown, "status": status_of(state, session)}


def _show_client(state: State, client: Record) -> JSON:
    sessions = state.sessions.find("client_id", client["id"])
    active = [session["id"] for session in sessions if status_of(state, session) == "active"]
    return {
        "object": "client",
        "id": client["id"],
        "session_ids": [session["id"] for session in sessions],
        "sessions": [show_session(state, session) for session in sessions],
        "sign_in_id": None,
        "sign_up_id": None,
        "last_active_session_id": active[-1] if active else None,
        "last_authentication_strategy": None,
        "created_at": client["created_at"],
        "updated_at": client["updated_at"],
    }


def _session(request: CheckedRequest) -> Record:
    session = request.state.sessions.get(request.path["session_id"])
    if session is None:
        raise not_found("session", request.path["session_id"])
    return session


def _active_session(request: CheckedRequest) -> Record:
    session = _session(request)
    if status_of(request.state, session) != "active":
        raise refusal("authentication_invalid", "The session is no longer active.")
    return session

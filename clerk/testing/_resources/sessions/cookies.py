"""The cookies with which browsers keep sessions, and the handshakes that renew them."""

from __future__ import annotations

from clerk.auth._publishable_key import instance_of

from ..._answers import JSON, refusal
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.state import PUBLISHABLE_KEY, State
from .jwt import SESSION_TOKEN, Signing, sign


def browser_cookies(state: State, token: str) -> dict[str, str]:
    """Return the cookies of a browser with this session token, by their names."""
    return _twice({"__clerk_db_jwt": secret("dvb_", 27), **_session_cookies(state, token)})


def directives(state: State, token: str) -> list[str]:
    """Return the `Set-Cookie` values that give a browser a session."""
    cookies = _twice(_session_cookies(state, token))
    return [f"{name}={value}; Path=/; SameSite=Lax" for name, value in cookies.items()]


def _session_cookies(state: State, token: str) -> dict[str, str]:
    since = str(state.now() // 1000 - 1)
    return {"__session": token, "__client_uat": since, "__refresh": secret("rt_", 27)}


def _twice(cookies: dict[str, str]) -> dict[str, str]:
    suffix = instance_of(PUBLISHABLE_KEY).suffix
    return {**cookies, **{name + suffix: value for name, value in cookies.items()}}


def begin_handshake(state: State, token: str) -> str:
    """Store the cookies of a session, and return the nonce that a server can get them with."""
    nonce = secret("", 27)
    state.handshakes[nonce] = directives(state, token)
    return nonce


def handshake_token(state: State, token: str) -> str:
    """Return a token that contains the cookies of a session, as browsers pass it to servers."""
    return sign(state, {"handshake": directives(state, token)}, Signing(SESSION_TOKEN))


@answers("GetHandshakePayload")
def get_handshake_payload(request: CheckedRequest) -> JSON:
    """GET /clients/handshake_payload: once for each nonce."""
    found = request.state.handshakes.pop(request.query["nonce"], None)
    if found is None:
        raise refusal("resource_not_found", "There is no handshake with this nonce.")
    return {"directives": found}

"""Tokens issued by a local service, for requests to the application under test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from clerk_generated._runtime.lazy import LazyModule

from ._answers import Problem, RefusalError
from ._http.incoming import Incoming
from ._service import Service
from ._store.state import PUBLISHABLE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._resources.machines import oauth
    from ._resources.sessions import cookies, jwt, sessions, tokens
    from ._store.state import State
else:  # not all of its users make tokens
    oauth = LazyModule("clerk.testing._resources.machines.oauth")
    cookies = LazyModule("clerk.testing._resources.sessions.cookies")
    jwt = LazyModule("clerk.testing._resources.sessions.jwt")
    sessions = LazyModule("clerk.testing._resources.sessions.sessions")
    tokens = LazyModule("clerk.testing._resources.sessions.tokens")


class HasId(Protocol):
    """A user, an organization or a machine, as a client returns it."""

    @property
    def id(self) -> str:
        """The id."""
        ...


TokenFormat = Literal["opaque", "jwt"]


class Minting:
    """What a local service provides beside its API: tokens, cookies and key rotation."""

    _service: Service

    @property
    def authorized_party(self) -> str:
        """The origin that session tokens are issued for, `http://localhost:3000` unless it is set."""
        return self._service.core.state.authorized_party

    @authorized_party.setter
    def authorized_party(self, origin: str) -> None:
        self._service.core.state.authorized_party = origin

    @property
    def publishable_key(self) -> str:
        """The publishable key, which is the same for every local Clerk."""
        return PUBLISHABLE_KEY

    @property
    def jwt_key(self) -> str:
        """The public key to check tokens with, in PEM."""
        return jwt.public_key(self._service.core.state)

    @property
    def key_fetches(self) -> int:
        """How many times the keys were fetched, as far as `requests` goes back."""
        return sum(
            request.method == "GET" and request.path.endswith("/jwks") for request in self._service.received.all()
        )

    def rotate_keys(self, *, keep_id: bool = False) -> None:
        """Sign with a new key from now on, and stop publishing the old one.

        A client fetches the keys again for a token signed with the new key, but at most once in 30 seconds: `advance`
        the clock before the next rotation.

        Args:
            keep_id: Whether the new key keeps the id of the old one.
        """
        with self._changes() as state:
            jwt.rotate_key(state, keep_id=keep_id)

    def session_token(
        self,
        user: str | HasId,
        *,
        organization: str | HasId | None = None,
        claims: Mapping[str, Any] | None = None,  # Any: JSON
        issued_at: datetime | float | None = None,
        expires_in: float = 60,
        authorized_party: str | None = None,
    ) -> str:
        """Return the token of a new session, as Clerk's frontend sends it.

        Args:
            user: The user, or their id.
            organization: The active organization, or its id; the user must be a member.
            claims: Claims to add or replace: `{"sts": "pending"}`, `{"fva": [5, -1]}`.
            issued_at: When it was issued, as a datetime or in seconds since the Unix epoch; now by default.
            expires_in: How many seconds it is valid from then.
            authorized_party: The origin that it is issued for; by default that of the service.

        Raises:
            RefusalError: The user does not exist, or is not a member of the organization.
        """
        with self._changes() as state:
            return _session_token(
                state, user, organization, claims, _seconds(state, issued_at), expires_in, authorized_party
            )

    def session_cookies(
        self,
        user: str | HasId,
        *,
        organization: str | HasId | None = None,
        claims: Mapping[str, Any] | None = None,  # Any: JSON
        expires_in: float = 60,
    ) -> dict[str, str]:
        """Return the cookies of a browser in which a user has signed in; takes the arguments of `session_token`."""
        with self._changes() as state:
            now = _seconds(state, None)
            return cookies.browser_cookies(
                state, _session_token(state, user, organization, claims, now, expires_in, None)
            )

    def handshake_nonce(self, user: str | HasId, *, organization: str | HasId | None = None) -> str:
        """Return the nonce that a browser brings back from a handshake in `__clerk_handshake_nonce`; it works once."""
        with self._changes() as state:
            now = _seconds(state, None)
            return cookies.begin_handshake(state, _session_token(state, user, organization, None, now, 60, None))

    def handshake_token(self, user: str | HasId, *, organization: str | HasId | None = None) -> str:
        """Return the token that a browser brings back from an older handshake, in `__clerk_handshake`."""
        with self._changes() as state:
            now = _seconds(state, None)
            return cookies.handshake_token(state, _session_token(state, user, organization, None, now, 60, None))

    def api_key(
        self,
        subject: str | HasId,
        *,
        name: str = "key",
        scopes: list[str] | None = None,
        claims: Mapping[str, Any] | None = None,  # Any: JSON
        expires_in: float | None = None,
    ) -> str:
        """Return a new API key.

        Args:
            subject: The user or organization that it belongs to, or their id.
            name: Its name.
            scopes: Its scopes.
            claims: Further claims.
            expires_in: How many seconds it is valid; None if it never expires.

        Raises:
            RefusalError: The user or organization does not exist.
        """
        body: dict[str, Any] = {"name": name, "subject": _id(subject), "scopes": scopes or []}  # Any: JSON
        if claims is not None:
            body["claims"] = dict(claims)
        if expires_in is not None:
            body["seconds_until_expiration"] = expires_in
        return str(self._post("/api_keys", body, self._service.core.secret_key)["secret"])

    def m2m_token(
        self,
        machine: str | HasId,
        *,
        claims: Mapping[str, Any] | None = None,  # Any: JSON
        expires_in: float | None = None,
        token_format: TokenFormat = "opaque",  # noqa: S107  a form
    ) -> str:
        """Return a new M2M token.

        Args:
            machine: The machine that it belongs to, or its id.
            claims: Further claims.
            expires_in: How many seconds it is valid; by default the machine's setting.
            token_format: `opaque`, or `jwt` for one that is checked without calling the service.

        Raises:
            RefusalError: The machine does not exist.
        """
        found = self._service.core.state.machines.get(_id(machine))
        body: dict[str, Any] = {"token_format": token_format}  # Any: JSON
        if claims is not None:
            body["claims"] = dict(claims)
        if expires_in is not None:
            body["seconds_until_expiration"] = expires_in
        return str(self._post("/m2m_tokens", body, found["_secret"] if found else "ak_of_nobody")["token"])

    def oauth_token(
        self,
        user: str | HasId,
        *,
        application: str | HasId | None = None,
        scopes: list[str] | None = None,
        claims: Mapping[str, Any] | None = None,  # Any: JSON
        expires_in: float = 86_400,
        token_format: TokenFormat = "opaque",  # noqa: S107  a form
    ) -> str:
        """Return an access token for an OAuth application, as if a user had authorized it.

        Args:
            user: The user, or their id.
            application: The application, or its id; a new one by default.
            scopes: The token's scopes; by default all that the application may request.
            claims: Further claims of a `jwt`, such as `aud`.
            expires_in: How many seconds it is valid.
            token_format: `opaque`, or `jwt` for one that is checked without calling the service.

        Raises:
            RefusalError: The user or application does not exist, or the application may not request a scope.
        """
        if application is None:
            new = {"name": "An application", "redirect_uris": ["https://app.example.com/callback"]}
            application = str(self._post("/oauth_applications", new, self._service.core.secret_key)["id"])
        with self._changes() as state:
            token = oauth.issue_token(state, _id(application), _id(user), scopes, int(expires_in * 1000))
            return oauth.access_token_as_jwt(state, token, dict(claims or {})) if token_format == "jwt" else token  # noqa: S105

    @contextmanager
    def _changes(self) -> Iterator[State]:
        core = self._service.core
        with core.lock:
            try:
                yield core.state
            except RefusalError:
                core.state.journal.roll_back()
                raise
            core.state.journal.commit()

    def _post(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:  # Any: JSON
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        incoming = Incoming("POST", f"/v1{path}", "", headers, json.dumps(body).encode(), "http://local-clerk.invalid")
        answer = self._service.core.handle(incoming)
        content: dict[str, Any] = json.loads(answer.body)
        if answer.status >= 400:
            problems = [Problem(error["code"], error["long_message"]) for error in content["errors"]]
            raise RefusalError(problems, answer.status)
        return content


def _session_token(
    state: State,
    user: str | HasId,
    organization: str | HasId | None,
    claims: Mapping[str, Any] | None,
    issued_at: float,
    expires_in: float,
    authorized_party: str | None,
) -> str:
    session = sessions.begin_session(state, _id(user), None if organization is None else _id(organization))
    usual = tokens.session_claims(state, session)
    times = {"iat": _whole(issued_at), "nbf": _whole(issued_at - 10), "exp": _whole(issued_at + expires_in)}
    party = {} if authorized_party is None else {"azp": authorized_party}
    return jwt.sign(state, {**usual, **times, **party, **(claims or {})}, jwt.Signing(jwt.SESSION_TOKEN))


def _id(one: str | HasId) -> str:
    return one if isinstance(one, str) else one.id


def _seconds(state: State, moment: datetime | float | None) -> float:
    if moment is None:
        return state.now() // 1000
    return moment.timestamp() if isinstance(moment, datetime) else moment


def _whole(seconds: float) -> float:
    return int(seconds) if float(seconds).is_integer() else seconds


__all__ = ["HasId", "Minting", "TokenFormat"]

"""Clerk in Flask: an extension, `current_auth`, and decorators.

::

    from flask import Flask

    from clerk.integrations.flask import Clerk, current_auth, signed_in

    app = Flask(__name__)
    Clerk(app, authorized_parties=["https://app.example.com"])


    @app.get("/me")
    @signed_in
    def me():
        return {"user_id": current_auth.user_id}
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, cast

from flask import Flask, Response, current_app, g, has_request_context, jsonify, request
from werkzeug.local import LocalProxy

from .._errors import ClerkConnectionError, InternalServerError, RateLimitError, WebhookVerificationError
from .._webhooks import verify_webhook
from ..auth import PlainRequest
from ._answers import UNAVAILABLE, VARY, Refusal, Requirements, check_requirements, forbid, redirect, refuse

if TYPE_CHECKING:
    from clerk import ClerkClient, events

    from ..auth import AcceptsToken, Auth, AuthenticateRequestOptions, RequestState, SessionAuth

P = ParamSpec("P")
R = TypeVar("R")

_EXTENSION = "clerk"
_STATE = "_clerk_request_state"
# The names in `app.config` of what can be given to the extension as well.
_SETTINGS = {
    "CLERK_AUTHORIZED_PARTIES": "authorized_parties",
    "CLERK_AUDIENCE": "audience",
    "CLERK_ISSUER": "issuer",
    "CLERK_CLOCK_SKEW": "clock_skew",
    "CLERK_JWT_KEY": "jwt_key",
    "CLERK_TREAT_PENDING_AS_SIGNED_OUT": "treat_pending_as_signed_out",
}


class Clerk:
    """The extension.

    It answers 503 where Clerk can't be reached. With `browser=True` it keeps the sessions of browsers up to date as
    well: it renews them by a redirect, and sends their cookies along.

    Args:
        app: The application; else call `init_app` with it.
        client: The client that checks tokens; `clerk_client` by default.
        accepts_token: The kind of token that requests may come with, a list of kinds, or `any`.
        browser: Whether people sign in with cookies.
        **options: The other options of `authenticate_request`. What is not given comes from `app.config`, as in
            `CLERK_AUTHORIZED_PARTIES`.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        client: ClerkClient | None = None,
        accepts_token: AcceptsToken = "session_token",  # noqa: S107  a kind of token
        browser: bool = False,
        **options: Unpack[AuthenticateRequestOptions],
    ) -> None:
        self._client = client
        self._accepts_token: AcceptsToken = accepts_token
        self._browser = browser
        self._options = options
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Set an application up."""
        app.extensions[_EXTENSION] = self
        for error in (ClerkConnectionError, InternalServerError, RateLimitError):
            app.register_error_handler(error, _on_service_fault)
        if self._browser:
            app.before_request(self._renew)
            app.after_request(self._send_headers)

    def state(self) -> RequestState[Auth]:
        """Find out who sends the current request; once for each request."""
        if _STATE not in g:
            from clerk import clerk_client

            configured = {name: current_app.config[key] for key, name in _SETTINGS.items() if key in current_app.config}
            options = cast("AuthenticateRequestOptions", {**configured, **self._options})  # names from the table above
            plain = PlainRequest(method=request.method, url=request.url, headers=request.headers.items())
            client = self._client or clerk_client
            state = client.authenticate_request(plain, accepts_token=self._accepts_token, **options)
            setattr(g, _STATE, state)
        found: RequestState[Auth] = getattr(g, _STATE)
        return found

    def _renew(self) -> Response | None:
        if request.routing_exception is not None:
            return None  # an unknown route stays 404
        refusal = redirect(self.state())
        return _response_of(refusal) if refusal else None

    def _send_headers(self, response: Response) -> Response:
        state: RequestState[Auth] | None = getattr(g, _STATE, None)
        if state is not None and response.status_code != 307:
            for name, value in state.headers:
                response.headers.add(name, value)
            response.vary.update(VARY.split(", "))
        return response


def _current_state() -> RequestState[Auth]:
    if not has_request_context():
        raise RuntimeError("current_auth is known while a request is handled only")
    extension: Clerk | None = current_app.extensions.get(_EXTENSION)
    if extension is None:
        raise RuntimeError("this application has no Clerk: say Clerk(app) where it is made")
    return extension.state()


current_auth: SessionAuth = cast("SessionAuth", LocalProxy(lambda: _current_state().auth))  # as for `request`
"""Who sends the current request; never None. Where other tokens than those of sessions are accepted, it may be of
another class: `Clerk.state` is typed for all of them."""


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Answer 401 to those who are not signed in."""
    return _guarded(view, {})


def require(**required: Unpack[Requirements]) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Answer 401 to those who are not signed in, and 403 to those who lack something.

    Args:
        **required: What they must have, all of it: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        TypeError: Nothing is required.
    """
    check_requirements(required)
    return lambda view: _guarded(view, required)


def _guarded(view: Callable[P, R], required: Requirements) -> Callable[P, R | Response]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        state = _current_state()
        refusal = refuse(state) or (forbid(state.auth, required) if required else None)
        if refusal:
            return _response_of(refusal)
        return cast("R", current_app.ensure_sync(view)(*args, **kwargs))  # of a coroutine function its result

    return guarded


def webhook(
    *, signing_secret: str | None = None, tolerance: float = 300.0
) -> Callable[[Callable[[events.Event], R]], Callable[[], R | Response]]:
    """Call a view with the event of a webhook, and answer 400 to what is none.

    ::

        @app.post("/webhooks")
        @webhook()
        def take(event): ...

    Args:
        signing_secret: The endpoint's signing secret; else `app.config["CLERK_WEBHOOK_SIGNING_SECRET"]`, else that of
            the environment variable of this name.
        tolerance: How many seconds the request's time may differ from the clock here.
    """

    def decorate(view: Callable[[events.Event], R]) -> Callable[[], R | Response]:
        @wraps(view)
        def verified() -> R | Response:
            secret = signing_secret or current_app.config.get("CLERK_WEBHOOK_SIGNING_SECRET")
            try:
                event = verify_webhook(request.get_data(), request.headers, signing_secret=secret, tolerance=tolerance)
            except WebhookVerificationError as error:
                return _response_of(Refusal(status=400, detail=f"This is not a webhook from Clerk: {error.reason}."))
            return cast("R", current_app.ensure_sync(view)(event))  # of a coroutine function its result

        return verified

    return decorate


def _on_service_fault(error: Exception) -> Response:
    seconds = getattr(error, "retry_after", None)
    return _response_of(Refusal(status=503, detail=UNAVAILABLE, headers=[("Retry-After", str(int(seconds or 5)))]))


def _response_of(refusal: Refusal) -> Response:
    response = Response(status=307) if refusal.status == 307 else jsonify(refusal.body or {"detail": refusal.detail})
    response.status_code = refusal.status
    for name, value in refusal.headers:
        response.headers.add(name, value)
    response.vary.update(VARY.split(", "))
    return response


__all__ = ["Clerk", "current_auth", "require", "signed_in", "webhook"]

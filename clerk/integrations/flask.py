"""Clerk in Flask: an extension, `current_auth` and decorators.

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
from typing import Any, TypeVar, Unpack, cast, overload

from flask import Flask, Response, current_app, has_request_context, jsonify, request
from flask import redirect as redirect_to
from werkzeug.local import LocalProxy

from .. import ClerkClient, clerk_client, create_clerk_client, events
from .._errors import WebhookVerificationError
from .._webhooks import verify_webhook
from ..auth import AcceptsToken, Auth, AuthenticateRequestOptions, PlainRequest, RequestState, SessionAuth
from ._answers import (
    SERVICE_FAULTS,
    VARY,
    Refusal,
    Requirements,
    check_requirements,
    check_service,
    forbid,
    not_a_webhook,
    redirect,
    refuse,
    sign_in_page,
    unavailable,
)
from ._options import CLIENT_OPTIONS, REQUEST_OPTIONS, configured

ViewT = TypeVar("ViewT", bound=Callable[..., Any])  # Any: whatever Flask accepts as a view's result

_EXTENSION = "clerk"
_CLIENT = "clerk_client"
_STATE = "clerk.request_state"  # kept in the request's environ, since `flask.g` may be shared by several requests
_REFUSED = "clerk.is_refused"


class Clerk:
    """The extension.

    It answers 503 if Clerk can't be reached. With `browser=True` it also keeps the sessions of browsers up to date: it
    renews them by a redirect, and sets their cookies.

    Args:
        app: The application; without it, call `init_app` later.
        client: The client that checks tokens; by default one configured by `app.config`, with settings such as
            `CLERK_SECRET_KEY`, or `clerk_client` if there are none.
        accepts_token: The kind of token to accept, a list of kinds, or `any`.
        browser: Whether people sign in with cookies.
        **options: The other options of `authenticate_request`. Those that are left out come from `app.config`, from
            settings such as `CLERK_AUTHORIZED_PARTIES`.
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
        """Set up an application."""
        app.extensions[_EXTENSION] = self
        for error in SERVICE_FAULTS:
            app.register_error_handler(error, _on_service_fault)
        if self._browser:
            app.before_request(self._renew)
            app.after_request(self._send_headers)

    def state(self) -> RequestState[Auth]:
        """Return whether the current request is authenticated, and by whom; checked once per request."""
        held: dict[Clerk, RequestState[Auth]] = request.environ.setdefault(_STATE, {})
        if self not in held:
            options = cast(
                "AuthenticateRequestOptions", {**_configured(REQUEST_OPTIONS), **self._options}
            )  # these are its options
            plain = PlainRequest(method=request.method, url=request.url, headers=request.headers.items())
            held[self] = self.client.authenticate_request(plain, accepts_token=self._accepts_token, **options)
        return held[self]

    @property
    def client(self) -> ClerkClient:
        """The client of the current application."""
        if self._client is not None:
            return self._client
        made: dict[str, ClerkClient] = current_app.extensions
        if _CLIENT not in made:
            options = _configured(CLIENT_OPTIONS)
            made.setdefault(_CLIENT, create_clerk_client(**options) if options else clerk_client)
        return made[_CLIENT]

    def _renew(self) -> Response | None:
        if request.routing_exception is not None:
            return None  # an unknown route is answered 404 rather than redirected
        refusal = redirect(self.state())
        return _response_of(refusal) if refusal else None

    def _send_headers(self, response: Response) -> Response:
        state: RequestState[Auth] | None = request.environ.get(_STATE, {}).get(self)
        if state is not None and not getattr(response, "_is_clerk_refusal", False):
            for name, value in state.headers:
                response.headers.add(name, value)
            response.vary.update(VARY.split(", "))
        return response


def _configured(names: tuple[str, ...]) -> dict[str, Any]:  # a setting may be anything
    return configured(names, current_app.config.get)


def _current_state() -> RequestState[Auth]:
    if not has_request_context():
        raise RuntimeError("current_auth is only available while a request is handled")
    extension: Clerk | None = current_app.extensions.get(_EXTENSION)
    if extension is None:
        raise RuntimeError("this application has no Clerk extension: call Clerk(app) where you create it")
    return extension.state()


def _current_auth() -> Auth:
    state = _current_state()
    if not request.environ.get(_REFUSED):
        check_service(state)
    return state.auth


current_auth: SessionAuth = cast("SessionAuth", LocalProxy(_current_auth))  # as for `request`
"""Who sent the current request; never None.

If the request's token can't be checked because Clerk can't be reached, reading it raises a `ClerkConnectionError`,
which the extension answers with 503. Flask doesn't do that for functions registered with `after_request`, unless the
view was answered so already: they should catch the exception. If no valid key is configured to check a token with, it
is a `ClerkConfigurationError`. If other tokens than session tokens are accepted, `current_auth` may be of another
class: `Clerk.state` is typed for all of them."""


@overload
def signed_in(view: ViewT) -> ViewT: ...
@overload
def signed_in(view: None = None, *, login_url: str | None = None) -> Callable[[ViewT], ViewT]: ...
def signed_in(
    view: Callable[..., Any] | None = None, *, login_url: str | None = None
) -> Any:  # the view, or a decorator
    """Answer 401 if nobody is signed in, or redirect to the sign-in page.

    Args:
        view: The view.
        login_url: For pages: the URL of the sign-in page; `app.config["CLERK_LOGIN_URL"]` by default.
    """
    if view is None:
        return lambda decorated: _guarded(decorated, {}, login_url)
    return _guarded(view, {}, login_url)


def require(*, login_url: str | None = None, **required: Unpack[Requirements]) -> Callable[[ViewT], ViewT]:
    """Answer 401 if nobody is signed in, and 403 if the caller lacks something.

    Args:
        login_url: The same as for `signed_in`.
        **required: What they must have: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        TypeError: Nothing is required.
    """
    check_requirements(required)
    return lambda view: _guarded(view, required, login_url)


def _guarded(view: ViewT, required: Requirements, login_url: str | None) -> ViewT:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:  # the view's own
        state = _current_state()
        refusal = refuse(state) or (forbid(state.auth, required) if required else None)
        page = login_url or current_app.config.get("CLERK_LOGIN_URL")
        if refusal and refusal.status == 401 and page:
            return redirect_to(sign_in_page(page, request.url))
        if refusal:
            return _response_of(refusal)
        return current_app.ensure_sync(view)(*args, **kwargs)

    return cast("ViewT", guarded)  # it has the view's signature


def webhook(
    *, signing_secret: str | None = None, tolerance: float = 300.0
) -> Callable[[Callable[[events.Event], Any]], Callable[[], Any]]:
    """Call a view with the event of a webhook, and answer 400 to any other request.

    ::

        @app.post("/webhooks")
        @webhook()
        def take(event): ...

    Args:
        signing_secret: The endpoint's signing secret; by default `app.config["CLERK_WEBHOOK_SIGNING_SECRET"]`, or else
            the environment variable of this name.
        tolerance: How many seconds the message's timestamp may differ from this machine's clock.
    """

    def decorate(view: Callable[[events.Event], Any]) -> Callable[[], Any]:
        @wraps(view)
        def verified() -> Any:  # the view's own
            secret = signing_secret or current_app.config.get("CLERK_WEBHOOK_SIGNING_SECRET")
            try:
                event = verify_webhook(request.get_data(), request.headers, signing_secret=secret, tolerance=tolerance)
            except WebhookVerificationError as error:
                return _response_of(not_a_webhook(error))
            return current_app.ensure_sync(view)(event)

        return verified

    return decorate


def _on_service_fault(error: Exception) -> Response:
    return _response_of(unavailable(error))


def _response_of(refusal: Refusal) -> Response:
    request.environ[_REFUSED] = True  # what runs after the view may read `current_auth`
    response = Response(status=307) if refusal.status == 307 else jsonify(refusal.content)
    response.status_code = refusal.status
    for name, value in refusal.headers:
        response.headers.add(name, value)
    response.vary.update(VARY.split(", "))
    response._is_clerk_refusal = True  # type: ignore[attr-defined]  # noqa: SLF001  # it has its headers already
    return response


__all__ = ["Clerk", "current_auth", "require", "signed_in", "webhook"]

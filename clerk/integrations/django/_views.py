"""Decorators and a mixin for views: who may call them, and which webhook events they receive."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, TypeVar, Unpack, cast, overload

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from ... import events
from ..._errors import WebhookVerificationError
from ..._webhooks import verify_webhook
from ...auth import Auth, RequestState
from .._answers import Requirements, check_requirements, forbid, not_a_webhook, refuse, sign_in_page
from ._middleware import astate_of, response_of, state_of
from ._settings import setting

View = Callable[..., Any]  # Any: a response, or an awaitable one
EventView = Callable[[HttpRequest, events.Event], Any]  # the same
ViewT = TypeVar("ViewT", bound=View)


@overload
def signed_in(view: ViewT) -> ViewT: ...
@overload
def signed_in(view: None = None, *, login_url: str | None = None) -> Callable[[ViewT], ViewT]: ...
def signed_in(view: View | None = None, *, login_url: str | None = None) -> Any:  # the view, or a decorator
    """Answer 401 if nobody is signed in, or redirect to the sign-in page.

    Args:
        view: The view, sync or async.
        login_url: For pages: the sign-in page, as a URL or a URL pattern's name; the setting `CLERK_LOGIN_URL` by
            default.
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
    if iscoroutinefunction(view):

        @wraps(view)
        async def aguarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # the view's own
            answer = _answer(request, await astate_of(request), required, login_url)
            response: HttpResponseBase = answer or await view(request, *args, **kwargs)
            return response

        return cast("ViewT", aguarded)  # it has the view's signature

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # the view's own arguments
        answer = _answer(request, state_of(request), required, login_url)
        response: HttpResponseBase = answer or view(request, *args, **kwargs)
        return response

    return cast("ViewT", guarded)  # it has the view's signature


def _answer(
    request: HttpRequest, state: RequestState[Auth], required: Requirements, login_url: str | None
) -> HttpResponse | None:
    refusal = refuse(state) or (forbid(state.auth, required) if required else None)
    if refusal is None:
        return None
    page = login_url or setting("CLERK_LOGIN_URL")
    if refusal.status == 401 and page:
        return HttpResponseRedirect(sign_in_page(resolve_url(page), request.build_absolute_uri()))
    return response_of(refusal)


class RequireMixin:
    """Restricts a class-based view to callers who are signed in and have everything in `required`.

    Attributes:
        required: What they must have: `role`, `permission`, `feature`, `plan`, `reverification`.
        login_url: The same as for `signed_in`.
    """

    required: ClassVar[Requirements] = {}
    login_url: ClassVar[str | None] = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> View:  # Django's own
        """Return the view function."""
        view: View = super().as_view(**initkwargs)  # type: ignore[misc]  # the view's own method
        guarded = _guarded(view, cls.required, cls.login_url)
        if iscoroutinefunction(view):
            markcoroutinefunction(guarded)
        return guarded


@overload
def webhook(view: EventView) -> View: ...
@overload
def webhook(
    view: None = None, *, signing_secret: str | None = None, tolerance: float = 300.0
) -> Callable[[EventView], View]: ...
def webhook(
    view: EventView | None = None,
    *,
    signing_secret: str | None = None,
    tolerance: float = 300.0,
) -> Any:  # the view, or a decorator
    """Pass the event of a webhook to a view, and answer 400 to any other request; exempt from the CSRF check.

    Args:
        view: The view, sync or async; it is called with the request and the event.
        signing_secret: The endpoint's signing secret; by default the setting `CLERK_WEBHOOK_SIGNING_SECRET`, or else
            the environment variable of this name.
        tolerance: How many seconds the message's timestamp may differ from this machine's clock.
    """
    if view is None:
        return lambda decorated: webhook(decorated, signing_secret=signing_secret, tolerance=tolerance)
    taken = view

    def event_of(request: HttpRequest) -> events.Event | HttpResponse:
        secret = signing_secret or setting("CLERK_WEBHOOK_SIGNING_SECRET")
        try:
            return verify_webhook(request.body, request.headers, signing_secret=secret, tolerance=tolerance)
        except WebhookVerificationError as error:
            return response_of(not_a_webhook(error))

    if iscoroutinefunction(view):

        @wraps(view)
        async def averified(request: HttpRequest) -> HttpResponseBase:
            event = event_of(request)
            response: HttpResponseBase = event if isinstance(event, HttpResponse) else await taken(request, event)
            return response

        return _csrf_exempt(averified)

    @wraps(view)
    def verified(request: HttpRequest) -> HttpResponseBase:
        event = event_of(request)
        response: HttpResponseBase = event if isinstance(event, HttpResponse) else taken(request, event)
        return response

    return _csrf_exempt(verified)


def _csrf_exempt(view: View) -> View:
    # Django 4.2 has a decorator for sync views only.
    view.csrf_exempt = True  # type: ignore[attr-defined]  # Django's switch
    return view


__all__ = ["RequireMixin", "require", "signed_in", "webhook"]

"""Who sent a request, for Django."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from http.cookies import Morsel
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from ...auth import Auth, PlainRequest, RequestState
from ...auth._authenticate import header_token
from .._answers import SERVICE_FAULTS, VARY, Refusal, check_service, redirect, unavailable
from ._settings import accepts_token, async_clerk_client, clerk_client, request_options, setting

_STATE = "_clerk_request_state"
_Answer = HttpResponseBase | Awaitable[HttpResponseBase]


def state_of(request: HttpRequest) -> RequestState[Auth]:
    """Return whether a request is authenticated, and by whom; checked once per request."""
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is None:
        state = clerk_client().authenticate_request(_plain(request), accepts_token=accepts_token(), **request_options())
        setattr(request, _STATE, state)
    return state


async def astate_of(request: HttpRequest) -> RequestState[Auth]:
    """Return whether a request is authenticated, and by whom, in async code; checked once per request."""
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is None:
        state = await async_clerk_client().authenticate_request(
            _plain(request), accepts_token=accepts_token(), **request_options()
        )
        setattr(request, _STATE, state)
    return state


def auth_of(request: HttpRequest) -> Auth:
    """Return who sent a request; never None.

    Raises:
        ClerkConnectionError: The request's token can't be checked because Clerk can't be reached.
    """
    state = state_of(request)
    check_service(state)
    return state.auth


async def aauth_of(request: HttpRequest) -> Auth:
    """Return who sent a request, in async code; never None.

    Raises:
        ClerkConnectionError: The request's token can't be checked because Clerk can't be reached.
    """
    state = await astate_of(request)
    check_service(state)
    return state.auth


def has_header_token(request: HttpRequest) -> bool:
    """Return whether a request has a token in its `Authorization` header, so that its cookies are ignored.

    Another site can't make a browser send such a token. What browsers send by themselves, such as a password for
    `Basic`, doesn't count.
    """
    return header_token(request.headers.get("Authorization")) is not None


def _plain(request: HttpRequest) -> PlainRequest:
    # Django joins several Cookie headers, which HTTP/2 allows, with commas; in the ASGI scope they are still separate.
    scope = getattr(request, "scope", None)
    headers = request.headers.items() if scope is None else scope["headers"]
    return PlainRequest(method=request.method or "GET", url=request.build_absolute_uri(), headers=headers)


class ClerkMiddleware:
    """Sets `request.clerk_auth` and `request.aclerk_auth()`, and answers 503 if Clerk can't be reached.

    The request is checked when `request.clerk_auth` is first read. If its token can't be checked because Clerk can't be
    reached, that raises a `ClerkConnectionError`, which the middleware answers with 503 unless the view handles it.
    Other middleware has to catch it itself: Django only hands on exceptions of views. If no valid key is configured to
    check a token with, it is a `ClerkConfigurationError`.

    With the setting `CLERK_BROWSER`, the sessions of browsers are also kept up to date: renewed by a redirect, with
    their cookies set. With `CLERK_USER_FIELD`, `request.user` in a view is the Django user with that id; if nobody is
    signed in with Clerk, it is whatever Django's own middleware found.

    Args:
        get_response: The next middleware or the view.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], _Answer]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        if setting("CLERK_BROWSER") or setting("CLERK_USER_FIELD"):
            self.process_view = self._abegin if self._is_async else self._begin

    def __call__(self, request: HttpRequest) -> _Answer:
        """Handle a request."""
        request.clerk_auth = SimpleLazyObject(partial(auth_of, request))  # type: ignore[attr-defined]  # set by this middleware
        request.aclerk_auth = partial(aauth_of, request)  # type: ignore[attr-defined]  # set by this middleware
        if has_header_token(request):
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001  # Django's switch
        if self._is_async:
            return self._acall(request)
        return _with_headers(request, cast("HttpResponseBase", self._get_response(request)))  # sync, so not awaitable

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        return _with_headers(request, await cast("Awaitable[HttpResponseBase]", self._get_response(request)))

    # Called once a view is found, so that an unknown route is answered 404; and after the other middleware, so that
    # they don't replace the user.
    def _begin(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        _put_user(request)
        refusal = redirect(state_of(request)) if setting("CLERK_BROWSER") else None
        return response_of(refusal) if refusal else None

    async def _abegin(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        _put_user(request)
        refusal = redirect(await astate_of(request)) if setting("CLERK_BROWSER") else None
        return response_of(refusal) if refusal else None

    def process_exception(self, _: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 if Clerk can't be reached."""
        return response_of(unavailable(exception)) if isinstance(exception, SERVICE_FAULTS) else None


def _put_user(request: HttpRequest) -> None:
    if setting("CLERK_USER_FIELD"):
        from .users import put_user  # without the setting, django.contrib.auth may not be installed

        put_user(request)


def _with_headers(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is not None:
        patch_vary_headers(response, VARY.split(", "))
        if not getattr(response, "_is_clerk_refusal", False):
            put_headers(response, state.headers)
    return response


def response_of(refusal: Refusal) -> HttpResponse:
    """Turn a refusal into a response."""
    response = (
        HttpResponse(status=307) if refusal.status == 307 else JsonResponse(refusal.content, status=refusal.status)
    )
    put_headers(response, refusal.headers)
    response._is_clerk_refusal = True  # type: ignore[attr-defined]  # noqa: SLF001  # it has its headers already
    return response


class _Verbatim(Morsel[str]):
    """A cookie that is sent unchanged: Python does not know every attribute that the service may set."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def OutputString(self, attrs: Any = None) -> str:  # noqa: ARG002, N802  # Any and the names: as in Morsel
        return self._text


def put_headers(response: HttpResponseBase, headers: list[tuple[str, str]]) -> None:
    """Add headers to a response, keeping each `Set-Cookie` separate."""
    for name, value in headers:
        if name.lower() != "set-cookie":
            response.headers[name] = value
            continue
        key = value.partition("=")[0].strip()
        while key in response.cookies:
            key += " "  # the same name with another path or domain
        dict.__setitem__(response.cookies, key, _Verbatim(value))


__all__ = [
    "ClerkMiddleware",
    "aauth_of",
    "astate_of",
    "auth_of",
    "has_header_token",
    "put_headers",
    "response_of",
    "state_of",
]

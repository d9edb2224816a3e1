"""Who sends a request, for Django."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from http.cookies import Morsel
from typing import TYPE_CHECKING, Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from ..._errors import ClerkConnectionError, InternalServerError, RateLimitError
from ...auth import PlainRequest
from .._answers import UNAVAILABLE, VARY, Refusal, redirect
from ._settings import accepts_token, async_clerk_client, clerk_client, request_options, setting

if TYPE_CHECKING:
    from ...auth import Auth, RequestState

_STATE = "_clerk_request_state"
_BEARER = re.compile(r"\s*bearer\s", re.IGNORECASE)
_FAULTS = (ClerkConnectionError, InternalServerError, RateLimitError)
_Answer = HttpResponseBase | Awaitable[HttpResponseBase]


def state_of(request: HttpRequest) -> RequestState[Auth]:
    """Find out who sends a request; once for each request."""
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is None:
        state = clerk_client().authenticate_request(_plain(request), accepts_token=accepts_token(), **request_options())
        setattr(request, _STATE, state)
    return state


async def astate_of(request: HttpRequest) -> RequestState[Auth]:
    """Find out who sends a request, without blocking the event loop; once for each request."""
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is None:
        state = await async_clerk_client().authenticate_request(
            _plain(request), accepts_token=accepts_token(), **request_options()
        )
        setattr(request, _STATE, state)
    return state


def auth_of(request: HttpRequest) -> Auth:
    """Return who sends a request; never None."""
    return state_of(request).auth


async def aauth_of(request: HttpRequest) -> Auth:
    """Return who sends a request, in async code; never None."""
    return (await astate_of(request)).auth


def _plain(request: HttpRequest) -> PlainRequest:
    # Django joins several Cookie headers, as HTTP/2 may bring them, with commas: those of ASGI are still apart.
    scope = getattr(request, "scope", None)
    headers = request.headers.items() if scope is None else scope["headers"]
    return PlainRequest(method=request.method or "GET", url=request.build_absolute_uri(), headers=headers)


class ClerkMiddleware:
    """Sets `request.clerk_auth` and `request.aclerk_auth()`, and answers 503 where Clerk can't be reached.

    `request.clerk_auth` is found out when it is first read. With the setting `CLERK_BROWSER`, the sessions of browsers
    are kept up to date as well: renewed by a redirect, and their cookies sent along. With `CLERK_USER_FIELD`,
    `request.user` is the user of Django's with that id.

    Args:
        get_response: What comes next.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], _Answer]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        if setting("CLERK_BROWSER"):
            self.process_view = self._arenew if self._is_async else self._renew

    def __call__(self, request: HttpRequest) -> _Answer:
        """Handle a request."""
        request.clerk_auth = SimpleLazyObject(partial(auth_of, request))  # type: ignore[attr-defined]  # ours
        request.aclerk_auth = partial(aauth_of, request)  # type: ignore[attr-defined]  # ours
        if setting("CLERK_USER_FIELD"):
            from .users import put_user

            put_user(request)
        if _BEARER.match(request.headers.get("Authorization", "")):
            # No other site can set this header, and it is what counts: so there is nothing to forge.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001  # Django's switch
        if self._is_async:
            return self._acall(request)
        return _with_headers(request, cast("HttpResponseBase", self._get_response(request)))  # sync: no awaitable

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        return _with_headers(request, await cast("Awaitable[HttpResponseBase]", self._get_response(request)))

    def _renew(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        # Called once a view is found: an unknown route stays 404.
        refusal = redirect(state_of(request))
        return response_of(refusal) if refusal else None

    async def _arenew(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        refusal = redirect(await astate_of(request))
        return response_of(refusal) if refusal else None

    def process_exception(self, _: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 where Clerk can't be reached."""
        if not isinstance(exception, _FAULTS):
            return None
        seconds = getattr(exception, "retry_after", None)
        return response_of(Refusal(status=503, detail=UNAVAILABLE, headers=[("Retry-After", str(int(seconds or 5)))]))


def _with_headers(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    state: RequestState[Auth] | None = getattr(request, _STATE, None)
    if state is not None:
        patch_vary_headers(response, VARY.split(", "))
        if not getattr(response, "_is_clerk_refusal", False):
            put_headers(response, state.headers)
    return response


def response_of(refusal: Refusal) -> HttpResponse:
    """Return the response that a refusal is."""
    response = (
        HttpResponse(status=307)
        if refusal.status == 307
        else JsonResponse(refusal.body or {"detail": refusal.detail}, status=refusal.status)
    )
    put_headers(response, refusal.headers)
    response._is_clerk_refusal = True  # type: ignore[attr-defined]  # noqa: SLF001  # its headers are in there already
    return response


class _Verbatim(Morsel[str]):
    """A cookie that goes out as it came: Python does not know all attributes that a service may set."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def OutputString(self, attrs: Any = None) -> str:  # noqa: ARG002, N802  # Any: as Morsel has it; so are the names
        return self._text


def put_headers(response: HttpResponseBase, headers: list[tuple[str, str]]) -> None:
    """Put headers into a response, each `Set-Cookie` by itself."""
    for name, value in headers:
        if name.lower() != "set-cookie":
            response.headers[name] = value
            continue
        key = value.partition("=")[0].strip()
        while key in response.cookies:
            key += " "  # another path or domain of the same name
        dict.__setitem__(response.cookies, key, _Verbatim(value))


__all__ = ["ClerkMiddleware", "aauth_of", "astate_of", "auth_of", "put_headers", "response_of", "state_of"]

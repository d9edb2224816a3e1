"""What users see of `authenticate_request` and `verify_token`; read by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never, assert_type

import aiohttp.web
import django.http
import flask
import httpx
import starlette.requests

from clerk import TokenVerificationError, async_clerk_client, clerk_client, create_clerk_client
from clerk.auth import (
    APIKeyAuth,
    Auth,
    M2MAuth,
    NoAuth,
    OAuthAuth,
    PlainRequest,
    Reason,
    RequestState,
    SessionAuth,
    TokenType,
)


def the_example(request: starlette.requests.Request) -> None:
    state = clerk_client.authenticate_request(request, authorized_parties=["https://app.example.com"])
    assert_type(state, RequestState[SessionAuth])
    if state.is_authenticated:
        auth = state.auth
        assert_type(auth.user_id, str | None)
        if auth.user_id is not None:
            assert_type(auth.user_id, str)
        assert_type(auth.has(permission="org:invoices:create"), bool)
        auth.has(role="admin", reverification="strict")
        auth.has(reverification={"level": "first_factor", "after_minutes": 10})
        auth.has(permission=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        auth.has(reverification="sometimes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        auth.has("admin")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    else:
        assert_type(state.reason, Reason | None)
        assert_type(state.message, str)
        assert_type(state.headers, list[tuple[str, str]])
    if state.reason == "token-expired" or state.status == "handshake":
        pass
    state.status = "signed-in"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def claims(token: str) -> None:
    try:
        assert_type(clerk_client.verify_token(token, issuer="https://clerk.example.com"), dict[str, Any])
    except TokenVerificationError as error:
        assert_type(error.reason, str)
        assert_type(error.action, str | None)


async def kinds(request: httpx.Request, some: Sequence[TokenType], any_kind: TokenType) -> None:
    assert_type(clerk_client.authenticate_request(request, accepts_token="api_key"), RequestState[APIKeyAuth])
    assert_type(clerk_client.authenticate_request(request, accepts_token="m2m_token").auth, M2MAuth)
    assert_type(clerk_client.authenticate_request(request, accepts_token="oauth_token").auth, OAuthAuth)
    assert_type(clerk_client.authenticate_request(request, accepts_token="any").auth, Auth)
    assert_type(clerk_client.authenticate_request(request, accepts_token=some).auth, Auth)
    assert_type(clerk_client.authenticate_request(request, accepts_token=any_kind).auth, Auth)
    state = await async_clerk_client.authenticate_request(request, accepts_token=["session_token", "api_key"])
    assert_type(state, RequestState[Auth])
    assert_type(await async_clerk_client.authenticate_request(request), RequestState[SessionAuth])
    assert_type(await async_clerk_client.verify_token("x"), dict[str, Any])
    clerk_client.authenticate_request(request, accepts_token="cookie")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]


def narrowed(auth: Auth) -> str | None:
    assert_type(auth.has(role="admin"), bool)
    if auth.token_type == "session_token":
        assert_type(auth, SessionAuth)
        return auth.session_id
    if auth.token_type == "api_key":
        assert_type(auth, APIKeyAuth)
        return auth.name
    if auth.token_type == "m2m_token":
        assert_type(auth, M2MAuth)
        return auth.machine_id
    if auth.token_type == "oauth_token":
        assert_type(auth, OAuthAuth)
        return auth.client_id
    if auth.token_type is None:
        assert_type(auth, NoAuth)
        return None
    assert_never(auth)


def requests(
    scope: Mapping[str, Any],
    environ: dict[str, Any],
    of_aiohttp: aiohttp.web.Request,
    of_django: django.http.HttpRequest,
    of_flask: flask.Request,
    of_httpx: httpx.Request,
    of_starlette: starlette.requests.Request,
) -> None:
    for request in (of_aiohttp, of_django, of_flask, of_httpx, of_starlette):
        clerk_client.authenticate_request(request)
    clerk_client.authenticate_request(of_flask.headers)
    clerk_client.authenticate_request(scope)
    clerk_client.authenticate_request(environ)
    clerk_client.authenticate_request({"authorization": "Bearer x"})
    clerk_client.authenticate_request([("authorization", "Bearer x")])
    clerk_client.authenticate_request([(b"authorization", b"Bearer x")])
    clerk_client.authenticate_request(PlainRequest(method="GET", url="https://a.example.com/", headers={}))
    clerk_client.authenticate_request(5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def options() -> None:
    create_clerk_client(jwt_key="x", publishable_key="pk_live_x")
    create_clerk_client(jwt_key=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

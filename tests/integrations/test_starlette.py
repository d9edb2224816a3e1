"""Starlette applications that know who is calling, by Starlette's own authentication."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.authentication import requires
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from clerk.integrations.starlette import ClerkBackend, add_exception_handlers, allowed, signed_in
from clerk.testing import LocalClerk
from tests.integrations.conftest import ORIGIN

Bearer = Callable[..., dict[str, str]]


def make_app() -> Starlette:
    backend = ClerkBackend(authorized_parties=[ORIGIN])

    @requires("authenticated")
    async def me(request: Request) -> JSONResponse:
        user = request.user
        return JSONResponse([user.identity, user.display_name, user.auth.token_type])

    @requires("org:admin")
    async def invoices(request: Request) -> PlainTextResponse:
        return PlainTextResponse(" ".join(request.auth.scopes))

    async def greeting(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"hello {request.user.identity}" if request.user.is_authenticated else "hello")

    async def mine(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str((await signed_in(backend, request)).is_authenticated))

    async def report(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str((await allowed(backend, request, role="org:admin")).is_authenticated))

    async def nothing(request: Request) -> PlainTextResponse:
        await allowed(backend, request)
        raise AssertionError

    routes = {"/me": me, "/invoices": invoices, "/greeting": greeting, "/mine": mine, "/report": report}
    app = Starlette(
        routes=[Route(path, view) for path, view in {**routes, "/nothing": nothing}.items()],
        middleware=[Middleware(AuthenticationMiddleware, backend=backend, on_error=backend.on_error)],
    )
    add_exception_handlers(app)
    return app


@pytest.fixture
def browser(local: LocalClerk) -> Iterator[TestClient]:
    with TestClient(make_app()) as browser:
        yield browser


def test_the_user_of_a_request(browser: TestClient, bearer: Bearer) -> None:
    identity, name, kind = browser.get("/me", headers=bearer()).json()
    assert identity.startswith("user_")
    assert (name, kind) == (identity, "session_token")
    assert browser.get("/greeting", headers=bearer()).text.startswith("hello user_")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}])
def test_a_stranger(browser: TestClient, headers: dict[str, str]) -> None:
    assert browser.get("/greeting", headers=headers).text == "hello"
    assert browser.get("/me", headers=headers).status_code == 403  # as Starlette has it
    assert browser.get("/nowhere", headers=headers).status_code == 404
    answer = browser.get("/mine", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})
    assert answer.headers["www-authenticate"] == 'Bearer realm="Clerk"'


def test_scopes_are_role_and_permissions(browser: TestClient, bearer: Bearer) -> None:
    scopes = browser.get("/invoices", headers=bearer(admin=True)).text.split()
    assert scopes[:2] == ["authenticated", "org:admin"]
    assert browser.get("/invoices", headers=bearer()).status_code == 403


def test_a_role_is_required(browser: TestClient, bearer: Bearer) -> None:
    assert browser.get("/mine", headers=bearer()).text == "True"
    assert browser.get("/report", headers=bearer(admin=True)).text == "True"
    assert browser.get("/report", headers=bearer()).json() == {"detail": "You are not allowed to do this."}
    assert browser.get("/report").status_code == 401
    with pytest.raises(TypeError, match="at least one"):
        browser.get("/nothing")


def test_keys_that_cannot_be_fetched_are_503(browser: TestClient, bearer: Bearer, local: LocalClerk) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    answer = browser.get("/me", headers=headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"

"""FastAPI applications that know who is calling."""

from collections.abc import Callable, Iterator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from clerk import ClerkClient
from clerk.auth import SessionAuth
from clerk.integrations.fastapi import ClerkAuth, ClerkMiddleware, lifespan
from clerk.testing import LocalClerk, sign_webhook
from tests.integrations.conftest import ORIGIN, without_refresh
from tests.integrations.fastapi_project import SECRET, app, signed_in


@pytest.fixture
def browser(local: LocalClerk) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as browser:
        yield browser


Bearer = Callable[..., dict[str, str]]


def test_a_user_is_known(browser: TestClient, bearer: Bearer) -> None:
    answer = browser.get("/me", headers=bearer(admin=True))
    assert answer.status_code == 200
    assert answer.json()["user_id"].startswith("user_")
    assert answer.json()["org_role"] == "org:admin"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}, {"Authorization": "Basic YTpi"}])
def test_a_stranger_is_refused(browser: TestClient, headers: dict[str, str]) -> None:
    answer = browser.get("/me", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})
    assert answer.headers["www-authenticate"] == 'Bearer realm="Clerk"'
    assert browser.get("/greeting", headers=headers).json() == "hello"


def test_who_is_optional_is_known_as_well(browser: TestClient, bearer: Bearer) -> None:
    assert browser.get("/greeting", headers=bearer()).json() == "welcome back"


def test_a_role_is_required(browser: TestClient, bearer: Bearer) -> None:
    assert browser.get("/invoices", headers=bearer(admin=True)).json().startswith("org_")
    answer = browser.get("/invoices", headers=bearer())
    assert (answer.status_code, answer.json()) == (403, {"detail": "You are not allowed to do this."})
    assert browser.get("/invoices").status_code == 401


def test_a_missing_reverification_is_what_clerks_frontends_expect(browser: TestClient, bearer: Bearer) -> None:
    assert browser.delete("/account", headers=bearer()).status_code == 200
    answer = browser.delete("/account", headers=bearer(minutes=20))
    assert answer.status_code == 403
    assert answer.json() == {
        "clerk_error": {
            "type": "forbidden",
            "reason": "reverification-error",
            "metadata": {"reverification": {"level": "second_factor", "after_minutes": 10}},
        }
    }


def test_nothing_required_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="at least one"):
        signed_in.require()


def test_unknown_routes_stay_404(browser: TestClient, bearer: Bearer) -> None:
    assert browser.get("/nowhere").status_code == 404
    assert browser.get("/nowhere", headers=bearer()).status_code == 404


def test_a_service_fault_is_503_and_a_missing_user_is_not(
    browser: TestClient, bearer: Bearer, local: LocalClerk, client: ClerkClient
) -> None:
    headers = bearer()
    assert browser.get("/name", headers=headers).status_code == 200
    local.fail_next(status=500, path="/users")  # 500 is not sent again
    assert browser.get("/name", headers=headers).status_code == 503
    client.users.delete_user(client.users.get_user_list()[0].id)
    assert browser.get("/name", headers=headers).status_code == 500  # a NotFoundError: the application's to handle


def test_keys_that_cannot_be_fetched_are_503(local: LocalClerk, bearer: Bearer) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    with TestClient(app) as browser:
        answer = browser.get("/me", headers=headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_nobody_is_a_stranger_because_keys_cannot_be_fetched(local: LocalClerk, bearer: Bearer) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    with TestClient(app) as browser:
        answer = browser.get("/greeting", headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert browser.get("/greeting").json() == "hello"
        with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/chat", headers=headers):
            pass
        assert refused.value.code == 1013
        with browser.websocket_connect("/chat") as socket:
            assert socket.receive_text() == "None"


def test_the_scheme_shows_in_the_document(browser: TestClient) -> None:
    document = browser.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["Clerk"]["scheme"] == "bearer"
    assert document["paths"]["/me"]["get"]["security"] == [{"Clerk": []}]
    assert "security" not in document["paths"]["/webhooks"]["post"]


def test_an_event_is_verified(browser: TestClient) -> None:
    body = b'{"object":"event","type":"user.deleted","data":{"object":"user","id":"user_1","deleted":true}}'
    headers = sign_webhook(body, signing_secret=SECRET).headers
    assert browser.post("/webhooks", content=body, headers=headers).json() == "user.deleted"
    answer = browser.post("/webhooks", content=body + b" ", headers=headers)
    assert (answer.status_code, answer.json()) == (
        400,
        {"detail": "This is not a webhook from Clerk: signature-mismatch."},
    )


def test_an_application_can_start_again(local: LocalClerk, bearer: Bearer) -> None:
    for _ in range(2):
        with TestClient(app) as browser:
            assert browser.get("/name", headers=bearer()).status_code == 200


def pages_app() -> FastAPI:
    pages = FastAPI()
    renewing = ClerkAuth(authorized_parties=[ORIGIN])
    pages.add_middleware(ClerkMiddleware, authenticator=renewing)

    @pages.get("/page")
    async def page(auth: Annotated[SessionAuth, Depends(renewing)]) -> str | None:
        return auth.user_id

    return pages


def test_browsers_sign_in_with_cookies(local: LocalClerk, user_id: str) -> None:
    with TestClient(pages_app(), cookies=local.session_cookies(user_id)) as browser:
        answer = browser.get("/page")
    assert answer.json() == user_id
    assert set(answer.headers["vary"].split(", ")) == {"Cookie", "Authorization"}


def test_browsers_are_sent_to_renew_their_session(local: LocalClerk, user_id: str) -> None:
    cookies = local.session_cookies(user_id)
    local.advance(120)
    with TestClient(pages_app(), cookies=cookies) as browser:
        answer = browser.get("/page")
    assert answer.json() == user_id
    assert "__session" in answer.headers["set-cookie"]  # renewed behind the scenes, as the browser may be told
    cookies = without_refresh(cookies)
    with TestClient(pages_app(), cookies=cookies, follow_redirects=False) as browser:
        answer = browser.get("/page", headers={"accept": "text/html"})
        assert answer.status_code == 307
        assert "/v1/client/handshake?" in answer.headers["location"]
        assert answer.headers["cache-control"] == "no-store"
        assert "__clerk_redirect_count" in answer.headers["set-cookie"]
        assert browser.get("/page", headers={"accept": "application/json"}).status_code == 401
        assert browser.get("/nowhere", headers={"accept": "text/html"}).status_code == 404


def test_a_finished_handshake_sets_its_cookies_one_by_one(local: LocalClerk, user_id: str) -> None:
    cookies = {**local.session_cookies(user_id), "__clerk_handshake_nonce": local.handshake_nonce(user_id)}
    with TestClient(pages_app(), cookies=cookies, follow_redirects=False) as browser:
        answer = browser.get("/page", headers={"accept": "text/html"})
    names = [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")]
    assert names[:3] == ["__session", "__client_uat", "__refresh"]
    assert len(names) == len(set(names)) == 6  # each once more with the suffix of the instance


async def test_requests_in_process_have_the_users_of_the_test(local: LocalClerk) -> None:
    (user_id,) = local.seed_users(1)
    headers = {"Authorization": f"Bearer {local.session_token(user_id)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as browser:
        assert (await browser.get("/me", headers=headers)).json()["user_id"] == user_id
        assert (await browser.get("/me")).status_code == 401


def test_a_websocket_knows_its_user(browser: TestClient, bearer: Bearer) -> None:
    with browser.websocket_connect("/live", headers=bearer()) as socket:
        assert socket.receive_text().startswith("user_")
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/live"):
        pass
    assert (refused.value.code, refused.value.reason) == (1008, "Sign in first.")


def test_a_websocket_is_told_to_come_again_where_keys_cannot_be_fetched(
    browser: TestClient, bearer: Bearer, local: LocalClerk
) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/live", headers=headers):
        pass
    assert refused.value.code == 1013


def test_an_application_without_calls_needs_no_key() -> None:
    with TestClient(FastAPI(lifespan=lifespan)) as browser:
        assert browser.get("/nowhere").status_code == 404


def test_a_dependency_alone_renews_sessions_too(browser: TestClient, local: LocalClerk, user_id: str) -> None:
    cookies = without_refresh(local.session_cookies(user_id))
    local.advance(120)
    browser.cookies.update(cookies)
    answer = browser.get("/me", headers={"accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == 307
    assert "/v1/client/handshake?" in answer.headers["location"]


def test_tests_can_say_who_is_calling() -> None:
    app.dependency_overrides[signed_in] = lambda: SessionAuth(user_id="user_1", org_id="org_1", org_role="org:admin")
    try:
        with TestClient(app) as browser:
            assert browser.get("/me").json()["user_id"] == "user_1"
            assert browser.get("/invoices").json() == "org_1"
    finally:
        app.dependency_overrides.clear()

"""Flask applications that know who is calling."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from clerk import ClerkConfigurationError
from clerk.integrations.flask import Clerk, current_auth, require, signed_in
from clerk.testing import LocalClerk, sign_webhook
from tests.integrations.conftest import without_refresh
from tests.integrations.flask_project import SECRET, make_app

Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def browser(local: LocalClerk) -> Iterator[FlaskClient]:
    with make_app().test_client() as browser:
        yield browser


def test_a_user_is_known(browser: FlaskClient, bearer: Bearer) -> None:
    answer = browser.get("/me", headers=bearer())
    assert answer.status_code == 200
    assert answer.get_json()["user_id"].startswith("user_")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}])
def test_a_stranger_is_refused(browser: FlaskClient, headers: dict[str, str]) -> None:
    answer = browser.get("/me", headers=headers)
    assert (answer.status_code, answer.json) == (401, {"detail": "Sign in first."})
    assert answer.headers["www-authenticate"] == 'Bearer realm="Clerk"'
    assert browser.get("/greeting", headers=headers).text == "hello"
    assert browser.get("/nowhere", headers=headers).status_code == 404


def test_a_role_is_required(browser: FlaskClient, bearer: Bearer) -> None:
    assert browser.get("/invoices", headers=bearer(admin=True)).text.startswith("org_")
    assert browser.get("/invoices", headers=bearer()).status_code == 403
    assert browser.get("/invoices").status_code == 401


def test_a_missing_reverification_is_what_clerks_frontends_expect(browser: FlaskClient, bearer: Bearer) -> None:
    assert browser.delete("/account", headers=bearer()).status_code == 200
    answer = browser.delete("/account", headers=bearer(minutes=20))
    assert answer.status_code == 403
    assert answer.get_json()["clerk_error"]["reason"] == "reverification-error"


def test_a_service_fault_is_503(browser: FlaskClient, bearer: Bearer, local: LocalClerk) -> None:
    headers = bearer()
    assert browser.get("/name", headers=headers).status_code == 200
    local.fail_next(status=500, path="/users", times=3)
    assert browser.get("/name", headers=headers).status_code == 503


def test_keys_that_cannot_be_fetched_are_503(browser: FlaskClient, bearer: Bearer, local: LocalClerk) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    assert browser.get("/me", headers=headers).status_code == 503


def test_nobody_is_a_stranger_because_keys_cannot_be_fetched(
    browser: FlaskClient, bearer: Bearer, local: LocalClerk
) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    answer = browser.get("/greeting", headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert browser.get("/greeting").text == "hello"


def test_what_runs_after_a_refusal_may_ask_who_called(bearer: Bearer, local: LocalClerk) -> None:
    app = make_app()
    seen: list[str | None] = []

    @app.after_request
    def log(response: Response) -> Response:
        seen.append(current_auth.user_id)
        return response

    local.fail_next(status=500, path="/jwks", times=9)
    with app.test_client() as browser:
        assert browser.get("/me", headers=bearer()).status_code == 503
    assert seen == [None]


def test_an_event_is_verified(browser: FlaskClient) -> None:
    body = b'{"object":"event","type":"user.deleted","data":{"object":"user","id":"user_1","deleted":true}}'
    headers = sign_webhook(body, signing_secret=SECRET).headers
    assert browser.post("/webhooks", data=body, headers=headers).text == "user.deleted"
    answer = browser.post("/webhooks", data=body + b" ", headers=headers)
    assert (answer.status_code, answer.json) == (
        400,
        {"detail": "This is not a webhook from Clerk: signature-mismatch."},
    )


def test_answers_to_browsers_vary(local: LocalClerk) -> None:
    with make_app(browser=True).test_client() as browser:
        answer = browser.get("/greeting")
        assert answer.vary.to_header() == "Cookie, Authorization"
        assert browser.get("/nowhere").status_code == 404


def test_browsers_sign_in_with_cookies_and_renew_them(local: LocalClerk, user_id: str) -> None:
    with make_app(browser=True).test_client() as browser:
        for name, value in without_refresh(local.session_cookies(user_id)).items():
            browser.set_cookie(name, value)
        assert browser.get("/me").get_json()["user_id"] == user_id
        local.advance(120)
        answer = browser.get("/me", headers={"accept": "text/html"})
        assert answer.status_code == 307
        assert "/v1/client/handshake?" in answer.headers["location"]
        assert "__clerk_redirect_count" in answer.headers["set-cookie"]
        browser.set_cookie("__clerk_handshake_nonce", local.handshake_nonce(user_id))
        answer = browser.get("/me", headers={"accept": "text/html"})
        assert len(answer.headers.getlist("set-cookie")) > 1


def test_what_is_missing_is_said() -> None:
    with pytest.raises(RuntimeError, match="while a request is handled"):
        assert current_auth.is_authenticated
    with Flask(__name__).test_request_context(), pytest.raises(RuntimeError, match=r"Clerk\(app\)"):
        assert current_auth.is_authenticated
    with pytest.raises(TypeError, match="at least one"):
        require()


def test_pages_send_strangers_to_sign_in(browser: FlaskClient, bearer: Bearer) -> None:
    answer = browser.get("/page")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/sign-in?from=here&redirect_url=http%3A%2F%2Flocalhost%2Fpage"
    assert browser.get("/page", headers=bearer()).text == "a page"
    browser.application.config["CLERK_LOGIN_URL"] = "https://accounts.example.com/sign-in"
    assert browser.get("/me").headers["location"].startswith("https://accounts.example.com/sign-in?redirect_url=")


def test_requests_within_one_application_context_have_users_of_their_own(local: LocalClerk, bearer: Bearer) -> None:
    app = make_app()
    with app.app_context():
        assert app.test_client().get("/me", headers=bearer()).status_code == 200
        assert app.test_client().get("/me").status_code == 401


def test_the_applications_configuration_makes_its_client() -> None:
    with LocalClerk() as local, local.serve() as url:
        app = make_app()
        app.config["CLERK_API_URL"] = url
        app.config["CLERK_SECRET_KEY"] = local.secret_key
        headers = {"Authorization": f"Bearer {local.session_token(local.seed_users(1)[0])}"}
        assert app.test_client().get("/me", headers=headers).status_code == 200
        assert local.key_fetches == 1
        app.extensions["clerk_client"].close()
        other = make_app()
        other.config["CLERK_JWT_KEY"] = local.jwt_key
        assert other.test_client().get("/me", headers=headers).status_code == 200
        assert local.key_fetches == 1


def test_a_client_can_be_given(local: LocalClerk, bearer: Bearer) -> None:
    with local.client() as client, make_app(client=client).test_client() as browser:
        assert browser.get("/me", headers=bearer()).status_code == 200


def test_coroutine_functions_are_views(local: LocalClerk, bearer: Bearer) -> None:
    pytest.importorskip("asgiref")
    app = Flask(__name__)
    Clerk(app)

    @app.get("/me")
    @signed_in
    async def me() -> str:
        return str(current_auth.user_id)

    assert app.test_client().get("/me", headers=bearer()).text.startswith("user_")


def test_a_key_that_is_not_good_is_the_applications_own_fault() -> None:
    with LocalClerk() as local, local.serve() as url:
        app = make_app()
        app.config |= {"CLERK_API_URL": url, "CLERK_SECRET_KEY": "sk_test_of_another_instance", "TESTING": True}
        headers = {"Authorization": f"Bearer {local.session_token(local.seed_users(1)[0])}"}
        for path in ("/me", "/greeting"):
            with pytest.raises(ClerkConfigurationError, match="tokens can't be checked"):
                app.test_client().get(path, headers=headers)
        assert app.test_client().get("/greeting").text == "hello"
        app.extensions["clerk_client"].close()

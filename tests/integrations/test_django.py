"""Django projects that know who is calling, in sync and in async views, and in REST framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.test import AsyncClient, Client, override_settings

from clerk.integrations.django.apps import check_settings
from clerk.testing import LocalClerk, sign_webhook
from tests.integrations.conftest import without_refresh
from tests.integrations.django_project import SECRET  # sets Django up

Bearer = Callable[..., dict[str, str]]


@pytest.mark.parametrize("path", ["/me", "/ame"])
def test_a_user_is_known(get: Any, bearer: Bearer, path: str) -> None:
    assert get(path, bearer()).json()["user_id"].startswith("user_")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer forged"}])
@pytest.mark.parametrize("path", ["/me", "/ame"])
def test_a_stranger_is_refused(get: Any, path: str, headers: dict[str, str]) -> None:
    answer = get(path, headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})
    assert answer.headers["www-authenticate"] == 'Bearer realm="Clerk"'
    assert get("/greeting", headers).content == b"hello"
    assert get("/nowhere", headers).status_code == 404


def test_pages_send_strangers_to_sign_in(get: Any, bearer: Bearer) -> None:
    answer = get("/page")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/sign-in?redirect_url=http%3A%2F%2Ftestserver%2Fpage"
    assert get("/page", bearer()).content == b"a page"


@pytest.mark.parametrize("path", ["/invoices", "/ainvoices", "/report", "/rest/invoices"])
def test_a_role_is_required(get: Any, bearer: Bearer, path: str) -> None:
    assert get(path, bearer(admin=True)).status_code == 200
    assert get(path, bearer()).status_code == 403
    assert get(path).status_code == 401


@pytest.mark.parametrize("path", ["/account", "/rest/account"])
def test_a_missing_reverification_is_what_clerks_frontends_expect(get: Any, bearer: Bearer, path: str) -> None:
    assert get(path, bearer(), method="delete").status_code == 200
    answer = get(path, bearer(minutes=20), method="delete")
    assert answer.status_code == 403
    assert answer.json()["clerk_error"]["metadata"] == {
        "reverification": {"level": "second_factor", "after_minutes": 10}
    }


def test_a_service_fault_is_503(get: Any, bearer: Bearer, local: LocalClerk) -> None:
    headers = bearer()
    assert get("/name", headers).status_code == 200
    local.fail_next(status=500, path="/users", times=3)
    assert get("/name", headers).status_code == 503


@pytest.mark.parametrize("path", ["/me", "/ame", "/rest"])
def test_keys_that_cannot_be_fetched_are_503(get: Any, bearer: Bearer, local: LocalClerk, path: str) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    answer = get(path, headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize("path", ["/greeting", "/agreeting"])
def test_nobody_is_a_stranger_because_keys_cannot_be_fetched(
    get: Any, bearer: Bearer, local: LocalClerk, path: str
) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    answer = get(path, headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert get(path).content == b"hello"


@pytest.mark.parametrize("path", ["/webhooks", "/awebhooks"])
def test_an_event_is_verified(get: Any, path: str) -> None:
    body = b'{"object":"event","type":"user.deleted","data":{"object":"user","id":"user_1","deleted":true}}'
    headers = sign_webhook(body, signing_secret=SECRET).headers
    sent = {"method": "post", "content_type": "application/json"}
    assert get(path, headers, data=body, **sent).content == b"user.deleted"
    answer = get(path, headers, data=body + b" ", **sent)
    assert answer.status_code == 400
    assert answer.json() == {"detail": "This is not a webhook from Clerk: signature-mismatch."}


def test_rest_framework_knows_the_user(get: Any, bearer: Bearer) -> None:
    answer = get("/rest", bearer()).json()
    assert answer["pk"].startswith("user_")
    assert answer["kind"] == "session_token"
    assert get("/rest", bearer(), method="post").status_code == 200
    refused = get("/rest", {"Authorization": "Bearer forged"})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="Clerk"'


def test_the_scheme_shows_in_the_document_of_spectacular() -> None:
    from drf_spectacular.generators import SchemaGenerator

    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # it has no types
    assert document["components"]["securitySchemes"]["Clerk"]["scheme"] == "bearer"
    assert document["paths"]["/rest"]["get"]["security"] == [{"Clerk": []}]


@pytest.mark.parametrize("path", ["/greeting", "/rest"])
def test_sessions_from_cookies_pass_the_csrf_check(local: LocalClerk, user_id: str, path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.load(local.session_cookies(user_id))
    assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 403
    browser.cookies["csrftoken"] = token = "a" * 32
    assert browser.post(path, headers={"X-CSRFToken": token}).status_code == 200
    # Browsers send a password of the site's along by themselves, and the session is the cookie's nevertheless.
    assert browser.post(path, headers={"Authorization": "Basic YTpi"}).status_code == 403


@override_settings(CLERK_BROWSER=True)
def test_browsers_sign_in_with_cookies_and_renew_them(get: Any, local: LocalClerk, user_id: str) -> None:
    def header(cookies: dict[str, str]) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Accept": "text/html"}

    cookies = without_refresh(local.session_cookies(user_id))
    answer = get("/me", header(cookies))
    assert answer.json() == {"user_id": user_id}
    assert set(answer.headers["vary"].split(", ")) == {"Cookie", "Authorization"}
    local.advance(120)
    answer = get("/me", header(cookies))
    assert answer.status_code == 307
    assert "/v1/client/handshake?" in answer.headers["location"]
    assert any("__clerk_redirect_count" in cookie.OutputString() for cookie in answer.cookies.values())
    assert get("/nowhere", header(cookies)).status_code == 404
    answer = get("/me", header({**cookies, "__clerk_handshake_nonce": local.handshake_nonce(user_id)}))
    assert len(answer.cookies) > 1


def test_settings_are_checked() -> None:
    assert check_settings() == []
    with override_settings(CLERK_AUTHORISED_PARTIES=[], CLERK_AUTHORIZED_PARTIES=[]):
        assert [found.id for found in check_settings()] == ["clerk.W001", "clerk.W002"]
    for field, found in (("username", []), ("email", ["clerk.W004"]), ("absent", ["clerk.E002"])):
        with override_settings(CLERK_USER_FIELD=field):
            assert [check.id for check in check_settings()] == found
    with override_settings(CLERK_CLOCK_SKEW=-1):
        assert [found.id for found in check_settings()] == ["clerk.E001"]
    from django.conf import settings

    with override_settings(MIDDLEWARE=settings.MIDDLEWARE[::-1]):
        assert [found.id for found in check_settings()] == ["clerk.W003"]


def test_classes_of_async_views_are_guarded(get: Any, bearer: Bearer) -> None:
    assert get("/areport", bearer()).content == b"a report"
    assert get("/areport").status_code == 401


def test_cookies_of_one_name_go_out_one_by_one() -> None:
    from django.http import HttpResponse

    from clerk.integrations.django._middleware import put_headers

    response = HttpResponse()
    cookies = ["a=1; Path=/; Partitioned", "a=2; Path=/x", "b=3"]
    put_headers(response, [("Set-Cookie", cookie) for cookie in cookies])
    assert [cookie.output(header="").strip() for cookie in response.cookies.values()] == cookies


def test_the_user_of_rest_framework_is_their_id() -> None:
    from clerk.auth import SessionAuth
    from clerk.integrations.django.rest_framework import ClerkUser

    user = ClerkUser(SessionAuth(user_id="user_1"))
    assert (user.id, user.pk, str(user)) == ("user_1", "user_1", "user_1")
    assert {user, ClerkUser(SessionAuth(user_id="user_1"))} == {user}
    assert user != ClerkUser(SessionAuth(user_id="user_2"))


@pytest.mark.parametrize("settings_", [{}, {"CLERK_BROWSER": True, "CLERK_USER_FIELD": "username"}])
async def test_nothing_of_ours_runs_in_threads_for_async_views(
    local: LocalClerk, bearer: Bearer, settings_: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    original = SyncToAsync.__call__

    async def noted(self: Any, *arguments: Any, **options: Any) -> Any:
        threads.append(repr(self.func))
        return await original(self, *arguments, **options)

    monkeypatch.setattr(SyncToAsync, "__call__", noted)
    middleware = ["clerk.integrations.django.ClerkMiddleware"]  # Django's own for CSRF takes threads
    with override_settings(MIDDLEWARE=middleware, **settings_):
        answer = await AsyncClient().get("/ame", headers=bearer())
    assert answer.json()["user_id"].startswith("user_")
    assert [thread for thread in threads if "clerk" in thread.lower()] == []

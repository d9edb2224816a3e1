"""What is refused, and how."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from clerk.testing import API_URL, LocalClerk
from clerk.testing._http.transports import LocalTransport


def errors(answer: httpx.Response) -> list[tuple[str, Any]]:
    return [(error["code"], error.get("meta", {}).get("param_name")) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "authorization_header_format_invalid"),
        ({"authorization": "sk_test_local"}, "authorization_header_format_invalid"),
        ({"authorization": "Basic sk_test_local"}, "authorization_header_format_invalid"),
        ({"authorization": "Bearer "}, "authorization_header_format_invalid"),
        ({"authorization": "Bearer sk_test_other"}, "clerk_key_invalid"),
        ({"authorization": "Bearer ak_unknown"}, "clerk_key_invalid"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/users", "/v1/nothing", "/elsewhere", "/v1/m2m_tokens?subject=mch_1"])
def test_the_key_is_looked_at_first(local: LocalClerk, headers: dict[str, str], code: str, path: str) -> None:
    with httpx.Client(transport=LocalTransport(local._service), base_url=API_URL) as client:
        answer = client.get(path, headers=headers)
    assert (answer.status_code, errors(answer)) == (401, [(code, None)])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api_keys/ak_1", 404), ("/m2m_tokens", 400), ("/oauth_applications/access_tokens/verify", 405)],
)
def test_keys_and_tokens_are_answered_without_the_version_too(
    local: LocalClerk, raw: httpx.Client, path: str, status: int
) -> None:
    raw.base_url = httpx.URL(API_URL)
    assert raw.get(path).status_code == status
    assert errors(raw.get("/api_keys_of_others"))[0][0] == errors(raw.get("/users"))[0][0] == "resource_not_found"


def test_what_needs_no_key_asks_for_none(local: LocalClerk) -> None:
    with httpx.Client(transport=LocalTransport(local._service), base_url=API_URL) as client:
        assert client.get("/v1/public/interstitial").status_code == 200
        assert client.post("/v1/accountless_applications").status_code == 200


def test_errors_have_clerks_shape(raw: httpx.Client) -> None:
    answer = raw.post("/users", json={"nickname": "Ada"})
    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch("[0-9a-f]{32}", body["clerk_trace_id"])
    assert answer.headers["x-clerk-trace-id"] == body["clerk_trace_id"]
    (error,) = body["errors"]
    assert set(error) == {"message", "long_message", "code", "meta"}
    assert error["meta"] == {"param_name": "nickname"}
    assert "meta" not in raw.get("/users/user_1").json()["errors"][0]


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "expected"),
    [
        ("GET", "/nothing", None, 404, [("resource_not_found", None)]),
        ("GET", "/users/", None, 404, [("resource_not_found", None)]),
        ("GET", "/users//ban", None, 404, [("resource_not_found", None)]),
        ("PUT", "/users", None, 405, [("method_not_allowed", None)]),
        ("GET", "/users/user_1", None, 404, [("resource_not_found", None)]),
        ("GET", "/users/user%2Fban", None, 404, [("resource_not_found", None)]),
        ("GET", "/users?nickname=Ada&limit=2", None, 422, [("form_param_unknown", "nickname")]),
        ("GET", "/users?email_address[]=a@b.c", None, 422, [("form_param_unknown", "email_address[]")]),
        ("GET", "/users?limit=501", None, 422, [("form_param_value_too_large", "limit")]),
        ("GET", "/users?limit=0", None, 422, [("form_param_value_invalid", "limit")]),
        ("GET", "/users?limit=ten", None, 422, [("form_param_type_invalid", "limit")]),
        ("GET", f"/users?limit={'1' * 30}", None, 422, [("form_param_type_invalid", "limit")]),
        ("GET", "/users?limit=1&limit=2", None, 422, [("form_param_type_invalid", "limit")]),
        ("GET", "/users?banned=yes", None, 422, [("form_param_type_invalid", "banned")]),
        ("GET", "/users?order_by=shoe_size", None, 422, [("form_param_value_invalid", "order_by")]),
        ("GET", "/users?order_by=--created_at", None, 422, [("form_param_value_invalid", "order_by")]),
        ("GET", "/users?query=%FF", None, 400, [("malformed_request_parameters", None)]),
        ("GET", "/sessions?status=asleep", None, 422, [("form_param_value_invalid", "status")]),
        ("GET", "/api_keys", None, 400, [("form_param_missing", "subject")]),
        ("GET", "/api_keys?subject=me", None, 400, [("form_param_format_invalid", "subject")]),
        ("GET", "/api_keys/ak_1", None, 404, [("resource_not_found", None)]),
        ("GET", "/templates/fax", None, 422, [("form_param_value_invalid", "template_type")]),
        ("POST", "/users", {"first_name": 1}, 422, [("form_param_type_invalid", "first_name")]),
        ("POST", "/users", {"email_address": ["a", 1]}, 422, [("form_param_type_invalid", "email_address[1]")]),
        ("POST", "/users", {"created_at": "yesterday"}, 422, [("form_param_format_invalid", "created_at")]),
        (
            "POST",
            "/users",
            {"username": "some", "created_at": "2016-12-31T23:59:60Z"},
            422,
            [("form_param_invalid_time", "created_at")],
        ),
        ("POST", "/users", {"skip_legal_checks": [None]}, 422, [("form_param_type_invalid", "skip_legal_checks")]),
        ("POST", "/users", [], 400, [("request_body_invalid", None)]),
        ("POST", "/organizations", {}, 422, [("form_param_missing", "name")]),
        ("POST", "/organizations", {"name": "A", "nick": "B"}, 422, [("form_param_unknown", "nick")]),
        ("POST", "/users/ban", {"user_ids": []}, 400, [("form_param_value_invalid", "user_ids")]),
        ("POST", "/users/ban", {"user_ids": ["u"] * 51}, 400, [("form_param_array_size_exceeded", "user_ids")]),
        ("POST", "/machines", {"name": ""}, 422, [("form_param_value_invalid", "name")]),
        ("POST", "/machines", {"name": "x" * 256}, 422, [("form_param_max_length_exceeded", "name")]),
        ("POST", "/api_keys", {"name": "k", "subject": 1}, 400, [("form_param_value_invalid", "name")]),
        ("POST", "/actor_tokens", {"user_id": "u", "actor": {}}, 422, [("form_param_missing", "actor.sub")]),
        (
            "POST",
            "/email",
            {"from": {"address": "a@b.cd"}, "to": {"address": "a@b.cd"}, "subject": "x"},
            422,
            [("form_param_value_invalid", None)],
        ),
        (
            "POST",
            "/email",
            {"from": {"address": "a@b.cd"}, "to": {}, "subject": "x", "html": ""},
            422,
            [("form_param_value_invalid", "to")],
        ),
        (
            "POST",
            "/invitations/bulk",
            [{"email_address": "a@b.cd"}, {"email": "a@b.cd"}],
            422,
            [("form_param_missing", "[1].email_address"), ("form_param_unknown", "[1].email")],
        ),
    ],
)
def test_what_breaks_the_document_is_refused(
    raw: httpx.Client, method: str, target: str, body: Any, status: int, expected: list[tuple[str, Any]]
) -> None:
    answer = raw.request(method, target, json=body) if body is not None else raw.request(method, target)
    found = errors(answer)
    if body is not None and isinstance(body, dict) and "subject" in body and "name" in body:
        found = found[:1]
    assert (answer.status_code, sorted(found, key=str)) == (status, sorted(expected, key=str))


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "request_body_invalid"),
        (b"{", "application/json", 400, "request_body_invalid"),
        (b'{"first_name": NaN}', "application/json", 400, "request_body_invalid"),
        (b'{"first_name": 1e999}', "application/json", 400, "request_body_invalid"),
        (b'{"first_name": "\\ud800"}', "application/json", 400, "request_body_invalid"),
        (b"[" * 100_000, "application/json", 400, "request_body_invalid"),
        (b"\xff", "application/json", 400, "request_body_invalid"),
        (b"first_name=Ada", "application/x-www-form-urlencoded", 415, "unsupported_content_type"),
    ],
)
def test_bodies_that_are_no_json_are_refused(
    raw: httpx.Client, content: bytes, content_type: str, status: int, code: str
) -> None:
    answer = raw.post("/users", content=content, headers={"content-type": content_type})
    assert (answer.status_code, errors(answer)) == (status, [(code, None)])


def test_a_body_of_any_size_is_not_taken(raw: httpx.Client) -> None:
    answer = raw.post("/users", content=b" " * (32 * 1024 * 1024 + 1))
    assert (answer.status_code, errors(answer)) == (413, [("request_body_too_large", None)])


def test_uploads_that_are_none_are_refused(raw: httpx.Client, local: LocalClerk) -> None:
    (user_id,) = local.seed_users(1)
    path = f"/users/{user_id}/profile_image"
    assert errors(raw.post(path, json={})) == [("unsupported_content_type", None)]
    no_parts = raw.post(path, content=b"", headers={"content-type": "multipart/form-data"})
    assert errors(no_parts) == [("request_body_invalid", None)]
    other = raw.post(path, files={"other": b"x"})
    assert sorted(errors(other)) == [("form_param_missing", "file"), ("form_param_unknown", "other")]
    assert errors(raw.post(path, files={"file": b""})) == [("form_param_nil", "file")]
    as_text = raw.post(
        path,
        content=b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\nwords\r\n--x--\r\n',
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert errors(as_text) == [("form_param_nil", "file")]


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/users", {"clerk-api-version": "2025-11-10"}, 200),
        ("/users?__clerk_api_version=2024-10-01", {}, 200),
        ("/users", {"clerk-api-version": "v4"}, 400),
        ("/users", {"clerk-api-version": "2025-13-45"}, 400),
        ("/users?__clerk_api_version=2025-11-10", {"clerk-api-version": "2025-11-10"}, 400),
    ],
)
def test_versions(raw: httpx.Client, target: str, headers: dict[str, str], status: int) -> None:
    answer = raw.get(target, headers=headers)
    assert answer.status_code == status
    assert status == 200 or errors(answer) == [("api_version_invalid", None)]


def test_a_method_that_is_not_answered_says_which_are(raw: httpx.Client) -> None:
    answer = raw.put("/users")
    assert answer.headers["allow"] == "GET, POST"


def test_nothing_is_stored_by_a_refused_request(raw: httpx.Client) -> None:
    invitations = [{"email_address": "a@example.com"}, {"email_address": "a@example.com"}]
    assert raw.post("/invitations/bulk", json=invitations).status_code == 400
    assert raw.get("/invitations").json() == []
    users = {"email_address": ["b@example.com", "b@example.com"]}
    assert raw.post("/users", json=users).status_code == 422
    assert raw.get("/users/count").json()["total_count"] == 0
    machines = {"name": "m", "scoped_machines": ["mch_1"]}
    assert raw.post("/machines", json=machines).status_code == 422
    assert raw.get("/machines").json() == {"data": [], "total_count": 0}


def test_answers_say_how_they_were_come_by(raw: httpx.Client) -> None:
    paths = {"/users": "stateful", "/saml_connections": "stored", "/billing/plans": "sample"}
    assert {path: raw.get(path).headers["x-local-clerk"] for path in paths} == paths

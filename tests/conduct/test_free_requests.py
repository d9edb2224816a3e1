from __future__ import annotations

import asyncio
from typing import Any

import pytest

from clerk import (
    API_VERSION,
    ClerkConfigurationError,
    ClerkDecodeError,
    ClerkError,
    NotFoundError,
    create_async_clerk_client,
    create_clerk_client,
    models,
)
from tests.faults.bodies import EMAIL_ADDRESS, USER
from tests.support.clients import SECRET_KEY, Kind
from tests.support.server import ScriptedServer, answer
from tests.support.waits import Waits

FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS


def request(kind: Kind, url: str, *arguments: Any, options: dict[str, Any] | None = None, **more: Any) -> Any:
    """Call `client.request` with these arguments."""
    settings: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": url, "http_options": FAST, **(options or {})}
    if kind == "sync":
        with create_clerk_client(**settings) as client:
            return client.request(*arguments, **more)

    async def send() -> Any:
        async with create_async_clerk_client(**settings) as client:
            return await client.request(*arguments, **more)

    return asyncio.run(send())


def test_an_endpoint_that_the_document_does_not_have(kind: Kind, server: ScriptedServer) -> None:
    server.play(answer(201, {"a": [1, None, "ä"]}))

    found = request(
        kind,
        server.url,
        "post",
        "/new_things/a%2Fb/parts",
        params={"text": "ä&=", "list": ["a", "b"], "yes": True, "no": False, "n": 0, "x": 1.5, "empty": ""},
        json={"a": None, "ä": [1.5, {"b": True}]},
        headers={"X-Mine": "1"},
    )

    assert found == {"a": [1, None, "ä"]}
    (received,) = server.requests
    assert (received.method, received.path) == ("POST", "/v1/new_things/a%2Fb/parts")
    assert received.query == [
        ("text", "ä&="),
        ("list", "a"),
        ("list", "b"),
        ("yes", "true"),
        ("no", "false"),
        ("n", "0"),
        ("x", "1.5"),
        ("empty", ""),
    ]
    assert received.json == {"a": None, "ä": [1.5, {"b": True}]}
    assert received.headers["x-mine"] == "1"
    assert received.headers["authorization"] == f"Bearer {SECRET_KEY}"
    assert received.headers["clerk-api-version"] == API_VERSION
    assert received.headers["user-agent"].startswith("clerk-client/")


@pytest.mark.parametrize(
    ("body", "found"), [({}, {}), ([], []), (None, None), (5, 5), ("a", "a"), (b"", None), (b"null", None)]
)
def test_what_it_returns(kind: Kind, server: ScriptedServer, body: object, found: object) -> None:
    assert request(kind, server.play(answer(body=body)).url, "GET", "/things") == found


@pytest.mark.parametrize(
    ("body", "sent"), [(None, b"null"), ({}, b"{}"), ([], b"[]"), ("a", b'"a"'), (0, b"0"), (False, b"false")]
)
def test_bodies(kind: Kind, server: ScriptedServer, body: object, sent: bytes) -> None:
    request(kind, server.url, "PUT", "/things", json=body)

    assert server.requests[0].body == sent
    assert server.requests[0].headers["content-type"] == "application/json"


def test_models_in_a_body(kind: Kind, server: ScriptedServer) -> None:
    request(kind, server.url, "PUT", "/things", json={"address": models.EmailAddress.from_dict(EMAIL_ADDRESS)})

    assert server.requests[0].json == {"address": EMAIL_ADDRESS}


def test_no_body(kind: Kind, server: ScriptedServer) -> None:
    request(kind, server.url, "POST", "/things")

    assert server.requests[0].body == b""
    assert "content-type" not in server.requests[0].headers


def test_head(kind: Kind, server: ScriptedServer) -> None:
    assert request(kind, server.play(answer(204)).url, "HEAD", "/things") is None


def test_errors_are_those_of_any_other_call(kind: Kind, server: ScriptedServer) -> None:
    server.play(answer(404, {"errors": [{"code": "resource_not_found", "message": "no"}]}))

    with pytest.raises(NotFoundError, match=r"^404 GET /v1/things: resource_not_found: no$"):
        request(kind, server.url, "GET", "/things")


def test_no_json(kind: Kind, server: ScriptedServer) -> None:
    with pytest.raises(ClerkDecodeError, match="the body is not JSON") as caught:
        request(kind, server.play(answer(body=b"<html>")).url, "GET", "/things")

    assert caught.value.body == b"<html>"


@pytest.mark.parametrize(("method", "tries"), [("GET", 3), ("post", 1), ("Delete", 3), ("PURGE", 1)])
def test_repeats_are_those_of_any_other_call(
    kind: Kind, server: ScriptedServer, method: str, tries: int, waits: Waits
) -> None:
    with pytest.raises(ClerkError):
        request(kind, server.play(answer(503)).url, method, "/things")

    assert len(server.requests) == tries


def test_without_a_key_nothing_is_sent(kind: Kind, server: ScriptedServer) -> None:
    with pytest.raises(ClerkConfigurationError, match="CLERK_SECRET_KEY"):
        request(kind, server.url, "GET", "/things", options={"secret_key": None})

    assert not server.connections


@pytest.mark.parametrize("method", ["", "GET /", "GE\r\nT", "G3T", None, 5])
def test_a_method_that_is_none(kind: Kind, server: ScriptedServer, method: Any) -> None:
    with pytest.raises(ValueError, match="method must be an HTTP method"):
        request(kind, server.url, method, "/things")

    assert not server.connections


@pytest.mark.parametrize(
    "path",
    [
        "",
        "things",
        "https://other.example/things",
        "//other.example/things",
        "/things?a=b",
        "/things#a",
        "/things/a b",
        "/things/ä",
        "/things\r\nX: y",
        "/things\\a",
        "/things/..",
        "/things/../users",
        "/things/%2e%2E/users",
        "/things/.%2e/users",
        "/./things",
        "/%2e",
        "@other.example/",
        None,
        5,
        ["/things"],
    ],
)
def test_a_path_that_leads_elsewhere(kind: Kind, server: ScriptedServer, path: Any) -> None:
    with pytest.raises(ValueError, match=r"^path must "):
        request(kind, server.url, "GET", path)

    assert not server.connections


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"params": {"a": None}}, r"params\['a'\] must be a string, not None"),
        ({"params": {"a": {"b": "c"}}}, r"params\['a'\] must be a string, not dict"),
        ({"params": {"a": ["b", None]}}, r"params\['a'\]\[1\] must be a string, not None"),
        ({"params": {"a": b"b"}}, r"params\['a'\] must be a string, not bytes"),
        ({"params": {5: "a"}}, r"a key of params must be a string, not int"),
        ({"params": "a=b"}, r"params must be a dict, not str"),
        ({"params": [("a", "b")]}, r"params must be a dict, not list"),
        ({"json": {"a": {5: 1}}}, r"json\.a has a key that is not a string: int"),
        ({"json": {"a": [b"b"]}}, r"json\.a\[0\] must be a JSON value, not bytes"),
        ({"json": {1, 2}}, r"json must be a JSON value, not set"),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_a_type_error_that_names_it(
    kind: Kind, server: ScriptedServer, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        request(kind, server.url, "POST", "/things", **more)

    assert not server.connections


def test_numbers_that_json_does_not_have(kind: Kind, server: ScriptedServer) -> None:
    with pytest.raises(ValueError, match=r"^json\.a must be a finite number"):
        request(kind, server.url, "POST", "/things", json={"a": float("nan")})

    assert not server.connections


@pytest.mark.parametrize("name", ["Authorization", "content-type", "Clerk-API-Version"])
def test_headers_that_are_not_the_callers(kind: Kind, server: ScriptedServer, name: str) -> None:
    with pytest.raises(ClerkConfigurationError, match=name):
        request(kind, server.url, "GET", "/things", headers={name: "a"})

    assert not server.connections


def test_headers_of_one_call_stay_with_it(server: ScriptedServer) -> None:
    server.play(answer(body=USER))
    options: Any = {**FAST, "headers": {"x-of-all": "1", "x-both": "1"}}
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=options) as client:
        client.request("GET", "/things", headers={"X-Both": "2"})
        client.users.get_user("user_1")
        client.request("GET", "/things")

    found = [(request.headers["x-of-all"], request.headers["x-both"]) for request in server.requests]
    assert found == [("1", "2"), ("1", "1"), ("1", "1")]
    assert {request.connection for request in server.requests} == {0}

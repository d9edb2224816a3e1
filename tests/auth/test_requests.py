"""Requests of every framework, and mappings of every kind: what is read of them, whoever chose the names in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp.test_utils
import django.conf
import django.test
import flask
import httpx
import pytest
import starlette.requests
import werkzeug.test

from clerk.auth import PlainRequest
from clerk.auth._request import incoming

from .conftest import Checker, MakeChecker
from .tokens import DEVELOPMENT_HOST, pem, publishable_key, session_token

URL = "https://app.example.com/a/b?c=d"
OTHER = "https://app.example.com/a/b"


def _scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "GET",
        "scheme": "https",
        "path": "/a/b",
        "raw_path": b"/a/b",
        "root_path": "",
        "query_string": b"c=d",
        "headers": [(b"host", b"app.example.com"), *headers],
    }


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _environ(headers: dict[str, str]) -> dict[str, Any]:
    return werkzeug.test.EnvironBuilder(
        "/a/b", "https://app.example.com", query_string="c=d", headers=list(headers.items())
    ).get_environ()


def _django(headers: dict[str, str]) -> Any:
    if not django.conf.settings.configured:
        django.conf.settings.configure(ALLOWED_HOSTS=["*"])
    return django.test.RequestFactory(headers={"host": "app.example.com", **headers}).get("/a/b?c=d", secure=True)


KINDS: dict[str, Callable[[dict[str, str]], Any]] = {
    "Starlette": lambda headers: starlette.requests.Request(_scope(_raw(headers))),
    "Django": _django,
    "Flask": lambda headers: flask.Request(_environ(headers)),
    "aiohttp": lambda headers: aiohttp.test_utils.make_mocked_request(
        "GET", "/a/b?c=d", headers={"Host": "app.example.com", "X-Forwarded-Proto": "https", **headers}
    ),
    "httpx": lambda headers: httpx.Request("GET", URL, headers=headers),
    "ASGI": lambda headers: _scope(_raw(headers)),
    "WSGI": _environ,
    "plain": lambda headers: PlainRequest(method="GET", url=URL, headers=headers),
}
HEADERS_ALONE: dict[str, Callable[[dict[str, str]], Any]] = {
    "dict": lambda headers: headers,
    "capitals": lambda headers: {name.upper(): value for name, value in headers.items()},
    "bytes": lambda headers: dict(_raw(headers)),
    "lists": lambda headers: {name: [value] for name, value in headers.items()},
    "pairs": lambda headers: list(headers.items()),
    "pairs of bytes": _raw,
    "tuple": lambda headers: tuple(headers.items()),
    "httpx": httpx.Headers,
    "Starlette": lambda headers: starlette.requests.Request(_scope(_raw(headers))).headers,
    "Werkzeug": lambda headers: flask.Request(_environ(headers)).headers,
    "Django": lambda headers: _django(headers).headers,
    "with None": lambda headers: {**headers, "x": None},
}


@pytest.fixture
def client(checker: MakeChecker) -> Checker:
    key = publishable_key(DEVELOPMENT_HOST, "test")
    return checker(jwt_key=pem(), publishable_key=key)


@pytest.mark.parametrize("name", KINDS)
def test_requests_of_frameworks(client: Checker, name: str) -> None:
    make, token = KINDS[name], session_token(iss=f"https://{DEVELOPMENT_HOST}")
    assert client.authenticate_request(make({"Authorization": f"Bearer {token}"})).auth.user_id == "user_1"
    cookie = f"__client_uat=1; __session={token}; __clerk_db_jwt=dvb_1"
    assert client.authenticate_request(make({"Cookie": cookie})).auth.user_id == "user_1"
    state = client.authenticate_request(make({"Sec-Fetch-Dest": "document"}))
    assert state.status == "handshake"
    assert httpx.URL(dict(state.headers)["Location"]).params["redirect_url"] == URL
    assert client.authenticate_request(make({})).reason == "dev-browser-missing"


@pytest.mark.parametrize("name", HEADERS_ALONE)
def test_headers_alone(client: Checker, name: str) -> None:
    make, token = HEADERS_ALONE[name], session_token()
    assert client.authenticate_request(make({"Authorization": f"Bearer {token}"})).auth.user_id == "user_1"
    assert client.authenticate_request(make({"Sec-Fetch-Dest": "document"})).status == "signed-out"


@pytest.mark.parametrize(
    "name",
    ["headers", "method", "url", "type", "wsgi.version", "wsgi.input", "items", "get", "scheme", "HTTP_AUTHORIZATION"],
)
def test_a_stranger_chooses_no_kind_by_a_name(client: Checker, name: str) -> None:
    token = session_token()
    for headers in (
        {name: "x", "authorization": f"Bearer {token}"},
        {name.encode(): b"x", b"authorization": f"Bearer {token}".encode()},
    ):
        assert client.authenticate_request(headers).auth.user_id == "user_1"
        assert client.authenticate_request(list(headers.items())).auth.user_id == "user_1"
    forged = {"HTTP_AUTHORIZATION": f"Bearer {token}", name: "x"}
    assert client.authenticate_request(forged).auth.user_id is None


@pytest.mark.parametrize(
    "request_", [None, 5, "text", b"bytes", [1], {"a": 1}, object(), [("a", "b", "c")], {"headers": 5}]
)
def test_what_is_no_request(client: Checker, request_: Any) -> None:
    with pytest.raises(TypeError, match="is not a request"):
        client.authenticate_request(request_)


def test_several_headers_of_a_name() -> None:
    pairs = [(b"cookie", b"a=1"), (b"Cookie", b"b=2"), ("x", "1"), ("X", "2")]
    assert incoming(pairs).headers == {"cookie": "a=1; b=2", "x": "1, 2"}  # type: ignore[arg-type]  # text and bytes
    assert incoming(httpx.Headers([("cookie", "a=1"), ("cookie", "b=2")])).headers == {"cookie": "a=1; b=2"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-forwarded-host": "b.example.com", "x-forwarded-proto": "http"}, "http://b.example.com/a/b?c=d"),
        ({"x-forwarded-host": "b.example.com, c.example.com"}, "https://b.example.com/a/b?c=d"),
        ({"x-forwarded-host": "b.example.com/evil"}, URL),
        ({"x-forwarded-host": "user@evil.example"}, URL),
        ({"x-forwarded-host": ""}, URL),
        ({"x-forwarded-host": "evil.example\r\nX: 1"}, URL),
        ({"x-forwarded-proto": "javascript"}, URL),
        ({"x-forwarded-host": "[::1]:8000"}, "https://[::1]:8000/a/b?c=d"),
    ],
)
def test_the_address_that_proxies_tell(headers: dict[str, str], expected: str) -> None:
    address = incoming(_Request(URL, headers)).address()
    assert address is not None
    assert address.without() == expected


class _Request:
    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.method, self.url, self.headers = "get", url, headers


def test_a_plain_request_has_the_address_that_it_says() -> None:
    request = PlainRequest(method="get", url=URL, headers=[(b"X-Forwarded-Host", b"evil.example")])
    address = incoming(request).address()
    assert address is not None
    assert address.without("c") == OTHER
    assert incoming(PlainRequest(method="GET", url="nowhere", headers={})).address() is None
    assert incoming(PlainRequest(method="GET", url="https://a b/", headers={})).address() is None


def test_no_header_of_an_answer_holds_a_line_break(client: Checker) -> None:
    request = _Request("https://app.example.com/a\r\nX-Evil: 1?b=\r\n", {"sec-fetch-dest": "document"})
    state = client.authenticate_request(request)
    assert state.status == "handshake"
    assert not any("\r" in text or "\n" in text for pair in state.headers for text in pair)


def test_a_state_shows_no_token(client: Checker) -> None:
    token = session_token(exp=1)
    request = _Request(URL, {"sec-fetch-dest": "document", "authorization": f"Bearer {token}"})
    state = client.authenticate_request(request)
    assert token in dict(state.headers)["Location"]
    assert token not in repr(state)
    assert token not in state.message

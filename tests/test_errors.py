from __future__ import annotations

import contextlib
import copy
import gzip
import inspect
import pickle
import socket
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

import clerk
from clerk import (
    AuthenticationError,
    BadRequestError,
    ClerkAPIError,
    ClerkAPIResponseError,
    ClerkConfigurationError,
    ClerkConnectionError,
    ClerkDecodeError,
    ClerkError,
    ClerkTimeoutError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    TokenVerificationError,
    UnprocessableEntityError,
    WebhookVerificationError,
)
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import Act, ScriptedServer, answer, raw, reset, stall
from tests.support.waits import Waits


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """Wait for nothing between two tries."""
    return Waits.put_in_place(monkeypatch)


def fail(kind: Kind, server: ScriptedServer, act: Act, **options: Any) -> ClerkAPIResponseError:
    """Return the error for an unsuccessful answer."""
    with pytest.raises(ClerkAPIResponseError) as caught:
        send(kind, probe(query={"email_address": "ada@example.com"}), api_url=server.play(act).url, **options)
    return caught.value


def errors(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"errors": list(found), **more}


TAKEN = {
    "code": "form_identifier_exists",
    "message": "is taken",
    "long_message": "This address is taken.",
    "meta": {"param_name": "email_address", "extra": [1]},
}


# The class follows from the status.

CLASSES = [
    (300, ClerkAPIResponseError),
    (304, ClerkAPIResponseError),
    (400, BadRequestError),
    (401, AuthenticationError),
    (402, PaymentRequiredError),
    (403, PermissionDeniedError),
    (404, NotFoundError),
    (405, ClerkAPIResponseError),
    (409, ConflictError),
    (410, ClerkAPIResponseError),
    (418, ClerkAPIResponseError),
    (422, UnprocessableEntityError),
    (429, RateLimitError),
    (499, ClerkAPIResponseError),
    (500, InternalServerError),
    (503, InternalServerError),
    (599, InternalServerError),
    (600, InternalServerError),
    (999, InternalServerError),
]


@pytest.mark.parametrize(("status", "error_class"), CLASSES)
def test_class_by_status(
    kind: Kind, server: ScriptedServer, status: int, error_class: type[ClerkAPIResponseError]
) -> None:
    error = fail(kind, server, answer(status, errors(TAKEN)))

    assert type(error) is error_class
    assert error.status_code == status


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success(kind: Kind, server: ScriptedServer, status: int) -> None:
    assert send(kind, api_url=server.play(answer(status)).url).status_code == status


# What the body says.


class Body(NamedTuple):
    sent: object
    errors: list[ClerkAPIError]
    trace_id: str | None
    shown: str


FULL = ClerkAPIError(
    "form_identifier_exists", "is taken", "This address is taken.", {"param_name": "email_address", "extra": [1]}
)
BODIES = {
    "as the service says it": Body(
        errors(TAKEN, clerk_trace_id="abc"),
        [FULL],
        "abc",
        "form_identifier_exists (email_address): This address is taken. [trace id abc]",
    ),
    "several errors": Body(
        errors({"code": "a", "message": "one"}, {"code": "b", "meta": {"param_names": ["x", "y"]}}),
        [ClerkAPIError("a", "one"), ClerkAPIError("b", meta={"param_names": ["x", "y"]})],
        None,
        "a: one; b (x, y)",
    ),
    "no code": Body(errors({"message": "one"}), [ClerkAPIError("", "one")], None, "one"),
    "lines": Body(
        errors({"message": "one\r\n\ttwo \x1b[31m"}), [ClerkAPIError("", "one\r\n\ttwo \x1b[31m")], None, "one two [31m"
    ),
    "values of other types": Body(
        errors({"code": 5, "message": None, "long_message": [], "meta": "m"}, clerk_trace_id=5),
        [ClerkAPIError("")],
        None,
        '{"errors": [{"code": 5, "message": null, "long_message": [], "meta": "m"}], "clerk_trace_id": 5}',
    ),
    "errors that are no objects": Body({"errors": ["x", 5, None]}, [], None, '{"errors": ["x", 5, null]}'),
    "errors that are no list": Body({"errors": {"code": "a"}}, [], None, '{"errors": {"code": "a"}}'),
    "another object": Body({"message": "no"}, [], None, '{"message": "no"}'),
    "a list": Body([1], [], None, "[1]"),
    "a number": Body(b"5", [], None, "5"),
    "truncated JSON": Body(b'{"errors": [{"code": "a', [], None, '{"errors": [{"code": "a'),
    "too deep": Body(b"[" * 100_000, [], None, "[" * 200 + "…"),
    "HTML": Body(b"<html>\n  <h1>502 Bad Gateway</h1>", [], None, "<html> <h1>502 Bad Gateway</h1>"),
    "long HTML": Body(b"<p>" * 1000, [], None, ("<p>" * 67)[:200] + "…"),
    "not text": Body(b"\xff\xfe\x00", [], None, "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
    "nothing": Body(b"", [], None, "the body is empty"),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("status", [302, 422, 502])
def test_any_body_ends_in_the_class_of_its_status(kind: Kind, server: ScriptedServer, status: int, body: Body) -> None:
    error = fail(kind, server, answer(status, body.sent))

    assert error.status_code == status
    assert error.errors == body.errors
    assert error.clerk_trace_id == body.trace_id
    assert str(error) == f"{status} GET /v1/probe: {body.shown}"
    if isinstance(body.sent, bytes):
        assert error.body == body.sent[:65_536]


def test_a_charset_does_not_hide_the_errors(kind: Kind, server: ScriptedServer) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}

    assert fail(kind, server, answer(422, errors(TAKEN), headers)).errors == [FULL]


@pytest.mark.parametrize(
    ("headers", "in_body", "expected"),
    [
        ({"x-clerk-trace-id": "b", "cf-ray": "c"}, "a", "a"),
        ({"x-clerk-trace-id": "b", "cf-ray": "c"}, None, "b"),
        ({"cf-ray": "c"}, None, "c"),
        ({}, None, None),
    ],
)
def test_trace_id(
    kind: Kind, server: ScriptedServer, headers: dict[str, str], in_body: str | None, expected: str | None
) -> None:
    error = fail(kind, server, answer(500, errors(TAKEN, clerk_trace_id=in_body), headers))

    assert error.clerk_trace_id == expected
    assert (f"[trace id {expected}]" in str(error)) is (expected is not None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:30 -0000", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", "date": "Wed, 21 Oct 2015 07:28:30 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", "date": "today"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "01 Jan 99999999999999999999 00:00:00 -0000"}, None),
        ({}, None),
    ],
)
def test_retry_after(kind: Kind, server: ScriptedServer, headers: dict[str, str], seconds: float | None) -> None:
    error = fail(kind, server, answer(429, errors({"code": "too_many_requests"}), headers))

    assert error.retry_after == seconds
    assert (f"[retry after {seconds:g} s]" if seconds is not None else "too_many_requests") in str(error)


def test_all_of_the_answer_is_kept(kind: Kind, server: ScriptedServer) -> None:
    head = b"HTTP/1.1 503 No\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Y: z\r\nconnection: close\r\n"
    error = fail(kind, server, raw(head + b"content-length: 4\r\n\r\nbody"))

    assert error.headers["x-y"] == "z"
    assert error.headers.get_list("Set-Cookie") == ["a=1", "b=2"]
    assert error.body == b"body"
    assert (error.method, error.path) == ("GET", "/v1/probe")


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nfirst", b"first"),
        (b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n", b"first"),
        (b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\nzzz", b""),
        (b"HTTP/1.1 500 No\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain", b""),
    ],
)
def test_a_body_that_breaks_off_leaves_the_status(kind: Kind, server: ScriptedServer, data: bytes, kept: bytes) -> None:
    error = fail(kind, server, raw(data))

    assert type(error) is InternalServerError
    assert error.body == kept


def test_the_first_part_of_a_huge_body_is_kept(kind: Kind, server: ScriptedServer) -> None:
    error = fail(kind, server, answer(500, b"x" * 1_000_000))

    assert error.body == b"x" * 65_536


def test_a_compressed_body_is_unpacked(kind: Kind, server: ScriptedServer) -> None:
    error = fail(kind, server, answer(500, gzip.compress(b"plain"), {"content-encoding": "gzip"}))

    assert error.body == b"plain"


# What must not be seen.


def test_redirects_are_errors_that_show_where_to_but_not_with_what(kind: Kind, server: ScriptedServer) -> None:
    error = fail(kind, server, answer(307, b"moved", {"location": "https://other.example/v1/probe?email=ada#x"}))

    assert str(error) == (
        "307 GET /v1/probe: redirects are not followed; this one leads to https://other.example/v1/probe"
    )
    assert len(server.requests) == 1


def test_a_key_that_comes_back_is_hidden(kind: Kind, server: ScriptedServer) -> None:
    echo = errors({"code": "a", "message": f"Bearer {SECRET_KEY}, ak_b?"})
    error = fail(kind, server, answer(500, echo), machine_secret_key="ak_b")

    assert error.errors[0].message == "Bearer [secret key], [secret key]?"
    assert b"[secret key]" in error.body
    assert SECRET_KEY.encode() not in pickle.dumps(error)


BAD_ACTS = [answer(500), raw(b"garbage\r\n\r\n"), raw(b"")]


@pytest.mark.parametrize("act", BAD_ACTS)
def test_query_and_key_are_in_no_traceback(kind: Kind, server: ScriptedServer, act: Act) -> None:
    query = {"email_address": "ada" + "@example.com"}

    with pytest.raises(ClerkError) as caught:
        send(kind, probe(query=query), api_url=server.play(act).url)

    text = "".join(traceback.format_exception(caught.value))
    assert "ada@example.com" not in text
    assert SECRET_KEY not in text


def test_the_key_is_in_no_local_variable(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("CLERK_API_URL", server.play(answer(500)).url)

    with pytest.raises(ClerkError) as caught:
        clerk.clerk_client.users.get_user("user_1")

    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "response = <Response [500" in shown
    assert SECRET_KEY not in shown


# No complete answer.


@contextlib.contextmanager
def unused_port() -> Any:  # Any: the generator's type says nothing more
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_refused(kind: Kind) -> None:
    with unused_port() as port, pytest.raises(ClerkConnectionError, match=r"^GET /v1/probe: ConnectError: ") as caught:
        send(kind, api_url=f"http://127.0.0.1:{port}")

    assert type(caught.value) is ClerkConnectionError
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
BROKEN: list[tuple[str, Act, type[httpx.HTTPError]]] = [
    ("nothing", raw(b""), httpx.RemoteProtocolError),
    ("garbage", raw(b"garbage\r\n\r\n"), httpx.RemoteProtocolError),
    ("half a head", raw(b"HTTP/1.1 200 OK\r\ncontent-le"), httpx.RemoteProtocolError),
    ("half a body", raw(HEAD + b"half"), httpx.RemoteProtocolError),
    ("reset before", reset(), httpx.ReadError),
    ("bad compression", answer(200, b"plain", {"content-encoding": "gzip"}), httpx.DecodingError),
    ("no such address", answer(302, b"", {"location": "http://127.0.0.1:port/"}), httpx.RemoteProtocolError),
]


@pytest.mark.parametrize(("act", "cause"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_answers(kind: Kind, server: ScriptedServer, act: Act, cause: type[httpx.HTTPError]) -> None:
    with pytest.raises(ClerkConnectionError, match=r"^POST /v1/probe: ") as caught:
        send(kind, probe("POST", json={}), api_url=server.play(act).url)

    assert type(caught.value) is ClerkConnectionError
    assert type(caught.value.__cause__) is cause


@pytest.mark.parametrize("act", [stall(), stall(b"HTTP/1.1 200 OK\r\n"), stall(HEAD + b"half")])
def test_timeouts(kind: Kind, server: ScriptedServer, act: Act) -> None:
    with pytest.raises(ClerkTimeoutError, match=r"^GET /v1/probe: ReadTimeout") as caught:
        send(kind, api_url=server.play(act).url, http_options={"timeout": httpx.Timeout(30, read=0.05)})

    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)


def test_an_address_that_httpx_does_not_take(kind: Kind) -> None:
    with pytest.raises(ClerkConnectionError, match="InvalidURL") as caught:
        send(kind, probe(path="/" + "a" * 100_000))

    assert isinstance(caught.value.__cause__, httpx.InvalidURL)


def test_what_a_hook_raises_reaches_the_caller_as_it_is(kind: Kind, server: ScriptedServer) -> None:
    def hook(request: httpx.Request) -> None:
        raise RuntimeError("mine")

    async def async_hook(request: httpx.Request) -> None:
        hook(request)

    hooks = {"request": [hook if kind == "sync" else async_hook]}
    with pytest.raises(RuntimeError, match=r"^mine$"):
        send(kind, api_url=server.url, http_options={"event_hooks": hooks})


# Errors as Python objects.

EVERY_CLASS = [
    value for name in clerk.__all__ if inspect.isclass(value := getattr(clerk, name)) and issubclass(value, Exception)
]


def example(error_class: type[ClerkError]) -> ClerkError:
    if issubclass(error_class, ClerkAPIResponseError):
        headers = httpx.Headers([("set-cookie", "a"), ("set-cookie", "b")])
        return error_class(
            422,
            errors=[FULL],
            clerk_trace_id="abc",
            retry_after=1.5,
            headers=headers,
            body=b"{}",
            method="GET",
            path="/v1/users",
        )
    if issubclass(error_class, ClerkDecodeError):
        return error_class("no JSON", model="User", path="data[].id", body=b"<html>")
    if issubclass(error_class, WebhookVerificationError):
        return error_class("what happened", reason="timestamp-too-old")
    if issubclass(error_class, TokenVerificationError):
        return error_class("the token is expired", reason="token-expired", action="sign in anew")
    return error_class("what happened")


@pytest.mark.parametrize("error_class", EVERY_CLASS)
@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, *(lambda e, p=p: pickle.loads(pickle.dumps(e, p)) for p in range(6))]
)
def test_errors_pickle_and_copy(error_class: type[ClerkError], duplicate: Callable[[ClerkError], ClerkError]) -> None:
    error = example(error_class)
    error.add_note("a note")
    try:
        raise error from ValueError("the cause")
    except ClerkError as raised:
        twin = duplicate(raised)

    assert type(twin) is error_class
    assert str(twin) == str(error)
    assert twin.args == error.args
    assert twin.__dict__ == error.__dict__


def test_an_error_of_ones_own_pickles_too(server: ScriptedServer) -> None:
    error = fail("sync", server, answer(404, errors(TAKEN)))

    assert pickle.loads(pickle.dumps(error)).headers == error.headers


def test_the_tree() -> None:
    assert {error_class.__name__: error_class.__mro__[1].__name__ for error_class in EVERY_CLASS} == {
        "ClerkError": "Exception",
        "ClerkConfigurationError": "ClerkError",
        "ClerkAPIResponseError": "ClerkError",
        "ClerkConnectionError": "ClerkError",
        "ClerkTimeoutError": "ClerkConnectionError",
        "ClerkDecodeError": "ClerkError",
        "WebhookVerificationError": "ClerkError",
        "TokenVerificationError": "ClerkError",
        **{name.__name__: "ClerkAPIResponseError" for status, name in CLASSES if name is not ClerkAPIResponseError},
    }


def test_an_error_can_be_made_by_hand() -> None:
    error = NotFoundError(404)

    assert str(error) == "404: the body is empty"
    assert (error.errors, error.body, error.retry_after, error.clerk_trace_id) == ([], b"", None, None)
    assert dict(error.headers) == {}


def test_a_configuration_error_is_no_response_error() -> None:
    assert not issubclass(ClerkConfigurationError, (ClerkAPIResponseError, ClerkConnectionError))

"""Arbitrary text in paths and arbitrary JSON in metadata, for every operation that takes them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clerk import AsyncClerkClient, ClerkClient, ClerkError
from tests.operations.arguments import arguments, call_arguments, only_required
from tests.operations.document import OPERATIONS, Operation, operation
from tests.support.clients import SECRET_KEY

ROOT_PATH = "/v1"
HOST = "api.clerk.com"
WITH_PATH = [found.id for found in OPERATIONS if found.path_parameters]
WITH_METADATA = [
    (found.id, name)
    for found in OPERATIONS
    if found.body
    for name in ("private_metadata", "public_metadata", "unsafe_metadata")
    if name in found.body.properties
]

SENT: list[httpx.Request] = []


def _remember(request: httpx.Request) -> httpx.Response:
    SENT.append(request)
    return httpx.Response(404)


OPTIONS: Any = {  # Any: one type per option
    "secret_key": SECRET_KEY,
    "max_retries": 0,
    "http_options": {"transport": httpx.MockTransport(_remember)},
}
CLIENT = ClerkClient(**OPTIONS)

TEXT = st.text(max_size=40)
EVIL = st.text(alphabet="./\\%?#&;:@ \t\r\n\x00\x7f2eEfF5cC+*~é\u2028\uff0e\U0001f600", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def send(called: Operation, **given_values: Any) -> httpx.Request:  # Any: whatever a parameter takes
    """Call an operation with what it requires and these arguments, and return the one request that went out.

    Path parameters that are not given get ordinary ids.
    """
    function = import_module(called.module).sync
    SENT.clear()
    with contextlib.suppress(ClerkError):  # every answer is a 404
        function(*_positional(called, given_values), client=CLIENT, **_named(called, given_values))
    (request,) = SENT
    return request


def _positional(called: Operation, given_values: dict[str, Any]) -> list[Any]:
    return [given_values.get(parameter.keyword, "id_1") for parameter in called.path_parameters]


def _named(called: Operation, given_values: dict[str, Any]) -> dict[str, Any]:
    _, keywords = call_arguments(only_required(arguments(called, 0, Path())))
    inside = {parameter.keyword for parameter in called.path_parameters}
    return {**keywords, **{name: value for name, value in given_values.items() if name not in inside}}


def segments_of(request: httpx.Request) -> list[str]:
    """The segments of the path as they go out."""
    return request.url.raw_path.decode("ascii").partition("?")[0].split("/")


def assert_reaches_its_operation(called: Operation, values: dict[str, str], request: httpx.Request) -> None:
    template = f"{ROOT_PATH}{called.path}".split("/")
    sent = segments_of(request)
    assert (request.method, request.url.scheme, request.url.host) == (called.method, "https", HOST)
    assert len(sent) == len(template)
    for wanted, segment in zip(template, sent, strict=True):
        name = re.fullmatch(r"\{(.+)\}", wanted)
        if name is None:
            assert segment == wanted
            continue
        (parameter,) = (found for found in called.path_parameters if found.name == name[1])
        value = values[parameter.keyword]
        assert unquote(segment, errors="strict") == (
            value if value.startswith(parameter.prefix) else parameter.prefix + value
        )
        assert re.fullmatch(r"[A-Za-z0-9._~%-]+", segment)
        assert segment not in (".", "..")


@pytest.mark.parametrize("operation_id", WITH_PATH)
def test_no_text_leads_out_of_the_path_of_an_operation(operation_id: str) -> None:
    called = operation(operation_id)
    names = [parameter.keyword for parameter in called.path_parameters]

    @settings(max_examples=30, deadline=None, database=None)
    @given(st.fixed_dictionaries(dict.fromkeys(names, TEXT | EVIL)))
    @example(dict.fromkeys(names, "../../users"))
    @example(dict.fromkeys(names, "%2e%2e%2fusers"))
    @example(dict.fromkeys(names, "..."))
    @example(dict.fromkeys(names, " "))
    @example(dict.fromkeys(names, "\x00\r\nHost: other.example\r\n"))
    @example(dict.fromkeys(names, "a?b=c#d"))
    @example(dict.fromkeys(names, "//other.example/"))
    @example(dict.fromkeys(names, ""))
    @example(dict.fromkeys(names, "."))
    @example(dict.fromkeys(names, ".."))
    def check(values: dict[str, str]) -> None:
        if any(value in ("", ".", "..") for value in values.values()):
            with pytest.raises(ValueError, match="it would address another resource"):
                send(called, **values)
            assert not SENT
        else:
            assert_reaches_its_operation(called, values, send(called, **values))

    check()


@pytest.mark.parametrize("operation_id", WITH_PATH)
@pytest.mark.parametrize("value", [None, 5, True, b"id_1", ["id_1"], {"id": 1}], ids=lambda v: type(v).__name__)
def test_what_is_no_text_is_refused_before_anything_is_sent(operation_id: str, value: object) -> None:
    called = operation(operation_id)
    for parameter in called.path_parameters:
        with pytest.raises(TypeError, match=f"^{parameter.keyword} must be a string, not "):
            send(called, **{parameter.keyword: value})
        assert not SENT


@pytest.mark.parametrize(("operation_id", "name"), WITH_METADATA)
def test_metadata_arrives_unchanged(operation_id: str, name: str) -> None:
    called = operation(operation_id)

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.dictionaries(TEXT, JSON, max_size=5))
    @example({})
    @example({"": None, "a": {"": []}, "b": [None, [], {}, False, 0, -0.0, 1e308, ""]})
    @example({"CamelCase": 1, "snake_case": 2, "kebab-case": 3, "with space": 4, "\u2028<script>&amp;": "\x00\x1f\x7f"})
    @example({"long": 10**100, "small": 5e-324, "deep": [[[[[[[[[[{"a": [{}]}]]]]]]]]]]})
    def check(metadata: dict[str, Any]) -> None:
        before = json.dumps(metadata)
        request = send(called, **{name: metadata})

        # As text, so that 1, 1.0 and True differ, and the order counts.
        assert json.dumps(json.loads(request.content)[name]) == before
        assert json.dumps(metadata) == before
        assert request.headers["content-type"] == "application/json"

    check()


@settings(max_examples=60, deadline=None, database=None)
@given(JSON)
def test_raw_requests_carry_any_json(body: Any) -> None:  # Any: JSON data
    SENT.clear()
    with contextlib.suppress(ClerkError):
        CLIENT.request("POST", "/things", json=body)

    assert json.dumps(json.loads(SENT[0].content)) == json.dumps(body)


@settings(max_examples=200, deadline=None, database=None)
@given(TEXT | EVIL)
@example("/users/../secrets")
@example("/users/%2E%2E/secrets")
def test_raw_requests_reach_the_path_they_name(path: str) -> None:
    SENT.clear()
    with contextlib.suppress(ValueError, ClerkError):
        CLIENT.request("GET", path)
    for request in SENT:
        assert request.url.host == HOST
        assert request.url.raw_path.decode() == ROOT_PATH + path
        assert not {".", ".."} & {unquote(segment) for segment in segments_of(request)}


@settings(max_examples=100, deadline=None, database=None)
@given(st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.lists(TEXT, min_size=1, max_size=3), max_size=4))
def test_query_values_arrive_unchanged(params: dict[str, Any]) -> None:
    SENT.clear()
    with contextlib.suppress(ClerkError):
        CLIENT.request("GET", "/things", params=params)

    def as_text(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    wanted = [
        (name, as_text(item))
        for name, value in params.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    assert SENT[0].url.params.multi_items() == wanted
    assert segments_of(SENT[0]) == ["", "v1", "things"]


LONE_SURROGATE = "\ud800"


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda client: client.users.get_user(LONE_SURROGATE), "user_id"),
        (lambda client: client.users.get_user_list(query=LONE_SURROGATE), "query"),
        (lambda client: client.request("GET", "/things", params={"a": LONE_SURROGATE}), r"params\['a'\]"),
        (lambda client: client.request("GET", "/things", params={LONE_SURROGATE: "a"}), "a key of params"),
    ],
)
def test_text_that_has_no_bytes_is_not_sent(call: Callable[[ClerkClient], object], named: str) -> None:
    SENT.clear()

    with pytest.raises(ValueError, match=rf"^{named} is not valid Unicode text: .* at index 0"):
        call(CLIENT)
    assert not SENT


def test_half_a_surrogate_pair_goes_out_escaped_in_json() -> None:
    SENT.clear()

    with contextlib.suppress(ClerkError):
        CLIENT.users.create_user(public_metadata={"a\udc00": LONE_SURROGATE})
    assert SENT[0].content == rb'{"public_metadata":{"a\udc00":"\ud800"}}'


def test_the_async_client_takes_the_same_ways() -> None:
    async def call() -> None:
        client = AsyncClerkClient(**OPTIONS)
        with pytest.raises(ClerkError):
            await client.users.get_user("../a b?c#d%2f")
        with pytest.raises(ValueError, match="another resource"):
            await client.users.get_user("..")

    SENT.clear()
    asyncio.run(call())

    assert [request.url.raw_path for request in SENT] == [b"/v1/users/..%2Fa%20b%3Fc%23d%252f"]

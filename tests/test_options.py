from __future__ import annotations

import copy
import pickle
import ssl
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from clerk import (
    API_VERSION,
    ClerkConfigurationError,
    ClerkError,
    create_async_clerk_client,
    create_clerk_client,
)
from clerk._options import VARIABLES
from clerk._secrets import Secret
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import ScriptedServer
from tests.support.transports import RecordingTransport


def sent(kind: Kind, *, credential: str = "secret_key", **options: Any) -> httpx.Request:
    """Return what a client with these options sends."""
    transport = RecordingTransport()
    options["http_options"] = {"transport": transport, **options.get("http_options", {})}
    send(kind, probe(credential=credential), **options)
    return transport.last


def make(kind: Kind, **options: Any) -> object:
    return create_clerk_client(**options) if kind == "sync" else create_async_clerk_client(**options)


# What counts: the option, then the environment, then the default.


class Row(NamedTuple):
    option: str
    given: str | None
    variable: str | None
    shows: str  # in the request


RESOLUTION = [
    Row("secret_key", "sk_test_a", "sk_test_b", shows="Bearer sk_test_a"),
    Row("secret_key", None, "sk_test_b", shows="Bearer sk_test_b"),
    Row("machine_secret_key", "ak_a", "ak_b", shows="Bearer ak_a"),
    Row("machine_secret_key", None, "ak_b", shows="Bearer ak_b"),
    Row("machine_secret_key", None, "", shows=f"Bearer {SECRET_KEY}"),
    Row("machine_secret_key", None, None, shows=f"Bearer {SECRET_KEY}"),
    Row("api_version", "2024-10-01", "2021-02-05", shows="2024-10-01"),
    Row("api_version", None, "2021-02-05", shows="2021-02-05"),
    Row("api_version", None, "", shows=API_VERSION),
    Row("api_version", None, None, shows=API_VERSION),
    Row("api_url", "https://a.example", "https://b.example", shows="https://a.example/v1/probe"),
    Row("api_url", None, "https://b.example", shows="https://b.example/v1/probe"),
    Row("api_url", None, "", shows="https://api.clerk.com/v1/probe"),
    Row("api_url", None, None, shows="https://api.clerk.com/v1/probe"),
]


@pytest.mark.parametrize("row", RESOLUTION)
def test_option_then_environment_then_default(kind: Kind, monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    if row.variable is not None:
        monkeypatch.setenv(VARIABLES[row.option], row.variable)
    options = {"secret_key": SECRET_KEY, row.option: row.given}

    request = sent(kind, credential="machine_secret_key" if "machine" in row.option else "secret_key", **options)

    assert row.shows in (request.headers["authorization"], request.headers["clerk-api-version"], str(request.url))


def test_a_bad_variable_does_not_matter_where_the_option_is_given(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_API_VERSION", "yesterday")

    assert sent(kind, api_version="v1").headers["clerk-api-version"] == API_VERSION


@pytest.mark.parametrize(
    ("api_version", "root", "header"),
    [
        ("v4", "/v1", API_VERSION),
        ("v1", "/v1", API_VERSION),
        ("v2", "/v2", API_VERSION),
        ("v12", "/v12", API_VERSION),
        ("2025-04-10", "/v1", "2025-04-10"),
    ],
)
def test_api_version(kind: Kind, api_version: str, root: str, header: str) -> None:
    request = sent(kind, api_version=api_version)

    assert request.url.path == f"{root}/probe"
    assert request.headers["clerk-api-version"] == header


@pytest.mark.parametrize(
    ("api_url", "root"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("https://api.example/", "https://api.example/v1"),
        ("https://api.example//", "https://api.example/v1"),
        ("https://api.example/v1", "https://api.example/v1"),
        ("https://api.example/v1/", "https://api.example/v1"),
        ("HTTPS://API.example", "https://api.example/v1"),
        ("https://proxy.example/clerk/", "https://proxy.example/clerk/v1"),
        ("https://proxy.example/clerk/v1", "https://proxy.example/clerk/v1"),
        ("https://[::1]:8080", "https://[::1]:8080/v1"),
    ],
)
def test_api_url(kind: Kind, api_url: str, root: str) -> None:
    assert str(sent(kind, api_url=api_url).url) == f"{root}/probe"


# What is refused, when the client is made.

BAD_TEXTS = [
    # option, value, what the error says beside the option or the variable
    ("secret_key", "   ", "blank"),
    ("secret_key", "pk_test_abc", "publishable"),
    ("secret_key", "sk_test_abc\n", "line break"),
    ("secret_key", "sk_test abc", "space"),
    ("secret_key", "sk_test_äbc", "copy nothing but the key"),
    ("machine_secret_key", "pk_test_abc", "publishable"),
    ("machine_secret_key", "\t", "blank"),
    ("api_version", "v0", "'v4', 'v1'"),
    ("api_version", "v", "'v4', 'v1'"),
    ("api_version", "4", "'v4', 'v1'"),
    ("api_version", "v1\n", "'v4', 'v1'"),
    ("api_version", "latest", API_VERSION),
    ("api_version", "2025-13-01", API_VERSION),
    ("api_version", "20250410", API_VERSION),
    ("api_version", "2025-W01-1", API_VERSION),
    ("api_url", "api.clerk.com", "scheme"),
    ("api_url", "ftp://api.clerk.com", "scheme"),
    ("api_url", "https://", "host"),
    ("api_url", "https:///v1", "host"),
    ("api_url", "https://api.clerk.com:port", "scheme"),
    ("api_url", " https://api.clerk.com", "scheme"),
    ("api_url", "https://api.clerk.com\n", "scheme"),
    ("api_url", "https://user:pass@api.clerk.com", "a user"),
    ("api_url", "https://api.clerk.com?a=b", "a query"),
    ("api_url", "https://api.clerk.com?", "a query"),
    ("api_url", "https://api.clerk.com/#top", "a fragment"),
    ("api_url", "https://api.clerk.com/v2", "api_version"),
]


@pytest.mark.parametrize(("option", "value", "says"), [*BAD_TEXTS, ("secret_key", "", "blank")])
def test_a_bad_option_is_named(kind: Kind, option: str, value: str, says: str) -> None:
    with pytest.raises(ClerkConfigurationError, match=f"^{option} ") as caught:
        make(kind, **{option: value})

    assert says in str(caught.value)
    assert "key" not in option or value.strip() == "" or value.strip() not in str(caught.value)


@pytest.mark.parametrize(("option", "value", "says"), BAD_TEXTS)
def test_a_bad_variable_is_named(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, option: str, value: str, says: str
) -> None:
    monkeypatch.setenv(VARIABLES[option], value)

    with pytest.raises(ClerkConfigurationError, match=f"^the environment variable {VARIABLES[option]} ") as caught:
        make(kind)

    assert says in str(caught.value)


BAD_VALUES: list[tuple[str, object, str]] = [
    ("secret_key", b"sk_test_abc", "a string, not bytes"),
    ("machine_secret_key", 5, "a string, not int"),
    ("api_version", 4, "a string, not int"),
    ("api_url", httpx.URL("https://api.clerk.com"), "a string, not URL"),
    ("max_retries", "2", "an int, not str"),
    ("max_retries", True, "an int, not bool"),
    ("max_retries", 2.0, "an int, not float"),
    ("max_retries", -1, "0 or more"),
    ("deadline", "60", "number of seconds, or None for no limit, not str"),
    ("deadline", True, "not bool"),
    ("deadline", 0, "more than 0"),
    ("deadline", -1.0, "more than 0"),
    ("deadline", float("inf"), "None for no limit"),
    ("deadline", float("nan"), "None for no limit"),
    ("deadline", 10**400, "less than thirty years"),
    ("deadline", -(10**400), "more than 0"),
    ("deadline", 1e300, "less than thirty years"),
    ("http_options", {"timeout": 10**400}, "less than thirty years"),
    ("strict_responses", 1, "True or False, not int"),
    ("http_options", [], "a dict, not list"),
    ("http_options", {"auth": ("a", "b")}, "has no key 'auth'"),
    ("http_options", {"base_url": "https://a.example"}, "has no key 'base_url'"),
    ("http_options", {"follow_redirects": True}, "has no key 'follow_redirects'"),
    ("http_options", {"timout": 5}, "did you mean 'timeout'?"),
    ("http_options", {"cookies": {}}, "cert, event_hooks, headers, http1, http2, limits, mounts, proxy"),
    ("http_options", {5: 5}, "has no key 5"),
    ("http_options", {"timeout": "5"}, "['timeout'] must be a number of seconds"),
    ("http_options", {"timeout": True}, "['timeout'] must be a number of seconds"),
    ("http_options", {"timeout": 0}, "['timeout'] must be more than 0"),
    ("http_options", {"headers": [("a", "b")]}, "['headers'] must be a dict"),
    ("http_options", {"headers": {"a b": "c"}}, "invalid header name: 'a b'"),
    ("http_options", {"headers": {5: "c"}}, "invalid header name: 5"),
    ("http_options", {"headers": {"": "c"}}, "invalid header name: ''"),
    ("http_options", {"headers": {"a": 5}}, "['headers']['a'] must be a string, not int"),
    ("http_options", {"headers": {"a": "b\r\nc: d"}}, "['headers']['a'] must be printable ASCII"),
    ("http_options", {"headers": {"a": "ä"}}, "['headers']['a'] must be printable ASCII"),
    ("http_options", {"headers": {"Authorization": "Bearer x"}}, "pass secret_key instead"),
    ("http_options", {"headers": {"clerk-api-version": "2021-02-05"}}, "pass api_version instead"),
    ("http_options", {"headers": {"Content-Type": "text/plain"}}, "let the client set it instead"),
    ("http_options", {"proxy": 8080}, "['proxy'] must be a URL or an httpx.Proxy, not int"),
    ("http_options", {"proxy": "proxy.example"}, "['proxy'] must be a URL such as"),
    ("http_options", {"proxy": "ftp://u:secret@proxy.example"}, "['proxy'] must be a URL such as"),
    ("http_options", {"verify": 1}, "['verify'] must be an ssl.SSLContext, a path, True or False, not int"),
    ("http_options", {"cert": 1}, "['cert'] must be a path"),
    ("http_options", {"cert": ("a", 1)}, "['cert'] must be a path"),
    ("http_options", {"cert": ()}, "['cert'] must be a path"),
    ("http_options", {"trust_env": "no"}, "['trust_env'] must be True or False"),
    ("http_options", {"limits": 5}, "['limits'] must be an httpx.Limits, not int"),
    ("http_options", {"http1": None}, "['http1'] must be True or False"),
    ("http_options", {"http2": 1}, "['http2'] must be True or False"),
    ("http_options", {"event_hooks": []}, "['event_hooks'] must be a dict"),
    ("http_options", {"event_hooks": {"requests": []}}, "no keys but 'request' and 'response'"),
    ("http_options", {"event_hooks": {"request": print}}, "['event_hooks']['request'] must be a list of functions"),
    ("http_options", {"event_hooks": {"request": ["print"]}}, "['event_hooks']['request'] must be a list of functions"),
    ("http_options", {"transport": object()}, "['transport'] must be an httpx."),
    ("http_options", {"mounts": []}, "['mounts'] must be a dict"),
    ("http_options", {"mounts": {5: None}}, "a key of http_options['mounts'] must be a string"),
    ("http_options", {"mounts": {"https://": "x"}}, "['mounts']['https://'] must be an httpx."),
]


@pytest.mark.parametrize(("option", "value", "says"), BAD_VALUES)
def test_a_value_of_the_wrong_type_or_range_is_refused(kind: Kind, option: str, value: object, says: str) -> None:
    with pytest.raises(ClerkConfigurationError) as caught:
        make(kind, **{option: value})

    assert option in str(caught.value)
    assert says in str(caught.value)
    assert "secret@" not in str(caught.value)


def test_transports_of_the_other_kind_are_refused() -> None:
    with pytest.raises(ClerkConfigurationError, match=r"httpx\.AsyncBaseTransport, not HTTPTransport"):
        make("async", http_options={"transport": httpx.HTTPTransport()})
    with pytest.raises(ClerkConfigurationError, match=r"httpx\.BaseTransport, not AsyncHTTPTransport"):
        make("sync", http_options={"transport": httpx.AsyncHTTPTransport()})


@pytest.mark.parametrize(
    ("option", "hint"), [("secretkey", "did you mean 'secret_key'"), ("zzz", "there is no option")]
)
def test_an_option_that_does_not_exist_is_a_type_error(kind: Kind, option: str, hint: str) -> None:
    with pytest.raises(TypeError, match=hint):
        make(kind, **{option: "x"})


@pytest.mark.parametrize(
    "options",
    [
        {"max_retries": 0},
        {"deadline": None},
        {"deadline": 5},
        {"strict_responses": True},
        {"http_options": {}},
        {"http_options": {"timeout": None}},
        {"http_options": {"timeout": 2.5}},
        {"http_options": {"timeout": httpx.Timeout(5, read=60)}},
        {"http_options": {"verify": False}},
        {"http_options": {"verify": ssl.create_default_context()}},
        {"http_options": {"trust_env": False, "limits": httpx.Limits(max_connections=5), "http1": True}},
        {"http_options": {"mounts": {"all://other.example": None}}},
    ],
)
def test_what_is_accepted(kind: Kind, options: dict[str, Any]) -> None:
    assert sent(kind, **options).url.path == "/v1/probe"


@pytest.mark.parametrize("as_given", [str, httpx.URL, httpx.Proxy])
def test_proxy(kind: Kind, server: ScriptedServer, as_given: Callable[[str], object]) -> None:
    send(kind, api_url="http://api.example", http_options={"proxy": as_given(server.url)})

    assert server.requests[0].target == "http://api.example/v1/probe"


# Keys.


@pytest.mark.parametrize(
    ("credential", "names"),
    [
        ("secret_key", ["CLERK_SECRET_KEY", "secret_key"]),
        ("machine_secret_key", ["CLERK_SECRET_KEY", "CLERK_MACHINE_SECRET_KEY", "machine_secret_key"]),
    ],
)
def test_a_missing_key_is_an_error_of_the_first_call_that_needs_it(
    kind: Kind, credential: str, names: list[str]
) -> None:
    transport = RecordingTransport()

    with pytest.raises(ClerkConfigurationError) as caught:
        send(kind, probe(credential=credential), secret_key=None, http_options={"transport": transport})

    assert all(name in str(caught.value) for name in names)
    assert not transport.requests


def test_a_call_that_needs_no_key_sends_none(kind: Kind) -> None:
    assert "authorization" not in sent(kind, credential="none").headers
    assert "authorization" not in sent(kind, credential="none", secret_key=None).headers


def test_the_machine_key_goes_to_calls_for_machines_only(kind: Kind) -> None:
    keys = {"secret_key": "sk_test_a", "machine_secret_key": "ak_b"}

    assert sent(kind, credential="secret_key", **keys).headers["authorization"] == "Bearer sk_test_a"
    assert sent(kind, credential="machine_secret_key", **keys).headers["authorization"] == "Bearer ak_b"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(SECRET_KEY)

    assert SECRET_KEY not in f"{secret!r} {secret}"
    assert secret.reveal() == SECRET_KEY
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_clients_cannot_be_pickled_or_copied(kind: Kind, duplicate: Callable[[object], object]) -> None:
    client = make(kind, secret_key=SECRET_KEY)

    with pytest.raises(TypeError, match="cannot be pickled or copied, since it holds a key"):
        duplicate(client)
    assert SECRET_KEY not in repr(client)


# Headers.


def test_headers_of_ones_own_go_with_every_request(kind: Kind) -> None:
    request = sent(kind, http_options={"headers": {"X-Team": "blue", "USER-AGENT": "mine"}})

    assert request.headers["x-team"] == "blue"
    assert request.headers.get_list("user-agent") == ["mine"]
    assert request.headers["authorization"] == f"Bearer {SECRET_KEY}"


# with_options.


def test_with_options_changes_what_it_is_told() -> None:
    transport = RecordingTransport()
    first = {"X-A": "1", "X-B": "1"}
    with create_clerk_client(
        secret_key="sk_test_a", api_url="https://a.example", http_options={"transport": transport, "headers": first}
    ) as client:
        changed = client.with_options(
            secret_key="sk_test_b",
            api_url=None,
            api_version="2021-02-05",
            deadline=None,
            http_options={"headers": {"x-b": "2"}, "timeout": 7},
        )
        changed._send(probe())
        client._send(probe())

    assert type(changed) is type(client)
    after, before = transport.requests
    assert str(after.url) == str(before.url) == "https://a.example/v1/probe"
    assert after.headers["authorization"] == "Bearer sk_test_b"
    assert before.headers["authorization"] == "Bearer sk_test_a"
    assert after.headers["clerk-api-version"] == "2021-02-05"
    assert before.headers["clerk-api-version"] == API_VERSION
    assert [after.headers["x-a"], *after.headers.get_list("x-b")] == ["1", "2"]
    assert [before.headers["x-a"], *before.headers.get_list("x-b")] == ["1", "1"]
    assert after.extensions["timeout"]["read"] == 7
    assert before.extensions["timeout"] == {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"http_options": {"proxy": "http://127.0.0.1:1"}}, "'proxy'] belongs to the connections"),
        ({"http_options": {"transport": RecordingTransport()}}, "'transport'] belongs to the connections"),
        ({"http_options": {"auth": 1}}, "has no key 'auth', only headers, timeout"),
        ({"http_options": 5}, "http_options must be a dict"),
        ({"secret_key": "pk_test_abc"}, "publishable"),
        ({"max_retries": -1}, "max_retries"),
    ],
)
def test_with_options_refuses_what_it_cannot_do(kind: Kind, changes: dict[str, Any], says: str) -> None:
    client = make(kind)

    with pytest.raises(ClerkConfigurationError) as caught:
        client.with_options(**changes)  # type: ignore[attr-defined]  # both clients have it

    assert says in str(caught.value)


def test_with_options_reads_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = RecordingTransport()
    with create_clerk_client(secret_key="sk_test_a", http_options={"transport": transport}) as client:
        monkeypatch.setenv("CLERK_SECRET_KEY", "sk_test_b")
        client.with_options(max_retries=0)._send(probe())

    assert transport.last.headers["authorization"] == "Bearer sk_test_a"


# What only shows when httpx is set up.


@pytest.mark.parametrize(
    "http_options",
    [{"verify": "/no/such/file.pem"}, {"cert": "/no/such/file.pem"}, {"mounts": {"not a pattern": None}}],
)
def test_what_httpx_cannot_work_with_is_a_configuration_error(kind: Kind, http_options: dict[str, Any]) -> None:
    with pytest.raises(ClerkConfigurationError, match="http_options") as caught:
        send(kind, http_options=http_options)

    assert caught.value.__cause__ is not None


def test_a_proxy_variable_that_httpx_cannot_work_with_is_a_configuration_error(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")

    with pytest.raises(ClerkConfigurationError, match="trust_env"):
        send(kind)


def test_all_of_it_is_a_clerk_error() -> None:
    with pytest.raises(ClerkError):
        create_clerk_client(max_retries=-1)

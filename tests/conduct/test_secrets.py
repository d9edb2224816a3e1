"""Secrets are planted wherever one can be, and looked for wherever something is shown."""

from __future__ import annotations

import asyncio
import copyreg
import gc
import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import tblib.pickling_support  # type: ignore[import-untyped]  # it comes without types

import clerk
from clerk import (
    ClerkAPIResponseError,
    ClerkConfigurationError,
    ClerkError,
    create_async_clerk_client,
    create_clerk_client,
    models,
)
from tests.faults.acts import nobody_listening
from tests.faults.bodies import USER, user
from tests.support.clients import Kind, probe, send
from tests.support.server import Act, ScriptedServer, answer, raw, reset, stall
from tests.support.waits import Waits

KEYS: Any = {"secret_key": "sk_live_planted_key", "machine_secret_key": "ak_planted_machine_key"}
HEADER = "planted-header-value"
QUERY = "planted-query-value@example.com"
BODY = "planted-body-value"
PASSWORD = "planted-proxy-password"
PLANTED = (*KEYS.values(), HEADER, QUERY, BODY, PASSWORD)
FAST: Any = {"verify": False, "headers": {"x-mine": HEADER}}  # Any: options of either client


class Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{self.format(record)} {record.__dict__}")


@pytest.fixture
def log() -> Iterator[list[str]]:
    """All that is logged on `clerk` and below, with everything that a record holds."""
    handler, logger = Records(), logging.getLogger("clerk")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler.texts
    logger.removeHandler(handler)
    logger.setLevel(level)


def assert_shows_nothing(text: str) -> None:
    assert [planted for planted in PLANTED if planted in text] == []


ECHO = {"errors": [{"code": "odd", "message": f"Bearer {KEYS['secret_key']}", "meta": {"k": KEYS["secret_key"]}}]}
ACTS: dict[str, Act] = {
    "an error": answer(422, {"errors": [{"code": "odd"}]}),
    "the key sent back": answer(500, ECHO),
    "the key sent back with success": answer(200, f"<{KEYS['secret_key']}>".encode()),
    "the key sent back in no known encoding": answer(200, f"\xff<{KEYS['secret_key']}>".encode("latin-1")),
    "HTML": answer(502, b"<html>"),
    "a redirect": answer(302, b"", {"location": f"https://other.example/?q={QUERY}"}),
    "reset": reset(),
    "garbage": raw(b"garbage\r\n\r\n"),
    "stall": stall(),
    "another shape": answer(200, [1]),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_errors_and_logs_show_nothing(
    kind: Kind, server: ScriptedServer, act: Act, waits: Waits, log: list[str]
) -> None:
    http_options = {**FAST, "timeout": httpx.Timeout(30, read=0.05)}
    options = {**KEYS, "api_url": server.play(act).url, "http_options": http_options}

    with pytest.raises(ClerkError) as caught:
        create_user(kind, options)

    error = caught.value
    assert_shows_nothing(str(error))
    assert_shows_nothing(repr(error))
    assert_shows_nothing("".join(traceback.format_exception(error)))
    assert not [key for key in KEYS.values() if key.encode() in pickle.dumps(error)]
    if isinstance(error, ClerkAPIResponseError):
        assert_shows_nothing(repr(error.errors))
        assert_shows_nothing(repr(error.body))
    assert log
    assert_shows_nothing("\n".join(log))


def create_user(kind: Kind, options: dict[str, Any]) -> None:
    private: Any = {"private_metadata": {"a": BODY}, "password": BODY}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            client.users.create_user(email_address=[QUERY], **private)
            return

    async def create() -> None:
        async with create_async_clerk_client(**options) as client:
            await client.users.create_user(email_address=[QUERY], **private)

    asyncio.run(create())


@pytest.fixture
def causes_are_pickled_too() -> Iterator[None]:
    """What task queues and Dask use to send an exception with its cause and its traceback."""
    before = copyreg.dispatch_table.copy()
    tblib.pickling_support.install()
    yield
    copyreg.dispatch_table.clear()
    copyreg.dispatch_table.update(before)


@pytest.mark.usefixtures("causes_are_pickled_too")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_causes_travel_without_keys(kind: Kind, server: ScriptedServer, act: Act, waits: Waits) -> None:
    options = {
        **KEYS,
        "api_url": server.play(act).url,
        "http_options": {**FAST, "timeout": httpx.Timeout(30, read=0.05)},
    }

    with pytest.raises(ClerkError) as caught:
        create_user(kind, options)

    travelled = pickle.dumps(caught.value)
    assert not [key for key in KEYS.values() if key.encode() in travelled]
    cause = caught.value.__cause__
    assert type(pickle.loads(travelled).__cause__) is type(cause)
    if cause is not None:
        assert str(cause) in str(caught.value)


def test_query_values_are_in_no_log(kind: Kind, server: ScriptedServer, log: list[str], waits: Waits) -> None:
    server.play(answer(503), reset(), answer())

    send(kind, probe(query={"q": QUERY}), api_url=server.url, http_options=FAST, **KEYS)

    assert len(log) == 5
    assert_shows_nothing("\n".join(log))


def test_drift_is_reported_without_values(kind: Kind, server: ScriptedServer, log: list[str]) -> None:
    server.play(answer(body=user(banned=BODY, email_addresses=[{"email_address": QUERY}], public_metadata=[BODY])))

    create_user(kind, {**KEYS, "api_url": server.url, "http_options": FAST})

    assert any("User at banned" in text for text in log)
    assert_shows_nothing("\n".join(log))


def test_refused(kind: Kind, log: list[str], waits: Waits) -> None:
    with nobody_listening() as url, pytest.raises(ClerkError) as caught:
        create_user(kind, {**KEYS, "api_url": url, "http_options": FAST})

    assert_shows_nothing("".join(traceback.format_exception(caught.value)))
    assert_shows_nothing("\n".join(log))


def test_clients_show_nothing(kind: Kind, server: ScriptedServer) -> None:
    options: dict[str, Any] = {**KEYS, "api_url": server.url}
    options["http_options"] = {**FAST, "proxy": f"http://user:{PASSWORD}@127.0.0.1:9"}
    client: Any = create_clerk_client(**options) if kind == "sync" else create_async_clerk_client(**options)
    state = client._state()

    for shown in (client, client.users, client.with_options(max_retries=0), state, state.options, state.options.http):
        assert_shows_nothing(repr(shown))
        assert_shows_nothing(str(shown))


@pytest.mark.parametrize(
    "options",
    [
        {"secret_key": KEYS["secret_key"] + "\n"},
        {"secret_key": "pk_" + KEYS["secret_key"]},
        {"machine_secret_key": KEYS["machine_secret_key"] + " "},
        {"secret_key": KEYS["secret_key"].encode()},
        {"api_url": f"https://user:{PASSWORD}@api.clerk.com"},
        {"api_url": f"https://api.clerk.com?key={KEYS['secret_key']}"},
        {"http_options": {"headers": {"x-mine": HEADER + "\n"}}},
        {"http_options": {"headers": {"x-mine": HEADER.encode()}}},
        {"http_options": {"headers": {"Authorization": f"Bearer {KEYS['secret_key']}"}}},
        {"http_options": {"proxy": f"odd://user:{PASSWORD}@127.0.0.1:9"}},
        {"http_options": {"proxy": f"http://user:{PASSWORD}@127.0.0.1:port"}},
    ],
    ids=str,
)
def test_configuration_errors_show_nothing(options: dict[str, Any]) -> None:
    with pytest.raises(ClerkConfigurationError) as caught:
        create_clerk_client(**options)

    assert_shows_nothing("".join(traceback.format_exception(caught.value)))


@pytest.mark.parametrize(
    "proxy",
    [
        f"odd://user:{PASSWORD}@127.0.0.1:9",
        f"http://user:{PASSWORD}@127.0.0.1:{PASSWORD}",
        f"http://u:{PASSWORD}/x@h:9",
    ],
)
def test_a_proxy_of_the_environment_shows_nothing(kind: Kind, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)

    with pytest.raises(ClerkError) as caught:
        send(kind, api_url="http://api.example", max_retries=0)

    assert_shows_nothing("".join(traceback.format_exception(caught.value)))


def test_a_proxy_that_refuses_shows_nothing(kind: Kind, server: ScriptedServer, log: list[str]) -> None:
    proxy = f"{server.play(answer(407)).url}".replace("http://", f"http://user:{PASSWORD}@")

    with pytest.raises(clerk.ClerkConnectionError) as caught:
        send(kind, api_url="https://api.example", max_retries=0, http_options={**FAST, "proxy": proxy}, **KEYS)

    assert isinstance(caught.value.__cause__, httpx.ProxyError)
    assert_shows_nothing("".join(traceback.format_exception(caught.value)))
    assert_shows_nothing("\n".join(log))
    assert server.requests[0].method == "CONNECT"
    assert KEYS["secret_key"] not in str(server.requests[0].headers)


SECRET_PROPERTIES = {
    "private_metadata": {"a": BODY},
    "unsafe_metadata": {"a": BODY},
    "public_metadata": {"a": BODY},
    "totp_secret": BODY,
}


def test_models_show_nothing() -> None:
    shown = repr(models.User.from_dict({**USER, **SECRET_PROPERTIES}))

    assert_shows_nothing(shown)
    assert shown.startswith("User(id='user_1'")
    assert len(shown) < 500


def test_errors_hold_no_request() -> None:
    """What is kept for long, in a list of errors for one, does not keep the key in memory but by its cause."""
    client = create_clerk_client(**KEYS, http_options={"transport": httpx.MockTransport(lambda _: httpx.Response(404))})
    with pytest.raises(ClerkAPIResponseError) as caught:
        client.users.get_user("user_1")

    assert not [found for found in gc.get_referents(caught.value.__dict__) if isinstance(found, httpx.Request)]

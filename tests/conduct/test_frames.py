"""No key is among the variables of the frames that travel with an error, which tools for error reports show."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

import clerk
from clerk import ClerkConfigurationError, ClerkError, ClerkTimeoutError, create_async_clerk_client, create_clerk_client
from tests.faults.acts import bare, compressed, drip, faulty, head, nobody_listening
from tests.support.server import Act, ScriptedServer, answer, raw, reset, stall
from tests.support.transports import Transport
from tests.support.waits import Waits

KEY = "sk_live_0123456789abcdefghijkl"
MACHINE_KEY = "ak_0123456789abcdefghijkl"
FAST: Any = {"verify": False}  # Any: options of either client


def rendered(error: BaseException) -> str:
    """Write an error down with all that hangs on it: causes, frames, their variables, attributes."""
    seen: set[int] = set()
    texts: list[str] = []

    def render(link: BaseException | None) -> None:
        if link is None or id(link) in seen:
            return
        seen.add(id(link))
        texts.append(f"{link} {link!r} {link.args!r} {vars(link)!r}")
        for frame, _ in traceback.walk_tb(link.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                texts.extend(f"{name}={value!r} {unfolded(value)}" for name, value in frame.f_locals.items())
        render(link.__cause__)
        render(link.__context__)

    render(error)
    return "\n".join(texts)


def unfolded(value: object) -> str:
    """Write the items of a container, as tools do that look one level deep."""
    if isinstance(value, dict):
        return repr([*value.items()])
    return repr([*value]) if isinstance(value, (list, tuple, set)) else ""


def assert_no_key(error: BaseException) -> None:
    text = rendered(error)
    assert KEY not in text
    assert MACHINE_KEY not in text


def options_of(transport: Transport, url: str, **http_options: Any) -> dict[str, Any]:  # Any: one type per option
    return {
        "secret_key": KEY,
        "machine_secret_key": MACHINE_KEY,
        "api_url": url,
        "http_options": {**FAST, "transport": transport.name, **http_options},
    }


def call(transport: Transport, options: dict[str, Any]) -> None:
    if transport.kind == "sync":
        with create_clerk_client(**options) as client:
            client.users.create_user(email_address=["ada@example.com"])
        return

    async def call_async() -> None:
        async with create_async_clerk_client(**options) as client:
            await client.users.create_user(email_address=["ada@example.com"])

    asyncio.run(call_async())


def fail(transport: Transport, options: dict[str, Any]) -> BaseException:
    """Call, and return what that ends with."""
    with pytest.raises(ClerkError) as caught:
        call(transport, options)
    return caught.value


ECHO = f"Bearer {KEY}"
ACTS: dict[str, Act] = {
    "an error": answer(422, {"errors": [{"code": "odd"}]}),
    "a passing error": answer(503, b"later"),
    "HTML": answer(200, b"<html>"),
    "another shape": answer(200, [1]),
    "nothing": raw(b""),
    "reset": reset(),
    "reset within the body": reset(head(200, "content-length: 99") + b"{"),
    "closed within the body": raw(head(200, "content-length: 99") + b"{"),
    "closed within the head": raw(b"HTTP/1.1 200 OK\r\ncontent-le"),
    "garbage": bare(b"garbage\r\n\r\n"),
    "stall": stall(),
    "stall within the body": stall(head(200, "content-length: 99") + b"{"),
    "drip": drip(head(200, "content-length: 999999")),
    "no gzip": faulty(200, b"plain", {"content-encoding": "gzip"}),
    "a huge body": faulty(200, compressed("x" * 3_000_000), {"content-encoding": "gzip"}),
    "the key in an error": answer(500, ECHO.encode(), {"x-echo": ECHO, "x-clerk-trace-id": KEY}),
    "the key in the head": raw(f"HTTP/1.1 200 {ECHO}\r\nx-echo: {ECHO}\r\ncontent-length: 9\r\n\r\n".encode()),
    "the key in place of HTTP": bare(f"{ECHO}\r\n\r\n".encode()),
    "the key with success": answer(200, ECHO.encode(), {"x-echo": ECHO, "cf-ray": KEY}),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_failures(transport: Transport, server: ScriptedServer, act: Act, waits: Waits) -> None:
    options = options_of(transport, server.play(act).url, timeout=httpx.Timeout(30, read=0.1))

    assert_no_key(fail(transport, {**options, "deadline": 0.5, "max_response_size": 1_000_000}))


def test_nobody_listens(transport: Transport, waits: Waits) -> None:
    with nobody_listening() as url:
        assert_no_key(fail(transport, options_of(transport, url)))


@pytest.mark.parametrize("act", [answer(407), raw(b""), reset(), stall(), bare(b"garbage\r\n\r\n")])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_through_a_proxy(transport: Transport, server: ScriptedServer, act: Act, scheme: str, waits: Waits) -> None:
    options = options_of(transport, f"{scheme}://api.example", proxy=server.play(act).url, timeout=0.1)

    assert_no_key(fail(transport, options))


def test_no_tls_where_tls_is_due(transport: Transport, server: ScriptedServer, waits: Waits) -> None:
    options = options_of(transport, server.play(raw(b"")).url.replace("http:", "https:"), timeout=0.3)

    assert_no_key(fail(transport, options))


async def test_a_time_limit_of_the_callers_own(server: ScriptedServer) -> None:
    proxy = server.play(stall()).url
    for name in ("httpx", "httpx2", "aiohttp"):
        options = options_of(Transport("async", name), "http://api.example", proxy=proxy)
        async with create_async_clerk_client(**options) as client:
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.2):
                    await client.users.get_user("user_1")
        assert_no_key(caught.value)


def test_closed_while_it_waits(server: ScriptedServer) -> None:
    """See `test_lifecycle` for the rest."""
    client = create_clerk_client(secret_key=KEY)
    client.close()
    with pytest.raises(ClerkError, match="closed") as caught:
        client.users.get_user("user_1")

    assert_no_key(caught.value)


BAD: list[dict[str, Any]] = [
    {"secret_key": KEY + "\n"},
    {"secret_key": f'"{KEY}"'},
    {"secret_key": KEY.encode()},
    {"secret_key": "pk_" + KEY},
    {"machine_secret_key": MACHINE_KEY + " x"},
    {"secret_key": KEY, "max_retries": -1},
    {"secret_key": KEY, "machine_secret_key": MACHINE_KEY, "http_options": {"odd": 1}},
    {"secret_key": KEY, "deadlin": 3},
]


def default(**options: Any) -> object:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in options.items():
            patch.setenv(f"CLERK_{name.upper()}", value if isinstance(value, str) else f"'{value}'")
        return clerk.clerk_client.users.get_user("user_1")


def changed(**options: Any) -> object:
    with create_clerk_client() as client:
        return client.with_options(**options)


@contextmanager
def refused() -> Iterator[list[BaseException]]:
    found: list[BaseException] = []
    with pytest.raises((ClerkConfigurationError, TypeError)) as caught:
        yield found
    found.append(caught.value)


@pytest.mark.parametrize("options", BAD, ids=str)
@pytest.mark.parametrize(
    "make", [create_clerk_client, clerk.ClerkClient, create_async_clerk_client, clerk.AsyncClerkClient, changed]
)
def test_options_that_are_refused(make: Callable[..., object], options: dict[str, Any]) -> None:
    with refused() as found:
        make(**options)

    assert_no_key(found[0])


@pytest.mark.parametrize("options", BAD[:2] + BAD[3:5], ids=str)
def test_variables_that_are_refused(options: dict[str, Any]) -> None:
    with refused() as found:
        default(**options)

    assert_no_key(found[0])


def test_the_check_finds_what_is_there() -> None:
    def leak(key: str) -> None:
        raise ClerkTimeoutError("late")

    with pytest.raises(ClerkTimeoutError) as caught:
        exec(compile("leak(key)", "elsewhere.py", "exec"), {}, {"leak": leak, "key": KEY})

    assert KEY in rendered(caught.value)

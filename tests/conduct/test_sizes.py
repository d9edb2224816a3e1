"""Bodies that grow: however small they are on the way, no more than the client's limit is made of them."""

from __future__ import annotations

import asyncio
import functools
import gc
import gzip
import resource
import weakref
import zlib
from typing import Any

import pytest

from clerk import ClerkAPIResponseError, ClerkDecodeError, create_async_clerk_client
from tests.faults.acts import faulty
from tests.support.clients import SECRET_KEY, probe
from tests.support.server import ScriptedServer
from tests.support.transports import Transport

# One worker makes the gigabyte.
pytestmark = pytest.mark.xdist_group("sizes")

LIMIT = 1_000_000
MEGABYTES_64 = 67_108_864
CODINGS = {"content-encoding": "gzip, gzip"}


def packed(size: int, times: int) -> bytes:
    """Return zeros, compressed again and again."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(65_536)
    body = b"".join([*(compressor.compress(zeros) for _ in range(size // len(zeros))), compressor.flush()])
    for _ in range(times - 1):
        body = gzip.compress(body, 9, mtime=0)
    return body


@functools.cache
def bomb() -> bytes:
    """Return a few kilobytes that become a gigabyte."""
    return packed(1_073_741_824, 2)


def send(transport: Transport, server: ScriptedServer, **options: Any) -> bytes:  # Any: one type per option
    http_options = {"verify": False, **options.pop("http_options", {})}
    return transport.send(api_url=server.url, http_options=http_options, **options).content


def test_a_body_within_the_limit(transport: Transport, server: ScriptedServer) -> None:
    server.play(faulty(200, packed(LIMIT - LIMIT % 65_536, 2), CODINGS))

    assert send(transport, server, max_response_size=LIMIT) == bytes(LIMIT - LIMIT % 65_536)


def test_a_response_takes_no_memory_once_nobody_needs_it(transport: Transport, server: ScriptedServer) -> None:
    """However rarely the garbage collector comes."""
    server.play(faulty(200, b"x" * LIMIT, {}))
    gc.disable()
    try:
        response = transport.send(api_url=server.url, http_options={"verify": False})
        remembered = weakref.ref(response)
        assert response.content == response.read() == b"x" * LIMIT
        del response
        assert remembered() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("headers", [{}, {"content-encoding": "gzip"}, {"content-encoding": "deflate"}])
def test_a_body_of_one_byte_more(transport: Transport, server: ScriptedServer, headers: dict[str, str]) -> None:
    body = b"x" * (LIMIT + 1)
    coded = {"gzip": gzip.compress(body), "deflate": zlib.compress(body)}.get(headers.get("content-encoding", ""), body)
    server.play(faulty(200, coded, headers))

    with pytest.raises(ClerkDecodeError, match="larger than max_response_size, 1000000 bytes") as caught:
        send(transport, server, max_response_size=LIMIT)

    assert caught.value.body == b"x" * 65_536
    assert len(server.requests) == 1
    assert send(transport, server, max_response_size=LIMIT + 1) == body


def test_a_gigabyte_in_a_few_bytes(transport: Transport, server: ScriptedServer) -> None:
    assert len(bomb()) < 10_000
    server.play(faulty(200, bomb(), CODINGS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ClerkDecodeError, match=f"larger than max_response_size, {MEGABYTES_64} bytes"):
        send(transport, server)

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 4 * MEGABYTES_64


def test_a_gigabyte_of_error(transport: Transport, server: ScriptedServer) -> None:
    server.play(faulty(500, bomb(), CODINGS))

    with pytest.raises(ClerkAPIResponseError) as caught:
        send(transport, server)

    assert caught.value.body == bytes(65_536)


@pytest.mark.parametrize("coding", ["br", "zstd", "odd"])
def test_codings_that_nobody_asked_for(transport: Transport, server: ScriptedServer, coding: str) -> None:
    server.play(faulty(200, b"x", {"content-encoding": coding}))

    assert send(transport, server) == b"x"


async def test_the_event_loop_goes_on_meanwhile(server: ScriptedServer) -> None:
    server.play(faulty(200, bomb(), CODINGS))
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=server.url, http_options={"verify": False}
    ) as client:
        counting = asyncio.create_task(count())
        with pytest.raises(ClerkDecodeError):
            await client._send(probe())
        counting.cancel()

    assert turns > MEGABYTES_64 // 262_144


def test_the_deadline_holds_meanwhile(transport: Transport, server: ScriptedServer) -> None:
    server.play(faulty(200, bomb(), CODINGS))

    with pytest.raises(Exception, match=r"deadline of 0\.2 s"):
        send(transport, server, max_response_size=2_000_000_000, deadline=0.2)

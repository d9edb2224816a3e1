"""A proxy on the loopback interface that is spoken to by TLS, and leads on to whatever it is asked for."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue


@contextmanager
def tunnel(tls: ssl.SSLContext) -> Iterator[str]:
    """Yield the URL of a proxy that leads to servers on the loopback interface, each by CONNECT."""
    begun: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = SimpleQueue()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(tls, begun)), daemon=True)
    thread.start()
    loop, ended, port = begun.get(timeout=20)
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)


async def _serve(tls: ssl.SSLContext, begun: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]]) -> None:
    ended, leading = asyncio.Event(), set[asyncio.Task[None]]()

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_lead(reader, writer))
        leading.add(task)
        task.add_done_callback(leading.discard)

    server = await asyncio.start_server(lead, "127.0.0.1", ssl=tls)
    begun.put((asyncio.get_running_loop(), ended, server.sockets[0].getsockname()[1]))
    await ended.wait()
    server.close()
    for task in leading:
        task.cancel()
    await asyncio.gather(*leading, return_exceptions=True)
    await asyncio.sleep(0)  # for the transports to close


async def _lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.decode("latin-1").split(" ", 2)
            assert method == "CONNECT"
            host, _, port = target.rpartition(":")
            await _lead_to(host, int(port), reader, writer)
    finally:
        writer.transport.abort()


async def _lead_to(host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        there, back = await asyncio.open_connection(host, port)
    except OSError:
        writer.write(b"HTTP/1.1 502 Nobody There\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        return
    try:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        ways = [asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
    finally:
        back.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()


__all__ = ["tunnel"]

"""A service that speaks HTTP/2 without TLS, in the event loop of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded

from tests.support.waits import until_async


@dataclass
class Service:
    """What a service has seen, and how it answers.

    Attributes:
        url: Its URL.
        connections: How many connections there were.
        requests: How many requests.
        is_silent: Whether it answers nothing.
        open: The connections that are open.
    """

    url: str = ""
    connections: int = 0
    requests: int = 0
    is_silent: bool = False
    open: set[Conversation] = field(default_factory=set)

    def break_off(self) -> None:
        """Break all connections."""
        for conversation in self.open:
            conversation.transport.abort()


class Conversation(asyncio.Protocol):
    """One connection of a service."""

    transport: asyncio.Transport

    def __init__(self, service: Service) -> None:
        self._service = service
        self._state = H2Connection(H2Configuration(client_side=False))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._service.connections += 1
        self._service.open.add(self)
        self._state.initiate_connection()
        transport.write(self._state.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self._state.receive_data(data):
            if isinstance(event, RequestReceived):
                self._service.requests += 1
            elif isinstance(event, StreamEnded) and not self._service.is_silent:
                self._state.send_headers(event.stream_id, [(":status", "200"), ("content-length", "2")])
                self._state.send_data(event.stream_id, b"{}", end_stream=True)
        self.transport.write(self._state.data_to_send())

    def connection_lost(self, exc: Exception | None) -> None:
        self._service.open.discard(self)


@asynccontextmanager
async def http2_service() -> AsyncIterator[Service]:
    """A service in this event loop; at the end no connection may be left."""
    service = Service()
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(service), "127.0.0.1", backlog=1000)
    async with server:
        service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield service
        await until_async(lambda: not service.open)


__all__ = ["Service", "http2_service"]

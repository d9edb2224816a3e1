"""httpx transports that call the local service without any network."""

from __future__ import annotations

import time
from typing import Protocol

import httpx

from .._answers import Answer
from .faults import Fault
from .incoming import Incoming


class Answering(Protocol):
    """What answers the requests: a `Service`."""

    def take_fault(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request, if any."""
        ...

    def respond(self, request: Incoming, fault: Fault | None) -> Answer | None:
        """Answer a request, or return None to drop the connection."""
        ...


class _Local:
    """The base of the transports that call the local service.

    Args:
        service: The service.
        takes_any_key: Whether any key is accepted.
    """

    def __init__(self, service: Answering, *, takes_any_key: bool = False) -> None:
        self._service = service
        self._takes_any_key = takes_any_key

    def _incoming(self, request: httpx.Request, body: bytes) -> Incoming:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        return Incoming(request.method, path, query, headers, body, origin, self._takes_any_key)


class LocalTransport(_Local, httpx.BaseTransport):
    """Sends the requests of an `httpx.Client` to the local service."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.TransportError: The test asked for a dropped connection or a delayed response.
        """
        incoming = self._incoming(request, request.read())
        fault = self._service.take_fault(incoming.method, incoming.path)
        if fault is None or not fault.delay:
            return _response(request, self._service.respond(incoming, fault))
        done = [self._service.respond(incoming, fault)] if fault.carried_out else []
        patience = _patience(request)
        time.sleep(min(fault.delay, patience))
        _check_delay(request, fault.delay, patience)
        return _response(request, done[0] if done else self._service.respond(incoming, fault))


class AsyncLocalTransport(_Local, httpx.AsyncBaseTransport):
    """Sends the requests of an `httpx.AsyncClient` to the local service."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.TransportError: The test asked for a dropped connection or a delayed response.
        """
        incoming = self._incoming(request, await request.aread())
        fault = self._service.take_fault(incoming.method, incoming.path)
        if fault is None or not fault.delay:
            return _response(request, self._service.respond(incoming, fault))
        done = [self._service.respond(incoming, fault)] if fault.carried_out else []
        import asyncio  # those who delay nothing may have no use for it

        patience = _patience(request)
        await asyncio.sleep(min(fault.delay, patience))
        _check_delay(request, fault.delay, patience)
        return _response(request, done[0] if done else self._service.respond(incoming, fault))


class StandInTransport(LocalTransport, AsyncLocalTransport):
    """Sends the requests of either kind of client to the local service."""


def _response(request: httpx.Request, answer: Answer | None) -> httpx.Response:
    if answer is None:
        raise httpx.ReadError("the local service dropped the connection", request=request)
    headers = {"content-length": str(len(answer.body)), **answer.headers}
    return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)


def _patience(request: httpx.Request) -> float:
    read: float | None = request.extensions.get("timeout", {}).get("read")
    return float("inf") if read is None else read


def _check_delay(request: httpx.Request, delay: float, patience: float) -> None:
    if delay > patience:
        raise httpx.ReadTimeout(f"the local service took longer than {patience:g} s", request=request)

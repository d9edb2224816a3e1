"""Transports of httpx that lead to the local service without any network."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import httpx

from .._answers import Answer
from .faults import Fault


class Answering(Protocol):
    """What answers the requests: a `Service`."""

    def take_fault(self, method: str, path: str) -> Fault | None:
        """Return what is to go wrong with a request."""
        ...

    def respond(self, request: Incoming, fault: Fault | None) -> Answer | None:
        """Answer a request, or return None where the connection breaks off."""
        ...


class Incoming:
    """A request on its way in.

    Args:
        method: The HTTP method.
        target: Path and query, as they were sent.
        headers: The headers, with names in lower case.
        body: The body.
        api_url: The URL that the service is reached at.
    """

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes, api_url: str) -> None:
        self.method = method
        self.path, _, self.query = target.partition("?")
        self.headers = headers
        self.body = body
        self.api_url = api_url


class LocalTransport(httpx.BaseTransport):
    """Leads the requests of an `httpx.Client` to the local service."""

    def __init__(self, service: Answering) -> None:
        self._service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.TransportError: The test asked for a connection that breaks off, or an answer that is late.
        """
        incoming = _incoming(request, request.read())
        fault = self._service.take_fault(incoming.method, incoming.path)
        if fault is not None and fault.delay:
            patience = _patience(request)
            time.sleep(min(fault.delay, patience))
            _check_delay(request, fault.delay, patience)
        return _response(request, self._service.respond(incoming, fault))


class AsyncLocalTransport(httpx.AsyncBaseTransport):
    """Leads the requests of an `httpx.AsyncClient` to the local service."""

    def __init__(self, service: Answering) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.TransportError: The test asked for a connection that breaks off, or an answer that is late.
        """
        incoming = _incoming(request, await request.aread())
        fault = self._service.take_fault(incoming.method, incoming.path)
        if fault is not None and fault.delay:
            patience = _patience(request)
            await asyncio.sleep(min(fault.delay, patience))
            _check_delay(request, fault.delay, patience)
        return _response(request, self._service.respond(incoming, fault))


def _incoming(request: httpx.Request, body: bytes) -> Incoming:
    headers = {name.lower(): value for name, value in request.headers.items()}
    target = request.url.raw_path.decode("ascii")
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return Incoming(request.method, target, headers, body, origin)


def _response(request: httpx.Request, answer: Answer | None) -> httpx.Response:
    if answer is None:
        raise httpx.ReadError("the local service broke the connection off", request=request)
    headers = {"content-length": str(len(answer.body)), **answer.headers}
    return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)


def _patience(request: httpx.Request) -> float:
    read: float | None = request.extensions.get("timeout", {}).get("read")
    return float("inf") if read is None else read


def _check_delay(request: httpx.Request, delay: float, patience: float) -> None:
    if delay > patience:
        raise httpx.ReadTimeout(f"the local service took longer than {patience:g} s", request=request)

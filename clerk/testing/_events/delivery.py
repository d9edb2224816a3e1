"""Delivers webhooks: to an ASGI or WSGI app in this process, or over HTTP."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from clerk.events import Event

from .signing import sign_webhook

_ORIGIN = "http://testserver"  # the host name that test clients of frameworks use
_TIMEOUT = 15.0  # as long as Clerk waits

App = Callable[..., Any]  # what ASGI and WSGI have in common
Order = Callable[[list[Event]], Iterable[Event]]


class DeliveryError(AssertionError):
    """A webhook was not accepted. If the app raised an exception, it is the cause."""


@dataclass(frozen=True)
class Delivery:
    """The outcome of one event's delivery.

    Attributes:
        event: The event.
        statuses: The HTTP status of each attempt; 0 if there was no response.
        error: What the last attempt raised, or None.
    """

    event: Event
    statuses: list[int] = field(default_factory=list)
    error: Exception | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the last attempt was answered with 200 to 299; a redirect is not a success."""
        return bool(self.statuses) and 200 <= self.statuses[-1] < 300


def deliver(
    events: Iterable[Event], receiver: App | str, path: str, *, signing_secret: str | None, attempts: int
) -> list[Delivery]:
    """Post each event until it is accepted.

    Args:
        events: The events, in the order in which they are sent.
        receiver: An ASGI app, a WSGI app, or the URL of an endpoint.
        path: The path of the endpoint in an app.
        signing_secret: The endpoint's signing secret.
        attempts: How many times each is sent at most, with a new signature each time.
    """
    send = _sender(receiver, path)
    return [_deliver(event, send, signing_secret, attempts) for event in events]


def _deliver(event: Event, send: Callable[..., int], signing_secret: str | None, attempts: int) -> Delivery:
    statuses: list[int] = []
    error: Exception | None = None
    for _ in range(attempts):
        body, headers = sign_webhook(event, signing_secret=signing_secret)
        try:
            statuses.append(send(content=body, headers=headers))
            error = None
        except Exception as raised:  # noqa: BLE001  # a server would answer 500 to any exception
            statuses.append(0 if isinstance(raised, httpx.HTTPError) else 500)
            error = raised
        if 200 <= statuses[-1] < 300:
            break
    return Delivery(event, statuses, error)


def _sender(receiver: App | str, path: str) -> Callable[..., int]:
    if isinstance(receiver, str):
        return lambda **request: httpx.post(receiver, timeout=_TIMEOUT, **request).status_code
    url = f"{_ORIGIN}/{path.lstrip('/')}"
    if inspect.iscoroutinefunction(receiver) or inspect.iscoroutinefunction(type(receiver).__call__):
        return lambda **request: _elsewhere(lambda: asyncio.run(_post(receiver, url, request)))
    transport = httpx.WSGITransport(receiver)

    def send(**request: Any) -> int:
        with httpx.Client(transport=transport) as client:
            return client.post(url, **request).status_code

    return send


async def _post(app: App, url: str, request: dict[str, Any]) -> int:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        return (await client.post(url, **request)).status_code


def _elsewhere(call: Callable[[], int]) -> int:
    """Call it in another thread: this one may be running an event loop, which can't run another inside."""
    outcome: list[int | BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001  # raised again in the calling thread
            outcome.append(error)

    thread = threading.Thread(target=run, name="local-clerk-delivery")
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


__all__ = ["App", "Delivery", "DeliveryError", "Order", "deliver"]

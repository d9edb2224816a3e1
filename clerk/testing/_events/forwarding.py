"""Forwards events to an endpoint as they happen, for a service that runs as a process of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .delivery import Delivery, deliver
from .messages import Message

PAUSES = (5.0, 60.0)
"""The seconds before each further attempt; Clerk waits longer, and makes more attempts."""


@contextmanager
def forwarding(
    url: str,
    signing_secret: str,
    listeners: list[Callable[[Message], None]],
    tell: Callable[[str], None],
    pauses: tuple[float, ...] = PAUSES,
) -> Iterator[None]:
    """Forward events while the context is open, each until it is accepted or given up.

    Args:
        url: The endpoint's URL.
        signing_secret: Its signing secret.
        listeners: The places to listen at.
        tell: Called with a line about each attempt.
        pauses: The seconds before each further attempt.
    """
    forwarder = _Forwarder(url, signing_secret, tell, pauses)
    listeners.append(forwarder.take)
    try:
        yield
    finally:
        listeners.remove(forwarder.take)
        forwarder.end()


class _Forwarder:
    """Sends messages one after another, in a thread; failed ones are retried later, while others continue."""

    def __init__(self, url: str, signing_secret: str, tell: Callable[[str], None], pauses: tuple[float, ...]) -> None:
        self._url = url
        self._signing_secret = signing_secret
        self._tell = tell
        self._pauses = pauses
        self._messages: queue.Queue[tuple[Message, int] | None] = queue.Queue()
        self._waiting: set[threading.Timer] = set()
        self._thread = threading.Thread(target=self._run, name="local-clerk-webhooks", daemon=True)
        self._thread.start()

    def take(self, message: Message) -> None:
        """Accept a message."""
        self._messages.put((message, 0))

    def end(self) -> None:
        """Send the messages that wait for their first attempt, and give up the rest."""
        for timer in list(self._waiting):
            timer.cancel()
        self._messages.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._messages.get()) is not None:
            message, attempt = item
            (delivery,) = deliver([message.event], self._url, "", signing_secret=self._signing_secret, attempts=1)
            pause = None
            if not delivery.is_accepted and attempt < len(self._pauses):
                pause = self._pauses[attempt]
                self._send_again(message, attempt + 1, pause)
            self._tell(_line(delivery, pause))

    def _send_again(self, message: Message, attempt: int, pause: float) -> None:
        timer = threading.Timer(pause, lambda: self._messages.put((message, attempt)))
        timer.daemon = True
        self._waiting = {one for one in self._waiting if one.is_alive()} | {timer}
        timer.start()


def _line(delivery: Delivery, pause: float | None) -> str:
    result = str(delivery.statuses[-1]) if delivery.statuses[-1] else f"no response ({type(delivery.error).__name__})"
    again = "" if delivery.is_accepted else ", given up" if pause is None else f", again in {pause:g} s"
    return f"{delivery.event.type} {delivery.event.message_id}: {result}{again}"


__all__ = ["PAUSES", "forwarding"]

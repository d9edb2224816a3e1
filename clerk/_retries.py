"""When a request is sent again, how long to wait before, and when a call must end."""

from __future__ import annotations

import random
import ssl
import time
from typing import TYPE_CHECKING

import httpx

from ._errors import ClerkAPIResponseError, ClerkConnectionError, ClerkTimeoutError
from ._logging import TryLog

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_RETRY_AFTER = 60.0
"""The longest wait, in seconds, that the service can ask for; a longer one is for the caller to decide on."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0

# What a second request of the same kind changes nothing about (RFC 9110, section 9.2.2).
_IDEMPOTENT = frozenset(("DELETE", "GET", "HEAD", "PUT"))
_PASSING_STATUSES = frozenset((502, 503, 504))

# No connection was made, so that the service cannot have acted.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# A connection broke, or nothing came in time.
_BROKEN_OFF = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, ssl.SSLError)


class Call:
    """One call with all its tries.

    Attributes:
        where: The method and path of its request, for messages.
        attempt: Which try this is, counted from 1.
    """

    def __init__(self, method: str, where: str, max_retries: int, deadline: float | None) -> None:
        self.where = where
        self.attempt = 1
        self._is_idempotent = method in _IDEMPOTENT
        self._max_retries = max_retries
        self._deadline = deadline
        self._ends_at = None if deadline is None else time.monotonic() + deadline

    def timeout(self, timeout: httpx.Timeout) -> httpx.Timeout:
        """Return the timeout of a try: the one that was set, but no part of it beyond the call's deadline.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        remaining = self._remaining()
        if remaining is None:
            return timeout
        self.check()
        parts = (timeout.connect, timeout.read, timeout.write, timeout.pool)
        if all(part is not None and part <= remaining for part in parts):
            return timeout
        connect, read, write, pool = (remaining if part is None else min(part, remaining) for part in parts)
        return httpx.Timeout(connect=connect, read=read, write=write, pool=pool)

    def check(self) -> None:
        """Raise where the call must have ended.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        remaining = self._remaining()
        if remaining is not None and remaining <= 0:
            raise self.expired()

    def expired(self) -> ClerkTimeoutError:
        """Return the exception for a call that took longer than its deadline."""
        tries = "1 try" if self.attempt == 1 else f"{self.attempt} tries"
        return ClerkTimeoutError(f"{self.where}: not done within the deadline of {self._deadline:g} s, after {tries}")

    def log(self) -> TryLog:
        """Return the log of the try that begins now."""
        return TryLog(self.where, self.attempt)

    def next_try(self, error: ClerkAPIResponseError | ClerkConnectionError) -> float | None:
        """Decide whether a failed try is followed by another, and count it.

        Args:
            error: How the try ended.

        Returns:
            The seconds to wait before the next try; None where the error is the call's end.
        """
        if self.attempt > self._max_retries or (wait := self._wait_after(error)) is None:
            return None
        remaining = self._remaining()
        if remaining is not None and wait >= remaining:
            return None
        reason = f"status {error.status_code}" if isinstance(error, ClerkAPIResponseError) else _name_of_cause(error)
        self.log().waits(wait, reason)
        self.attempt += 1
        return wait

    def _wait_after(self, error: ClerkAPIResponseError | ClerkConnectionError) -> float | None:
        if isinstance(error, ClerkConnectionError):
            failure = error.__cause__
            can_repeat = isinstance(failure, _NOT_SENT) or (self._is_idempotent and isinstance(failure, _BROKEN_OFF))
            return self._backoff() if can_repeat else None
        if error.status_code != 429 and not (self._is_idempotent and error.status_code in _PASSING_STATUSES):
            return None
        if error.retry_after is None:
            return self._backoff()
        return error.retry_after if error.retry_after <= LONGEST_RETRY_AFTER else None

    def _backoff(self) -> float:
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(self.attempt - 1, 10))
        return random.uniform(0, longest)  # noqa: S311  spreads clients out, hides nothing

    def _remaining(self) -> float | None:
        return None if self._ends_at is None else self._ends_at - time.monotonic()


def _name_of_cause(error: ClerkConnectionError) -> str:
    return type(error.__cause__).__name__


class DeadlineStream(httpx.SyncByteStream):
    """A body that is given up between two chunks once the call's deadline has passed."""

    def __init__(self, stream: httpx.SyncByteStream, call: Call) -> None:
        self._stream = stream
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._call.check()
            yield chunk

    def close(self) -> None:
        self._stream.close()


__all__ = ["LONGEST_RETRY_AFTER", "Call", "DeadlineStream"]

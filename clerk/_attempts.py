"""Whether a request is retried, how long to wait before that, and when a call must end."""

from __future__ import annotations

import random
import ssl
from typing import TYPE_CHECKING

from ._deadline import Deadline
from ._errors import ClerkAPIResponseError, ClerkConnectionError, ClerkTimeoutError
from ._library import errors
from ._logging import TryLog

if TYPE_CHECKING:
    from ._http_settings import Timeouts

LONGEST_RETRY_AFTER = 60.0
"""The longest `Retry-After`, in seconds, that is waited out; if it is longer, the caller gets the error."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0

# Sending one of these twice has the same effect as sending it once (RFC 9110, section 9.2.2).
IDEMPOTENT = frozenset(("DELETE", "GET", "HEAD", "PUT"))
_TRANSIENT_STATUSES = frozenset((502, 503, 504))


class Attempts:
    """The attempts of one call: how many there were, whether there is another, and when the call must have ended.

    Attributes:
        where: The method and path of the request, for messages.
        number: The number of the current attempt, counted from 1.
        deadline: When the call must have ended.
    """

    def __init__(self, where: str, max_retries: int, deadline: float | None, *, is_idempotent: bool) -> None:
        self.where = where
        self.number = 1
        self.deadline = Deadline(deadline)
        self._is_idempotent = is_idempotent
        self._max_retries = max_retries

    def timeouts(self, timeouts: Timeouts) -> Timeouts:
        """Return the timeouts of an attempt: the configured ones, but none longer than what is left of the deadline.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        self.check()
        remaining = self.deadline.remaining()
        if remaining is None or all(part is not None and part <= remaining for part in timeouts.values()):
            return timeouts
        return {name: remaining if part is None else min(part, remaining) for name, part in timeouts.items()}

    def check(self) -> None:
        """Raise if the call must have ended by now.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        if self.deadline.has_passed():
            raise self.expired()

    def expired(self) -> ClerkTimeoutError:
        """Return the exception for a call that took longer than its deadline."""
        attempts = "1 attempt" if self.number == 1 else f"{self.number} attempts"
        seconds = self.deadline.seconds
        return ClerkTimeoutError(f"{self.where}: not done within the deadline of {seconds:g} s, after {attempts}")

    def log(self) -> TryLog:
        """Return the log of the attempt that begins now."""
        return TryLog(self.where, self.number)

    def next_wait(self, error: ClerkAPIResponseError | ClerkConnectionError) -> float | None:
        """Decide whether a failed attempt is followed by another, and count it.

        Args:
            error: How the attempt ended.

        Returns:
            How many seconds to wait before the next attempt; None if there is none, and the caller gets the error.
        """
        if self.number > self._max_retries or (wait := self._wait_after(error)) is None:
            return None
        remaining = self.deadline.remaining()
        if remaining is not None and wait >= remaining:
            return None
        reason = f"status {error.status_code}" if isinstance(error, ClerkAPIResponseError) else _name_of_cause(error)
        self.log().waits(wait, reason)
        self.number += 1
        return wait

    def _wait_after(self, error: ClerkAPIResponseError | ClerkConnectionError) -> float | None:
        if isinstance(error, ClerkConnectionError):
            can_repeat = _was_not_sent(error) or (self._is_idempotent and _broke_off(error))
            return self._backoff() if can_repeat else None
        if error.status_code != 429 and not (self._is_idempotent and error.status_code in _TRANSIENT_STATUSES):
            return None
        if error.retry_after is None:
            return self._backoff()
        return error.retry_after if error.retry_after <= LONGEST_RETRY_AFTER else None

    def _backoff(self) -> float:
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(self.number - 1, 10))
        return random.uniform(0, longest)  # noqa: S311  spreads clients out, hides nothing


def _was_not_sent(error: ClerkConnectionError) -> bool:
    """Return whether no connection was made, so that the service cannot have acted on the request."""
    return isinstance(error.__cause__, errors("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"))


def _broke_off(error: ClerkConnectionError) -> bool:
    """Return whether the connection broke, or timed out."""
    kinds = errors("TimeoutException", "NetworkError", "RemoteProtocolError")
    return isinstance(error.__cause__, (*kinds, ssl.SSLError))


def _name_of_cause(error: ClerkConnectionError) -> str:
    return type(error.__cause__).__name__


__all__ = ["IDEMPOTENT", "LONGEST_RETRY_AFTER", "Attempts"]

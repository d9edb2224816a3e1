"""When a request is sent again, how long to wait before, and when a call must end."""

from __future__ import annotations

import random
import ssl

from ._deadline import Deadline
from ._errors import ClerkAPIResponseError, ClerkConnectionError, ClerkTimeoutError
from ._http_options import Timeouts
from ._library import errors
from ._logging import TryLog

LONGEST_RETRY_AFTER = 60.0
"""The longest wait, in seconds, that the service can ask for; a longer one is for the caller to decide on."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0

# What a second request of the same kind changes nothing about (RFC 9110, section 9.2.2).
IDEMPOTENT = frozenset(("DELETE", "GET", "HEAD", "PUT"))
_PASSING_STATUSES = frozenset((502, 503, 504))


class Attempts:
    """The tries of one call: how many there were, whether there is another, when the last of them must have ended.

    Attributes:
        where: The method and path of the request, for messages.
        number: Which try this is, counted from 1.
        deadline: When the call must have ended.
    """

    def __init__(self, where: str, max_retries: int, deadline: float | None, *, is_idempotent: bool) -> None:
        self.where = where
        self.number = 1
        self.deadline = Deadline(deadline)
        self._is_idempotent = is_idempotent
        self._max_retries = max_retries

    def timeouts(self, timeouts: Timeouts) -> Timeouts:
        """Return the timeouts of a try: those that were set, but none of them beyond the call's deadline.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        self.check()
        remaining = self.deadline.remaining()
        if remaining is None or all(part is not None and part <= remaining for part in timeouts):
            return timeouts
        return Timeouts(*(remaining if part is None else min(part, remaining) for part in timeouts))

    def check(self) -> None:
        """Raise where the call must have ended.

        Raises:
            ClerkTimeoutError: The deadline has passed.
        """
        if self.deadline.has_passed():
            raise self.expired()

    def expired(self) -> ClerkTimeoutError:
        """Return the exception for a call that took longer than its deadline."""
        tries = "1 try" if self.number == 1 else f"{self.number} tries"
        seconds = self.deadline.seconds
        return ClerkTimeoutError(f"{self.where}: not done within the deadline of {seconds:g} s, after {tries}")

    def log(self) -> TryLog:
        """Return the log of the try that begins now."""
        return TryLog(self.where, self.number)

    def next_wait(self, error: ClerkAPIResponseError | ClerkConnectionError) -> float | None:
        """Decide whether a failed try is followed by another, and count it.

        Args:
            error: How the try ended.

        Returns:
            The seconds to wait before the next try; None where the error is the call's end.
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
        if error.status_code != 429 and not (self._is_idempotent and error.status_code in _PASSING_STATUSES):
            return None
        if error.retry_after is None:
            return self._backoff()
        return error.retry_after if error.retry_after <= LONGEST_RETRY_AFTER else None

    def _backoff(self) -> float:
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(self.number - 1, 10))
        return random.uniform(0, longest)  # noqa: S311  spreads clients out, hides nothing


def _was_not_sent(error: ClerkConnectionError) -> bool:
    """Tell whether no connection was made, so that the service cannot have acted."""
    return isinstance(error.__cause__, errors("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"))


def _broke_off(error: ClerkConnectionError) -> bool:
    """Tell whether a connection broke, or nothing came in time."""
    kinds = errors("TimeoutException", "NetworkError", "RemoteProtocolError")
    return isinstance(error.__cause__, (*kinds, ssl.SSLError))


def _name_of_cause(error: ClerkConnectionError) -> str:
    return type(error.__cause__).__name__


__all__ = ["IDEMPOTENT", "LONGEST_RETRY_AFTER", "Attempts"]

"""What is logged for each attempt: method, path, status, time, trace id; never a key, token, body or query value.

The logger `clerk` is silent unless the application configures it, or `CLERK_LOGGING` is `true`, `1`, `yes` or `on`,
which makes it write to stderr. It has three children: `clerk.requests` (each attempt, DEBUG), `clerk.retries` (why and
how long a call waits, INFO) and `clerk.drift` (responses that don't match the API's document, WARNING).
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING, TextIO

from ._errors import trace_id_of

if TYPE_CHECKING:
    from ._errors import ClerkAPIResponseError
    from ._library import http

ENVIRONMENT_VARIABLE = "CLERK_LOGGING"
_ON = ("true", "1", "yes", "on")
_OFF = ("false", "0", "no", "off", "")

logger = logging.getLogger("clerk")
requests = logging.getLogger("clerk.requests")
retries = logging.getLogger("clerk.retries")

logger.addHandler(logging.NullHandler())

_lock = threading.Lock()


class _StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to the current `sys.stderr`, which may have been replaced since logging was turned on."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def turn_on_if_asked() -> None:
    """Write the log to stderr if `CLERK_LOGGING` says so; calling it twice does no harm."""
    value = os.environ.get(ENVIRONMENT_VARIABLE, "").strip().lower()
    if value not in _ON:
        if value not in _OFF:
            warnings.warn(
                f"{ENVIRONMENT_VARIABLE} has an unknown value, so nothing is logged: set it to one of {', '.join(_ON)}",
                RuntimeWarning,
                stacklevel=2,
            )
        return
    with _lock:
        if not any(isinstance(handler, _StandardErrorHandler) for handler in logger.handlers):
            logger.addHandler(_StandardErrorHandler())
            logger.setLevel(logging.DEBUG)


class TryLog:
    """The log of one attempt, from the moment it begins."""

    def __init__(self, where: str, attempt: int) -> None:
        self._where = where
        self._attempt = attempt
        self._began = time.perf_counter()

    def answered(self, response: http.Response) -> None:
        """Log a successful response."""
        if requests.isEnabledFor(logging.DEBUG):
            self._answered(response.status_code, trace_id_of(response.headers))

    def refused(self, error: ClerkAPIResponseError) -> ClerkAPIResponseError:
        """Log an unsuccessful response, and return the exception for it."""
        if requests.isEnabledFor(logging.DEBUG):
            self._answered(error.status_code, error.clerk_trace_id)
        return error

    def failed(self, failure: BaseException) -> None:
        """Log that no complete response was received."""
        if requests.isEnabledFor(logging.DEBUG):
            name = type(failure).__name__
            requests.debug("%s: %s after %d ms (attempt %d)", self._where, name, self._milliseconds(), self._attempt)

    def waits(self, seconds: float, reason: str) -> None:
        """Log why there will be another attempt, and when."""
        retries.info("%s: %s; attempt %d in %.1f s", self._where, reason, self._attempt + 1, seconds)

    def _answered(self, status_code: int, trace_id: str | None) -> None:
        requests.debug(
            "%s: %d in %d ms (attempt %d, trace id %s)",
            self._where,
            status_code,
            self._milliseconds(),
            self._attempt,
            trace_id or "-",
        )

    def _milliseconds(self) -> int:
        return round((time.perf_counter() - self._began) * 1000)


__all__ = ["TryLog", "turn_on_if_asked"]

"""Faults on demand, for the next requests."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from .._answers import STATUS_CODES, Answer, Problem, error_answer


@dataclass(eq=False, repr=False)
class Fault:
    """A fault for some of the next requests.

    Attributes:
        times: How many more requests it applies to.
        status: The status to answer with, or None to answer as usual.
        retry_after: The `Retry-After` header in seconds, or None.
        delay: How many seconds the response is delayed.
        drop: Whether the connection is dropped instead of a response.
        carried_out: Whether the request is carried out before it fails.
        method: The method of the requests, or None for any.
        path: The start of their path, below or with `/v1`, or None for any.
    """

    times: int
    status: int | None = None
    retry_after: float | None = None
    delay: float = 0.0
    drop: bool = False
    carried_out: bool = False
    method: str | None = None
    path: str | None = None

    def fits(self, method: str, path: str) -> bool:
        """Return whether it applies to a request."""
        below = re.sub(r"^/v\d+(?=/)", "", path)
        return self.method in (None, method) and (
            self.path is None or path.startswith(self.path) or below.startswith(self.path)
        )

    def answer(self) -> Answer | None:
        """Return the response, or None to answer as usual."""
        if self.status is None:
            return None
        headers = {} if self.retry_after is None else {"retry-after": f"{self.retry_after:g}"}
        code = STATUS_CODES.get(self.status, "internal_clerk_error" if self.status >= 500 else "bad_request")
        return error_answer([Problem(code, "The test asked for this error.")], self.status, headers)


class Faults:
    """The pending faults, in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        with self._lock:
            self._coming.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request, and count it."""
        with self._lock:
            for fault in self._coming:
                if fault.fits(method, path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._coming.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._coming.clear()

"""What the transports and the HTTP server hand requests to: faults first, then the service itself."""

from __future__ import annotations

from collections import deque

from ._answers import Answer
from ._core import Core
from ._http.faults import Fault, Faults
from ._http.incoming import Incoming
from ._http.received import ReceivedRequest, query_of

REQUESTS_LIMIT = 10_000


class Service:
    """A service with the faults that are to come, and the requests that it has received.

    Args:
        secret_key: The key that requests have to come with.
        check_answers: Whether every answer is checked against the document.
    """

    def __init__(self, secret_key: str, *, check_answers: bool) -> None:
        self.core = Core(secret_key, check_answers=check_answers)
        self.faults = Faults()
        self.requests: deque[ReceivedRequest] = deque(maxlen=REQUESTS_LIMIT)

    def take_fault(self, method: str, path: str) -> Fault | None:
        """Return what is to go wrong with a request."""
        return self.faults.take(method, path)

    def respond(self, request: Incoming, fault: Fault | None) -> Answer | None:
        """Answer a request, or return None where the connection breaks off."""
        answer = None if fault is None else fault.answer()
        if answer is None and not (fault and fault.drop):
            answer = self.core.handle(request)
        self.requests.append(
            ReceivedRequest(
                request.method,
                request.path,
                query_of(request.query),
                request.headers,
                request.body,
                None if answer is None else answer.status,
            )
        )
        return answer

"""What the transports and the HTTP server pass requests to: faults come first, then the service itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._answers import Answer
from ._core import Core
from ._http.faults import Fault, Faults
from ._http.incoming import Incoming
from ._http.received import ReceivedRequest, ReceivedRequests, query_of

if TYPE_CHECKING:
    from clerk.auth._key_ring import KeyRing


class Service:
    """A service with its pending faults and the requests that it has received.

    Args:
        secret_key: The key that requests must have.
        check_answers: Whether every response is checked against the document.
    """

    def __init__(self, secret_key: str, *, check_answers: bool) -> None:
        self.core = Core(secret_key, check_answers=check_answers)
        self.faults = Faults()
        self.received = ReceivedRequests()
        self._key_ring: KeyRing | None = None

    def key_ring(self) -> KeyRing:
        """Return where its clients find the keys to check tokens with, by its own clock."""
        with self.core.lock:
            if self._key_ring is None:
                from clerk.auth._key_ring import KeyRing

                self._key_ring = KeyRing(lambda: self.core.state.now() / 1000)
            return self._key_ring

    def forget_keys(self) -> None:
        """Have its clients fetch the keys anew."""
        if self._key_ring is not None:
            self._key_ring.start_anew()

    def take_fault(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request, if any."""
        return self.faults.take(method, path)

    def respond(self, request: Incoming, fault: Fault | None) -> Answer | None:
        """Answer a request, or return None to drop the connection."""
        wrong = None if fault is None else fault.answer()
        spared = wrong is None and not (fault and fault.drop)
        answer = self.core.handle(request) if spared or (fault and fault.carried_out) else None
        if not spared:
            answer = wrong
        status = None if answer is None else answer.status
        query = query_of(request.query)
        self.received.add(ReceivedRequest(request.method, request.path, query, request.headers, request.body, status))
        return answer

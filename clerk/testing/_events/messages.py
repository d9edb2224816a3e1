"""The messages that carry events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from .._http.incoming import Incoming
from .._store.ids import ksuid
from .._store.state import State
from .causes import happened

if TYPE_CHECKING:
    from clerk.events import Event


class Message(NamedTuple):
    """A message with an event.

    Attributes:
        id: The id of the message, which stays the same if it is sent again.
        body: The event as JSON.
    """

    id: str
    body: bytes

    @property
    def event(self) -> Event:
        """The event, as a typed object."""
        from clerk_generated.events import read

        event, _ = read(json.loads(self.body))
        event.message_id = self.id
        return event


def messages_of(state: State, cause: Incoming) -> list[Message]:
    """Return the messages for the uncommitted changes of a request.

    Args:
        state: The state of the service.
        cause: The request.
    """
    http_request = {"client_ip": "127.0.0.1", "user_agent": cause.headers.get("user-agent", "")}
    shared = {
        "event_attributes": {"http_request": http_request},
        "instance_id": state.instance_id,
        "object": "event",
        "timestamp": state.now() // 1000,
    }
    return [
        Message(f"msg_{ksuid(state.now())}", json.dumps({"data": one.data, **shared, "type": one.type}).encode())
        for one in happened(state)
    ]


__all__ = ["Message", "messages_of"]

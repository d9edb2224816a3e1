"""The base class of events, and events of unknown types."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from ..types import UNSET, Unset
from .model import Mismatch, Model

if TYPE_CHECKING:
    from attrs import define, field

    from ..client import Drift
else:
    from .definition import define, field


@define(kw_only=True, repr=False)
class BaseEvent(Model):
    """The base class of all events."""

    message_id: str = ""
    """The id of the message that delivered the event, the same each time the message is sent; empty for an event that
    no message delivered. It is not part of the JSON.
    """

    _apart: ClassVar[Mapping[str, Any]] = {"message_id": ""}


@define(kw_only=True, repr=False)
class UnknownEvent(BaseEvent):
    """An event of a type that this version doesn't know."""

    if TYPE_CHECKING:
        type: Literal["(unknown)"]
        """The type of event: any text. For type checkers it is a constant that no known event has, so that comparing
        `type` narrows `Event` to a known event; `str(event.type)` is any text for them too.
        """
    else:
        type: str
    data: Any = UNSET
    """The subject of the event, as JSON data."""
    object: str | Unset = UNSET
    """The name of the kind of object."""
    timestamp: int | Unset = UNSET
    """When the event happened, in seconds since the Unix epoch."""
    instance_id: str | Unset = UNSET
    """Id of the instance where it happened."""
    event_attributes: dict[str, Any] | Unset = UNSET
    """What is known about the request that caused it, as JSON data."""
    additional_properties: dict[str, Any] = field(factory=dict)

    @staticmethod
    def _decode(data: Any, cls: builtins.type[UnknownEvent] | None = None, /) -> UnknownEvent:
        if type(data) is not dict or "type" not in data:
            raise Mismatch
        known = {name: value for name, value in data.items() if name in _KNOWN}
        return (cls or UnknownEvent)(
            **known, additional_properties={name: value for name, value in data.items() if name not in _KNOWN}
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the event as JSON data, without what is `UNSET`."""
        known = {name: getattr(self, name) for name in _KNOWN}
        return {**{name: value for name, value in known.items() if value is not UNSET}, **self.additional_properties}


_KNOWN = ("object", "type", "timestamp", "instance_id", "event_attributes", "data")

E = TypeVar("E", bound=BaseEvent)


def decode_event(event: type[E], payload: Mapping[str, Any], drifts: list[Drift]) -> E:
    """Read an event, which never fails: values that don't match the document are kept unchanged.

    Args:
        event: The event's class.
        payload: The whole event.
        drifts: Receives one entry for each difference from the document.
    """
    try:
        return event._decode(payload)  # type: ignore[return-value]  # an instance of the class whose method it is
    except (Mismatch, KeyError):
        pass
    from .tolerance import decode_model, is_another_shape

    decoded: Any = decode_model(event, payload, "", drifts)  # every event has `data`, each of its own type
    if isinstance(decoded.data, Model) and is_another_shape(type(decoded.data), payload["data"]):
        decoded.data = payload["data"]
    found: E = decoded
    return found


__all__ = ["BaseEvent", "UnknownEvent", "decode_event"]

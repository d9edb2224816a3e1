"""Decodes the body of a response into the value that an operation returns.

A fast first pass stops at anything that doesn't match the document. Only then does a second, tolerant pass read the
same data again, keep what it can, and report each difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from .model import Mismatch, Model
from .times import WrittenDatetime, format_rfc3339

if TYPE_CHECKING:
    import httpx

    from ..client import Drift, ResponseHandler
    from ..pages import Listing

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Decoder(Protocol[T_co]):
    """Reads JSON data as one type, strictly or tolerantly."""

    @property
    def name(self) -> str:
        """The name of the type, for error messages."""
        ...

    def decode(self, data: Any, /) -> T_co:
        """Read the data; raise `Mismatch` or `KeyError` if it doesn't match the document."""
        ...

    def tolerate(self, data: Any, path: str, drifts: list[Drift], /) -> T_co:
        """Read what can be read, and list the differences; raise `Mismatch` for a different shape."""
        ...


def decode_answer(decoder: Decoder[T], client: ResponseHandler, response: httpx.Response) -> T:
    """Decode the body of a successful response.

    Raises:
        Exception: The client's error for a body that is not JSON or has a completely different shape, and, if the
            client is strict, for any difference from the document.
    """
    data = client._load_json(response)
    try:
        return decoder.decode(data)
    except (Mismatch, KeyError):
        pass
    drifts: list[Drift] = []
    try:
        decoded = decoder.tolerate(data, "", drifts)
    except Mismatch as mismatch:
        raise client._decode_error(decoder.name, mismatch.path, str(mismatch), response) from None
    if drifts:
        client._report_drift(drifts, response)
    return decoded


class ObjectOf(Generic[T]):
    """Decodes one model.

    Args:
        model: The model.
        needed: The property that the caller gets instead of the model, and that has to match the document.
    """

    def __init__(self, model: type[T], needed: str = "") -> None:
        self._model = cast("type[Model]", model)  # the templates only use models for T
        self._needed = needed
        self.decode: Callable[[Any], T] = self._model._decode  # type: ignore[assignment]  # the same class as T

    @property
    def name(self) -> str:
        return self._model.__name__

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> T:
        from .tolerance import decode_model, is_another_shape

        if is_another_shape(self._model, data):
            raise Mismatch(f"{_kind(data)} where the model is expected")
        decoded = decode_model(self._model, data, path, drifts)
        for drift in drifts:
            if drift.path == self._needed:
                raise Mismatch(drift.problem, drift.path)
        return cast(T, decoded)  # the same class as T


class ListOf(Generic[T]):
    """Decodes an array."""

    def __init__(self, item: Decoder[T]) -> None:
        self._item = item

    @property
    def name(self) -> str:
        return f"list[{self._item.name}]"

    def decode(self, data: Any) -> list[T]:
        if type(data) is not list:
            raise Mismatch
        return _decode_items(self._item.decode, data)

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> list[T]:
        if not isinstance(data, list):
            raise Mismatch(f"{_kind(data)} where an array is expected")
        return _tolerate_items(self._item, data, "", path, drifts)


class PageContent(Generic[T]):
    """The contents of one response of a list operation."""

    __slots__ = ("additional_properties", "data", "total_count")

    def __init__(self, data: list[T], total_count: int | None, additional_properties: dict[str, Any]) -> None:
        self.data = data
        self.total_count = total_count
        self.additional_properties = additional_properties


class PageOf(Generic[T]):
    """Decodes the response of a list operation: a bare array, or an object with the array and the total.

    Attributes:
        listing: How the operation pages; None if it doesn't.
    """

    def __init__(self, item: Decoder[T], key: str = "data", listing: Listing | None = None) -> None:
        self.listing = listing
        self._item = item
        self._key = key

    @property
    def name(self) -> str:
        return f"Page[{self._item.name}]"

    def decode(self, data: Any) -> PageContent[T]:
        if type(data) is list:
            return PageContent(_decode_items(self._item.decode, data), None, {})
        if type(data) is not dict:
            raise Mismatch
        items, total_count = data[self._key], data["total_count"]
        if type(items) is not list or type(total_count) is not int:
            raise Mismatch
        return PageContent(_decode_items(self._item.decode, items), total_count, self._rest(data))

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> PageContent[T]:
        from ..client import Drift

        if isinstance(data, list):
            return PageContent(_tolerate_items(self._item, data, "", path, drifts), None, {})
        if not isinstance(data, dict) or not data.keys() & {self._key, "total_count"}:
            raise Mismatch(f"{_kind(data)} where an array or an object with {self._key!r} is expected")
        items, total_count = data.get(self._key), data.get("total_count")
        if items is not None and not isinstance(items, list):
            raise Mismatch(f"is {_kind(items)}, not an array", self._key)
        if items is None:
            drifts.append(Drift(self.name, self._key, _not_there(self._key, data, "an array")))
        if type(total_count) is not int:
            drifts.append(Drift(self.name, "total_count", _not_there("total_count", data, "an integer")))
        decoded = _tolerate_items(self._item, items or [], self._key, path, drifts)
        return PageContent(decoded, total_count, self._rest(data))

    def _rest(self, data: dict[str, Any]) -> dict[str, Any]:
        if len(data) == 2 and self._key in data and "total_count" in data:
            return {}
        return {name: value for name, value in data.items() if name not in (self._key, "total_count")}


class FreeObject:
    """Decodes an object without a schema."""

    name = "JSON object"

    def decode(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise Mismatch
        return data

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> dict[str, Any]:  # noqa: ARG002  as in `Decoder`
        raise Mismatch(f"{_kind(data)} where an object is expected")


def to_wire(value: Any) -> Any:
    """Convert a decoded value back into JSON data."""
    if isinstance(value, Model):
        return value.to_dict()
    if type(value) is list:
        return [to_wire(item) for item in value]
    if type(value) is dict:
        return {name: to_wire(item) for name, item in value.items()}
    if isinstance(value, WrittenDatetime):
        return value.written
    if isinstance(value, datetime):
        return format_rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _decode_items(decode: Callable[[Any], T], items: list[Any]) -> list[T]:
    """Decode the items of a response in place, so that the memory of each is free for the following ones."""
    for index, item in enumerate(items):
        items[index] = decode(item)
    return items


def _tolerate_items(item: Decoder[T], data: list[Any], key: str, path: str, drifts: list[Drift]) -> list[T]:
    """Read as much as possible of the items of a response, and report for each difference which item has it."""
    decoded: list[T] = []
    for index, one in enumerate(data):
        before = len(drifts)
        decoded.append(_tolerate_item(item, one, path, drifts))
        for drift in drifts[before:]:
            drift.item = f"{key}[{index}]"
    return decoded


def _not_there(name: str, data: Mapping[str, Any], expected: str) -> str:
    return f"is {_kind(data[name])}, not {expected}" if name in data else "is missing"


def _tolerate_item(item: Decoder[T], data: Any, path: str, drifts: list[Drift]) -> T:
    if isinstance(data, Model):  # the first pass has decoded it
        return cast(T, data)
    try:
        return item.decode(data)
    except (Mismatch, KeyError):
        pass
    try:
        return item.tolerate(data, path, drifts)
    except Mismatch as mismatch:
        from ..client import Drift

        drifts.append(Drift(item.name, path, str(mismatch)))
        return cast(T, data)  # kept unchanged, whatever it is


def _kind(data: object) -> str:
    from .tolerance import kind

    return kind(data)

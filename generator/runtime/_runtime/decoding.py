"""Turns the body of an answer into what an operation returns.

A first pass reads in a straight line and stops at anything that breaks the document; only then a second, tolerant
pass reads the same data again, keeps what it can, and says where it differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar, cast

from .mismatch import Mismatch
from .model import Model, UnknownVariant
from .times import WrittenDatetime, format_rfc3339

if TYPE_CHECKING:
    import httpx

    from ..client import Drift, ResponseHandler
    from ..pages import Listing

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Decoder(Protocol[T_co]):
    """Reads JSON data as one type, strictly or as far as it goes."""

    @property
    def name(self) -> str:
        """What is read, for error messages."""
        ...

    def decode(self, data: Any, /) -> T_co:
        """Read in a straight line; `Mismatch` or `KeyError` where the data breaks the document."""
        ...

    def tolerate(self, data: Any, path: str, drifts: list[Drift], /) -> T_co:
        """Read what can be read and list the rest; `Mismatch` for data of another shape altogether."""
        ...


def decode_answer(client: ResponseHandler, response: httpx.Response, decoder: Decoder[T]) -> T:
    """Decode the body of a successful answer.

    Raises:
        Exception: What the client says for a body that is no JSON, or of another shape altogether, and for any
            difference from the document where the client is strict.
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
    """Reads one model.

    Args:
        model: The model.
        needed: The property that the caller gets in place of the model, which has to be as the document says.
    """

    def __init__(self, model: type[T], needed: str = "") -> None:
        self._model = cast("type[Model]", model)  # T is bound by the templates, which only name models here
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
    """Reads an array."""

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


class PageContent(NamedTuple, Generic[T]):
    """What one answer of a list operation holds."""

    data: list[T]
    total_count: int | None
    additional_properties: dict[str, Any]


class PageOf(Generic[T]):
    """Reads the answer of a list operation: a bare array, or an object with the array and the total.

    Attributes:
        listing: How the operation pages; None where it does not.
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
    """Reads an object that the document leaves free."""

    name = "JSON object"

    def decode(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise Mismatch
        return data

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> dict[str, Any]:  # noqa: ARG002  Decoder's form
        raise Mismatch(f"{_kind(data)} where an object is expected")


class Union(Protocol):
    """Reads an object that may be of several kinds."""

    @property
    def name(self) -> str: ...

    @property
    def tag_names(self) -> tuple[str, ...]: ...

    @property
    def models(self) -> tuple[type[Model], ...]: ...

    def decode(self, data: Any, /) -> Any: ...

    def tolerate(self, data: Any, path: str, drifts: list[Drift], /) -> Any: ...

    def most_alike(self, data: Mapping[str, Any], /) -> type[Model]: ...


class Tagged:
    """Reads an object whose kind a property tells, or a second property where the first says nothing.

    Args:
        package: The package of the models; each of them is loaded for the first object of its kind.
        tags: For each tag property its values and the names of their models, the first property first.
        patterns: A tag property, and the pattern of its values for each model that does not list them.
    """

    def __init__(
        self, package: object, *tags: tuple[str, Mapping[str, str]], patterns: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        self._package = package
        self._tags = tags
        self._patterns = patterns
        self._property = tags[0][0]
        self._decoders: dict[str, Callable[[Any], Model]] = {}  # by the first property's values that have been met

    @property
    def name(self) -> str:
        return " | ".join(self._names())

    def decode(self, data: Any) -> Any:
        if type(data) is not dict:
            raise Mismatch
        tag = data.get(self._property)
        if type(tag) is str and (decode := self._decoders.get(tag)) is not None:
            return decode(data)
        model = self._model(data)
        if model is None or (model is UnknownVariant and any(data.get(name, "") is None for name in self.tag_names)):
            raise Mismatch
        if type(tag) is str and tag in self._tags[0][1]:
            self._decoders[tag] = model._decode
        return model._decode(data)

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> Any:
        from .tolerance import decode_variant

        if not isinstance(data, Mapping):
            raise Mismatch(f"{_kind(data)} where an object is expected")
        return decode_variant(self, data, path, drifts)

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The properties that may tell the kind."""
        return tuple(dict.fromkeys([*(name for name, _ in self._tags), *(name for name, _, _ in self._patterns)]))

    @property
    def models(self) -> tuple[type[Model], ...]:
        """All kinds that the document knows."""
        return tuple(getattr(self._package, name) for name in self._names())

    def most_alike(self, data: Mapping[str, Any]) -> type[Model]:
        """Return the model to read an object as that breaks the document."""
        from .tolerance import most_alike

        return self._model(data) or most_alike(self.models, data)

    def _names(self) -> tuple[str, ...]:
        listed = [name for _, models in self._tags for name in models.values()]
        return tuple(dict.fromkeys([*listed, *(name for _, _, name in self._patterns)]))

    def _model(self, data: Mapping[str, Any]) -> type[Model] | None:
        """Return the model that the tags tell; `UnknownVariant` for a new tag, None where there is no tag at all."""
        values = {name: data.get(name) for name in self.tag_names}
        name = self._name_of(values)
        if name is not None:
            model: type[Model] = getattr(self._package, name)
            return model
        return UnknownVariant if isinstance(values[self._property], str) or _is_new(values) else None

    def _name_of(self, values: Mapping[str, object]) -> str | None:
        for name, models in self._tags:
            tag = values[name]
            if isinstance(tag, str) and tag in models:
                return models[tag]
        for name, pattern, model in self._patterns:
            tag = values[name]
            if isinstance(tag, str) and re.search(pattern, tag):
                return model
        return None


def _is_new(values: Mapping[str, object]) -> bool:
    """Tell whether the tags that are there are text that says something new, and none is broken."""
    present = [value for value in values.values() if value is not None]
    return bool(present) and all(isinstance(value, str) for value in present)


class Untagged:
    """Reads an object whose kind its properties tell: the model that knows most of them and misses none it needs.

    Args:
        package: The package of the models, which are loaded for the first object.
        names: Their names.
    """

    def __init__(self, package: object, *names: str) -> None:
        self._package = package
        self._names = names

    @property
    def name(self) -> str:
        return " | ".join(self._names)

    def decode(self, data: Any) -> Any:
        if type(data) is not dict:
            raise Mismatch
        return self.most_alike(data)._decode(data)

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> Any:
        from .tolerance import decode_variant

        if not isinstance(data, Mapping):
            raise Mismatch(f"{_kind(data)} where an object is expected")
        return decode_variant(self, data, path, drifts)

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The properties that may tell the kind: none by itself."""
        return ()

    @property
    def models(self) -> tuple[type[Model], ...]:
        """All kinds that the document knows."""
        return tuple(getattr(self._package, name) for name in self._names)

    def most_alike(self, data: Mapping[str, Any]) -> type[Model]:
        """Return the model that an object fits best."""
        from .tolerance import most_alike

        return most_alike(self.models, data)


def to_wire(value: Any) -> Any:
    """Turn a decoded value of any kind back into JSON data."""
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
    """Decode the items of an answer in place, so that the memory of each is free for the next ones at once."""
    for index, item in enumerate(items):
        items[index] = decode(item)
    return items


def _tolerate_items(item: Decoder[T], data: list[Any], key: str, path: str, drifts: list[Drift]) -> list[T]:
    """Read the items of an answer as far as they go, and say of each difference which item has it."""
    decoded: list[T] = []
    for index, one in enumerate(data):
        before = len(drifts)
        decoded.append(_tolerate_item(item, one, path, drifts))
        drifts[before:] = [drift._replace(item=f"{key}[{index}]") for drift in drifts[before:]]
    return decoded


def _not_there(name: str, data: Mapping[str, Any], expected: str) -> str:
    return f"is {_kind(data[name])}, not {expected}" if name in data else "is missing"


def _tolerate_item(item: Decoder[T], data: Any, path: str, drifts: list[Drift]) -> T:
    if isinstance(data, Model):  # the first pass came that far
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
        return cast(T, data)  # kept as it came, whatever it is


def _kind(data: object) -> str:
    from .tolerance import kind

    return kind(data)


class OneOf(Generic[T]):
    """Reads an answer that may be of several kinds, as the type it is given."""

    def __init__(self, union: Union) -> None:
        self._union = union
        self.decode: Callable[[Any], T] = union.decode

    @property
    def name(self) -> str:
        return self._union.name

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> T:
        return cast(T, self._union.tolerate(data, path, drifts))  # the kinds that T names

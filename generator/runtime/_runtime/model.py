"""The base classes of models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from types import MemberDescriptorType


new = object.__new__
"""Makes a model without calling its `__init__`; its properties are set one by one."""


class Mismatch(Exception):  # noqa: N818  it never reaches a caller: it makes the tolerant pass take over
    """A response does not match the document: the fast pass stops, and the tolerant pass takes over.

    Attributes:
        path: The place, relative to the outermost model or page; empty for the model or page itself.
    """

    def __init__(self, problem: str = "", path: str = "") -> None:
        super().__init__(problem)
        self.path = path


class Model:
    """A JSON object of the API."""

    __slots__ = ()

    additional_properties: dict[str, Any]
    """Properties that are not in the document, unchanged; `to_dict()` includes them."""

    _attributes: ClassVar[tuple[str, ...]] = ()
    _wire_names: ClassVar[Mapping[str, str]] = {}
    _apart: ClassVar[
        Mapping[str, Any]
    ] = {}  # attributes that are not part of the JSON, with their values after decoding
    _unions: ClassVar[Mapping[str, Any]] = {}  # decoders from `unions`, which `get_type_hints` could not find here

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a model from a JSON object.

        What doesn't match the document is kept: a missing required property is `UNSET`, an unexpected null is `None`,
        and a value of another type stays as it is.

        Args:
            src_dict: The object, as `json.loads` returns it.
        """
        try:
            return cls._decode(src_dict, cls)  # type: ignore[return-value]  # an instance of the class that it is given
        except (Mismatch, KeyError):
            from .tolerance import decode_model

            return decode_model(cls, src_dict, "", [])

    @staticmethod
    def _decode(data: Any, cls: type[Any] | None = None, /) -> Model:
        """Read the model; raise `Mismatch` or `KeyError` if the object doesn't match the document.

        Args:
            data: The object.
            cls: The class to make, if it is a subclass.
        """
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the model as a JSON object with the names of the API, without properties that are `UNSET`."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Iterate over the items of `to_dict()`, so that `dict(model)` gives the same."""
        return iter(self.to_dict().items())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import schema_of_model

        return schema_of_model(cls, handler)

    def __repr__(self) -> str:
        from .representation import represent

        return represent(self)


class MadeWhenAskedFor:
    """The attribute `additional_properties` of a model, whose dict is made when it is first accessed.

    Most models have none, and a dict for each of them would take time and memory.
    """

    __slots__ = ("_write", "read")

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.read = slot.__get__
        self._write = slot.__set__

    def __get__(self, model: Model | None, owner: type[Model] | None = None) -> Any:
        if model is None:
            return self
        try:
            return self.read(model)
        except AttributeError:
            made: dict[str, Any] = {}
            self._write(model, made)
            return made

    def __set__(self, model: Model, value: dict[str, Any]) -> None:
        self._write(model, value)


def extra_of(model: type[Model]) -> Callable[[Model], dict[str, Any] | None]:
    """Return a function that gives the additional properties of a model, or None if it has no dict for them."""
    read = vars(model)["additional_properties"].read

    def additional_properties_of(model: Model) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = read(model)
        except AttributeError:
            return None
        return found

    return additional_properties_of


_KNOWN: dict[type[Model], frozenset[str]] = {}  # the wire names of each model's properties


def unknown_properties(model: type[Model], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of an object that are not in its model."""
    known = _KNOWN.get(model)
    if known is None:
        names = {*model._attributes} - {"additional_properties", *model._apart}
        known = _KNOWN[model] = frozenset(model._wire_names.get(name, name) for name in names)
    return {name: value for name, value in data.items() if name not in known}


class ModelWithKeys(Model):
    """A model with a property `keys`.

    `dict()` mistakes it for a mapping, and would call `keys`. FastAPI and others that try `dict()` first fall back to
    `vars()`, which gives the same as `to_dict()` here.
    """

    __slots__ = ()

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]  # it is read-only
        return self.to_dict()


class UnknownVariant(Model):
    """An object of an unknown kind, in a place where several kinds are possible.

    All its properties are in `additional_properties`, and can be read as attributes.
    """

    __slots__ = ("additional_properties",)

    def __init__(self, additional_properties: Mapping[str, Any]) -> None:
        self.additional_properties = dict(additional_properties)

    def __getattr__(self, name: str) -> Any:
        if name == "additional_properties":  # not set yet: copy and pickle look it up before they fill the object
            raise AttributeError(name)
        try:
            return self.additional_properties[name]
        except KeyError:
            raise AttributeError(f"this object has no property {name!r}") from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownVariant):
            return NotImplemented
        return self.additional_properties == other.additional_properties

    __hash__ = None  # type: ignore[assignment]  # mutable, as the other models are

    @staticmethod
    def _decode(data: Any, cls: type[UnknownVariant] | None = None, /) -> UnknownVariant:
        if type(data) is not dict:
            raise Mismatch
        return (cls or UnknownVariant)(data)

    def to_dict(self) -> dict[str, Any]:
        """Return the object unchanged."""
        return dict(self.additional_properties)


__all__ = [
    "MadeWhenAskedFor",
    "Mismatch",
    "Model",
    "ModelWithKeys",
    "UnknownVariant",
    "extra_of",
    "new",
    "unknown_properties",
]

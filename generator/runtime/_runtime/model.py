"""What every model has besides its own properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .mismatch import Mismatch

if TYPE_CHECKING:
    from types import MemberDescriptorType


new = object.__new__
"""Makes a model that is filled property by property, past its `__init__`."""


class Model:
    """A JSON object of the API."""

    __slots__ = ()

    additional_properties: dict[str, Any]
    """Properties that the document does not know, as they came; `to_dict()` gives them back."""

    _attributes: ClassVar[tuple[str, ...]] = ()
    _wire_names: ClassVar[Mapping[str, str]] = {}
    _apart: ClassVar[
        Mapping[str, Any]
    ] = {}  # attributes that are no part of the JSON, and what they are once it is read
    _unions: ClassVar[Mapping[str, Any]] = {}  # decoders of `decoding`, which `get_type_hints` could not find here

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a model from a JSON object.

        What breaks the document is kept as it came: a missing required property reads `UNSET`, an unexpected null
        `None`, a value of another type stays that value.

        Args:
            src_dict: The object as `json.loads` gives it.
        """
        try:
            return cls._decode(src_dict, cls)  # type: ignore[return-value]  # of the class that it is given
        except (Mismatch, KeyError):
            from .tolerance import decode_model

            return decode_model(cls, src_dict, "", [])

    @staticmethod
    def _decode(data: Any, cls: type[Any] | None = None, /) -> Model:
        """Read the model in a straight line; `Mismatch` or `KeyError` where the answer breaks the document.

        Args:
            data: The object.
            cls: The class to make, where it is a subclass.
        """
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the model as a JSON object under its wire names, without what is `UNSET`."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Iterate what `to_dict()` gives, so that `dict(model)` is the same."""
        return iter(self.to_dict().items())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import schema_of_model

        return schema_of_model(cls, handler)

    def __repr__(self) -> str:
        from .representation import represent

        return represent(self)


class MadeWhenAskedFor:
    """The attribute `additional_properties` of a model, whose dict is made when it is first asked for.

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
    """Return what tells the additional properties of an instance, and makes none: it returns None instead."""
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
    """Return the properties of an object that its model does not have."""
    known = _KNOWN.get(model)
    if known is None:
        names = {*model._attributes} - {"additional_properties", *model._apart}
        known = _KNOWN[model] = frozenset(model._wire_names.get(name, name) for name in names)
    return {name: value for name, value in data.items() if name not in known}


class ModelWithKeys(Model):
    """A model with a property `keys`.

    `dict()` takes it for a mapping, whose method of that name it would call. FastAPI and others that try `dict()` go on
    with `vars()`, which gives the same as `to_dict()` here.
    """

    __slots__ = ()

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]  # there is none to write to
        return self.to_dict()


class UnknownVariant(Model):
    """An object of a kind that the document does not list where several kinds are possible.

    Its properties read as attributes and are all in `additional_properties`.
    """

    __slots__ = ("additional_properties",)

    def __init__(self, additional_properties: Mapping[str, Any]) -> None:
        self.additional_properties = dict(additional_properties)

    def __getattr__(self, name: str) -> Any:
        if name == "additional_properties":  # not set yet: copy and pickle ask before they fill the object
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
        """Return the object as it came."""
        return dict(self.additional_properties)


__all__ = [
    "MadeWhenAskedFor",
    "Model",
    "ModelWithKeys",
    "UnknownVariant",
    "extra_of",
    "new",
    "unknown_properties",
]

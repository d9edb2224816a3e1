"""The second pass over a response that doesn't match the document: keeps what can be read, and reports each difference.

It follows the annotations of the models, so it never gets out of step with them. It is loaded at the first difference.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..client import Drift
from ..types import UNSET, Unset
from .model import Mismatch, Model, UnknownVariant
from .times import read_date, read_datetime

if TYPE_CHECKING:
    from .unions import Union

M = TypeVar("M", bound=Model)

_SCALARS: dict[Any, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}


def decode_model(model: type[M], data: Mapping[str, Any], path: str, drifts: list[Drift], owner: str = "") -> M:
    """Read as much of a model as possible.

    Args:
        model: The model's class.
        data: The object.
        path: The place of the object, relative to the outermost model.
        drifts: Receives one entry for each difference from the document.
        owner: The outermost model's name; empty if this is the outermost model.
    """
    if issubclass(model, UnknownVariant):
        return model(data)
    owner = owner or model.__name__
    self = object.__new__(model)
    for name, value in model._apart.items():
        setattr(self, name, value)
    names = _properties(model)
    for name, (wire_name, hint) in names.items():
        if wire_name in data:
            reader = _Reader(owner, f"{path}.{wire_name}" if path else wire_name, drifts)
            setattr(self, name, reader.read(hint, data[wire_name], model._unions.get(name)))
        else:
            setattr(self, name, UNSET)
            if not _accepts_unset(hint):
                drifts.append(Drift(owner, f"{path}.{wire_name}" if path else wire_name, "is missing"))
    known = {wire_name for wire_name, _ in names.values()}
    self.additional_properties = {name: value for name, value in data.items() if name not in known}
    return self


def decode_variant(union: Union, data: Mapping[str, Any], path: str, drifts: list[Drift], owner: str = "") -> Model:
    """Read as much as possible of an object that may be of several kinds.

    Args:
        union: The possible kinds.
        data: The object.
        path: The place of the object, relative to the outermost model.
        drifts: Receives one entry for each difference from the document.
        owner: The outermost model's name; empty if this is the outermost model.
    """
    model = union.most_alike(data)
    if model is UnknownVariant:
        for name in union.tag_names:
            if name in data and not isinstance(data[name], str) and not _is_any_of(union.models, name, data[name]):
                place = f"{path}.{name}" if path else name
                drifts.append(Drift(owner or union.name, place, f"is {kind(data[name])}, not a string"))
    return decode_model(model, data, path, drifts, owner)


def _is_any_of(models: Iterable[type[Model]], wire_name: str, value: object) -> bool:
    """Return whether a property of any of the models may have a value of this type."""
    hints = [hint for model in models for name, hint in _properties(model).values() if name == wire_name]
    members = [member for hint in hints for member in _members(hint)]
    return any((value is None and member is type(None)) or _fits(member, value) for member in members)


def is_another_shape(model: type[Model], data: object) -> bool:
    """Return whether data can't be the model: it is not an object, or an object with none of its properties."""
    if not isinstance(data, Mapping):
        return True
    names = [wire_name for wire_name, _ in _properties(model).values()]
    return (len(data) > 0 or len(names) > 1) and not any(name in data for name in names)


def most_alike(models: Iterable[type[Model]], data: Mapping[str, Any]) -> type[Model]:
    """Return the model that an object fits best.

    The object must not contradict any constant of the model. Of those models, it is the one with the most matching
    constants, then the fewest missing properties, then the most known properties. If no model fits, the kind of the
    object is unknown.
    """
    scores = [(score, model) for model in models for score in [_resemblance(model, data)] if score is not None]
    if not scores:
        return UnknownVariant
    best = max(score for score, _ in scores)
    return next(model for score, model in scores if score == best)


def _resemblance(model: type[Model], data: Mapping[str, Any]) -> tuple[int, int, int] | None:
    agreeing = missing = known = 0
    for wire_name, hint in _properties(model).values():
        if wire_name not in data:
            missing += not _accepts_unset(hint)
            continue
        known += 1
        constants = _constants(hint)
        if data[wire_name] in constants:
            agreeing += 1
        elif any(type(constant) is type(data[wire_name]) for constant in constants):
            return None
    return (agreeing, -missing, known) if known or not data else None


def kind(data: object) -> str:
    """Name the JSON type of a value."""
    if data is None:
        return "null"
    for python_type, name in _KINDS:
        if isinstance(data, python_type):
            return name
    return type(data).__name__


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
    (list, "an array"),
    (Mapping, "an object"),
)


def read_value(hint: Any, data: Any, owner: str, path: str, drifts: list[Drift], union: Union | None = None) -> Any:
    """Read as much of a value as possible, given its type.

    Args:
        hint: The type.
        data: The value.
        owner: The name of the type.
        path: The place of the value.
        drifts: Receives one entry for each difference from the document.
        union: The decoder of the objects in it, if they may be of several kinds.
    """
    return _Reader(owner, path, drifts).read(hint, data, union)


class _Reader:
    """Reads one property and everything in it."""

    def __init__(self, owner: str, path: str, drifts: list[Drift]) -> None:
        self._owner = owner
        self._path = path
        self._drifts = drifts

    def read(self, hint: Any, value: Any, union: Union | None = None) -> Any:
        members = [member for member in _members(hint) if member is not Unset]
        if Any in members or (value is None and type(None) in members):
            return value
        if union is not None and isinstance(value, Mapping) and any(map(_is_model, members)):
            return self._read_union(union, value)
        for member in members:
            if _fits(member, value):
                return self._read_member(member, value, union)
        return self._drifted(f"is {kind(value)}, not {_describe(members)}", value)

    def _read_member(self, member: Any, value: Any, union: Union | None) -> Any:
        origin, arguments = typing.get_origin(member), typing.get_args(member)
        if origin is list:
            reader = _Reader(self._owner, f"{self._path}[]", self._drifts)
            return [reader.read(arguments[0], item, union) for item in value]
        if origin is dict:
            reader = _Reader(self._owner, f"{self._path}.*".lstrip("."), self._drifts)
            return {name: reader.read(arguments[1], item, union) for name, item in value.items()}
        if member in (datetime, date):
            try:
                return read_datetime(value) if member is datetime else read_date(value)
            except Mismatch:
                return self._drifted("is not RFC 3339 text", value)
        if _is_model(member):
            return self._read_model(member, value)
        return value

    def _read_model(self, model: type[Model], value: Mapping[str, Any]) -> Model:
        try:
            return model._decode(value)
        except (Mismatch, KeyError):
            return decode_model(model, value, self._path, self._drifts, self._owner)

    def _read_union(self, union: Union, value: Mapping[str, Any]) -> Any:
        try:
            return union.decode(value)
        except (Mismatch, KeyError):
            return decode_variant(union, value, self._path, self._drifts, self._owner)

    def _drifted(self, problem: str, value: Any) -> Any:
        self._drifts.append(Drift(self._owner, self._path, problem))
        return value


_PROPERTIES: dict[Any, dict[str, tuple[str, Any]]] = {}  # by class


def _properties(model: type[Model]) -> dict[str, tuple[str, Any]]:
    """Map each attribute of a model to its wire name and its type."""
    if model not in _PROPERTIES:
        hints = typing.get_type_hints(model)
        apart = {"additional_properties", *model._apart}
        names = [field.name for field in getattr(model, "__attrs_attrs__", ()) if field.name not in apart]
        _PROPERTIES[model] = {name: (model._wire_names.get(name, name), hints[name]) for name in names}
    return _PROPERTIES[model]


def _members(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


def _accepts_unset(hint: Any) -> bool:
    return Unset in _members(hint)


def _constants(hint: Any) -> tuple[Any, ...]:
    return tuple(
        value for member in _members(hint) if typing.get_origin(member) is Literal for value in typing.get_args(member)
    )


def _fits(member: Any, value: Any) -> bool:
    origin = typing.get_origin(member)
    if origin is Literal:
        return type(value) in {type(constant) for constant in typing.get_args(member)}
    if origin in (list, dict):
        return isinstance(value, origin)
    if member in (datetime, date):
        return isinstance(value, str)
    if _is_model(member):
        return isinstance(value, Mapping)
    return type(value) in _SCALARS.get(member, ())


def _is_model(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, Model)


def _describe(members: list[Any]) -> str:
    described = [_describe_member(member) for member in members]
    return " or ".join(dict.fromkeys(described))


def _describe_member(member: Any) -> str:
    origin = typing.get_origin(member) or member
    if member is type(None):
        return "null"
    if origin is Literal:
        return _describe_member(type(typing.get_args(member)[0]))
    if isinstance(origin, type):
        for python_type, name in ((bool, "a boolean"), (str, "a string"), (int, "an integer"), (float, "a number")):
            if issubclass(origin, python_type):
                return name
        if issubclass(origin, (datetime, date)):
            return "a string"
        return "an array" if issubclass(origin, list) else "an object"
    return "a value"

"""Schemas, validation and serialization of models and pages in pydantic. Loaded only when pydantic needs it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError, ValidationError, core_schema

from ..client import Drift
from ..types import Unset
from .decoding import to_wire
from .model import Mismatch, Model, UnknownVariant
from .tolerance import _is_model, _members, _properties, decode_model

M = TypeVar("M", bound=Model)


def schema_of_model(model: type[Model], handler: Any) -> core_schema.CoreSchema:
    """Describe a model to pydantic.

    Instances are accepted unchanged, and objects only if they match the API's document; `to_dict()` serializes them.

    Args:
        model: The model's class.
        handler: Pydantic's handler, which describes the properties.
    """
    hints = {} if issubclass(model, UnknownVariant) else dict(_properties(model).values())
    return core_schema.no_info_wrap_validator_function(
        lambda value, _: _validated(model, value),
        _object(hints, handler),
        ref=_reference(model),
        serialization=serialized_as(to_wire),
    )


def schema_of_page(page: type[Any], item: Any, handler: Any, make: Any) -> core_schema.CoreSchema:
    """Describe a page to pydantic: an object with its items and the total.

    Args:
        page: The page's class.
        item: The type of its items.
        handler: Pydantic's handler, which describes the properties.
        make: Makes a page from the object.
    """
    hints = {"data": list[item], "total_count": int | None}

    def validated(value: Any, validate: Any) -> Any:
        return value if isinstance(value, page) else make(validate(value))

    return core_schema.no_info_wrap_validator_function(
        validated,
        _object(hints, handler),
        ref=f"{_reference(page)}[{_reference(item)}]",
        serialization=serialized_as(lambda value: to_wire(dict(value))),
    )


def serialized_as(to_json: Any) -> core_schema.WrapSerializerFunctionSerSchema:
    """Return a serializer that calls a function, and applies the options that were given to pydantic."""

    def serialize(value: Any, serialize_rest: Any, info: core_schema.SerializationInfo) -> Any:
        data = to_json(value)
        return serialize_rest(_without_none(data) if info.exclude_none else data)

    return core_schema.wrap_serializer_function_ser_schema(serialize, info_arg=True, schema=core_schema.any_schema())


def _without_none(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _without_none(value) for name, value in data.items() if value is not None}
    return [_without_none(item) for item in data] if isinstance(data, list) else data


def _object(hints: Mapping[str, Any], handler: Any) -> core_schema.CoreSchema:
    fields: dict[str, core_schema.TypedDictField] = {}
    for name, hint in hints.items():
        schema = handler.generate_schema(_opened(hint))
        fields[name] = core_schema.typed_dict_field(schema, required=Unset not in _members(hint))
    return core_schema.typed_dict_schema(fields, extra_behavior="allow")


def _opened(hint: Any) -> Any:
    """Return a type extended by what the API may add: other values of enums, other kinds of objects."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return typing.Union[hint, type(arguments[0])]  # noqa: UP007  a type that is only known at run time
    if origin in (list, dict):
        return types.GenericAlias(origin, tuple(map(_opened, arguments)))
    if origin is None:
        return hint
    members = [_opened(member) for member in _members(hint) if member is not Unset]
    if sum(map(_is_model, members)) > 1:
        members.append(UnknownVariant)
    return typing.Union[tuple(members)]  # noqa: UP007  as above


def _validated(model: type[M], value: Any) -> M:
    if isinstance(value, model):
        return value
    if not isinstance(value, Mapping):
        raise PydanticCustomError("clerk_model", "must be a {model} or an object", {"model": model.__name__})
    try:
        return typing.cast("M", model._decode(dict(value), model))
    except (Mismatch, KeyError):
        pass
    drifts: list[Drift] = []
    decoded = decode_model(model, value, "", drifts)
    if drifts:
        raise ValidationError.from_exception_data(
            model.__name__,
            [
                {
                    "type": PydanticCustomError("clerk_document", "{problem}", {"problem": drift.problem}),
                    "loc": tuple(drift.path.split(".")),
                    "input": None,  # it may hold secrets
                }
                for drift in drifts
            ],
        )
    return decoded


def _reference(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', kind)}:{id(kind)}"


__all__ = ["schema_of_model", "schema_of_page"]

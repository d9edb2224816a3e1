"""Every model of the document: attrs classes to the outside in every way, and typed as the document says."""

from __future__ import annotations

import copy
import json
import pickle
import types
import typing
from datetime import date, datetime
from typing import Any, Literal

import attrs
import cattrs.preconf.json
import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from clerk import UNSET, models
from clerk.integrations.cattrs import register_hooks
from clerk_generated._runtime.model import Model
from clerk_generated.types import Unset
from tests.operations.answers import answer_of, json_operations
from tests.operations.document import OPERATIONS, python_name
from tests.operations.shapes import Anything, Array, FreeObject, Object, OneOf, Scalar, Shape, objects_in, shape_of
from tests.operations.synthesis import Recipe, make, random_recipe

RECIPES = {
    "all properties": Recipe(),
    "only required": Recipe(optional=lambda: False),
    "nulls": Recipe(null=lambda: True),
    "unknown properties": Recipe(unknown_properties=True),
    "unknown tags": Recipe(unknown_tags=True),
    "unknown enums": Recipe(unknown_enums=True),
}
SECRETS = {
    "api_key",
    "backup_codes",
    "bearer_token",
    "client_secret",
    "cookies",
    "d",
    "directives",
    "dp",
    "dq",
    "id_token",
    "jwt",
    "k",
    "nonce",
    "p",
    "password",
    "private_metadata",
    "q",
    "qi",
    "secret",
    "saml_response",
    "secret_key",
    "signing_key",
    "svix_url",
    "ticket",
    "token",
    "token_secret",
    "user_info",
}


def _answered() -> dict[str, Object]:
    return {
        name: found for operation_id in json_operations() for name, found in answer_of(operation_id).objects.items()
    }


def _asked() -> dict[str, Object]:
    bodies = [shape_of(described.body.schema) for described in OPERATIONS if described.body is not None]
    inside = [shape for body in bodies for shape in (body.properties.values() if isinstance(body, Object) else [body])]
    return objects_in(*inside)


OBJECTS = {**_asked(), **_answered()}


def test_one_model_for_each_object() -> None:
    found = {
        name
        for name in models.__all__
        if isinstance(getattr(models, name), type) and issubclass(getattr(models, name), Model)
    }
    assert found == {*OBJECTS, "UnknownVariant"}


def model_of(name: str) -> Any:  # the class that only the document names
    return getattr(models, name)


@pytest.mark.parametrize("name", OBJECTS)
class TestAttrs:
    def values(self, name: str) -> list[tuple[dict[str, Any], Any]]:
        made = [make(OBJECTS[name], recipe).value for recipe in (*RECIPES.values(), random_recipe(name))]
        return [(value, model_of(name).from_dict(value)) for value in made if value is not None]

    def test_class(self, name: str) -> None:
        model = model_of(name)
        assert model.__name__ == name
        with pytest.raises(AttributeError):  # it has slots
            model.from_dict({}).no_property = 1
        assert attrs.has(model)
        fields = [field.name for field in attrs.fields(model)]
        assert fields[-1] == "additional_properties"
        assert set(fields[:-1]) == {python_name(wire_name) for wire_name in OBJECTS[name].properties}
        assert model.__doc__

    def test_copies(self, name: str) -> None:
        for value, model in self.values(name):
            assert model.to_dict() == value
            for twin in (
                model_of(name).from_dict(value),
                pickle.loads(pickle.dumps(model)),
                copy.copy(model),
                copy.deepcopy(model),
                attrs.evolve(model),
                model_of(name)(**{field.name: getattr(model, field.name) for field in attrs.fields(type(model))}),
            ):
                assert type(twin) is type(model)
                assert twin is not model
                assert twin == model
                assert twin.to_dict() == value

    def test_change(self, name: str) -> None:
        for value, model in self.values(name):
            changed = attrs.evolve(model, additional_properties={**model.additional_properties, "changed": True})
            assert changed != model
            assert changed.to_dict() == {**value, "changed": True}
            assert model.to_dict() == value
            for field in attrs.fields(type(model))[:-1]:
                assert attrs.evolve(model, **{field.name: "something else"}) != model

    def test_asdict(self, name: str) -> None:
        for _, model in self.values(name):
            shallow = attrs.asdict(model, recurse=False)
            assert shallow == {field.name: getattr(model, field.name) for field in attrs.fields(type(model))}
            assert attrs.asdict(model).keys() == shallow.keys()

    def test_what_is_not_there_is_no_data(self, name: str) -> None:
        for _, model in self.values(name):
            for written in (cattrs.unstructure(model), attrs.asdict(model)):
                assert "UNSET" not in json.dumps(written, default=lambda value: f"no JSON: {type(value).__name__}")
                if any(getattr(model, field.name) is UNSET for field in attrs.fields(type(model))):
                    with pytest.raises(TypeError, match="not JSON serializable"):
                        json.dumps(written)
            shown = attrs.asdict(model, filter=lambda _, value: value is not UNSET)
            assert UNSET not in all_in(shown)

    def test_cattrs_with_hooks(self, name: str) -> None:
        for converter in (cattrs.Converter(), cattrs.preconf.json.make_converter()):
            register_hooks(converter)
            for value, model in self.values(name):
                assert converter.unstructure(model) == value
                assert converter.unstructure([{"in": model}]) == [{"in": value}]
                assert converter.structure(value, model_of(name)) == model

    def test_dict(self, name: str) -> None:
        for value, model in self.values(name):
            if "keys" not in OBJECTS[name].properties:  # Python asks for that first
                assert dict(model) == value
            assert list(model) == list(model.to_dict().items())

    def test_pydantic(self, name: str) -> None:
        adapter = TypeAdapter(model_of(name))
        schema = adapter.json_schema()
        assert adapter.json_schema(mode="serialization") == schema
        check = Draft202012Validator(schema)
        for value, model in self.values(name):
            assert adapter.validate_python(model) is model
            assert adapter.validate_python(value) == adapter.validate_json(json.dumps(value)) == model
            assert adapter.dump_python(model) == json.loads(adapter.dump_json(model)) == value
            assert list(check.iter_errors(value)) == []
            for wire_name in OBJECTS[name].required & value.keys():
                broken = {other: value[other] for other in value if other != wire_name}
                assert adapter.dump_python(model, exclude={wire_name}) == broken
                assert list(check.iter_errors(broken))
                with pytest.raises(ValidationError) as caught:
                    adapter.validate_python(broken)
                assert (wire_name,) in [error["loc"] for error in caught.value.errors()]
        for wrong in (None, 5, "text", [], object()):
            with pytest.raises(ValidationError, match=f"must be a {name} or an object"):
                adapter.validate_python(wrong)

    def test_additional_properties_are_made_once(self, name: str) -> None:
        model, other = (model_of(name).from_dict({}) for _ in range(2))
        model.additional_properties["new"] = 1
        assert model.additional_properties == {"new": 1}
        assert model.to_dict() == {"new": 1}
        assert other.additional_properties == {}
        assert type(model).additional_properties is not None  # what documentation tools and mocks look at

    def test_unset_is_left_out(self, name: str) -> None:
        model = model_of(name).from_dict({})
        assert all(getattr(model, field.name) is UNSET for field in attrs.fields(type(model))[:-1])
        assert model.to_dict() == {}

    def test_repr(self, name: str) -> None:
        for recipe in (RECIPES["all properties"], RECIPES["unknown properties"]):
            made = make(OBJECTS[name], recipe)
            shown = repr(model_of(name).from_dict(made.value))
            assert shown.startswith(f"{name}(")
            assert "\n" not in shown
            for node in made.nodes:
                if node.within in SECRETS or any(str(step) in SECRETS for step in node.steps):
                    assert not any(repr(text) in shown for text in texts_in(made.value, node.steps))


def all_in(value: Any) -> list[Any]:  # any value
    """A value and all that it holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(found for item in inner for found in all_in(item))]


def texts_in(value: Any, steps: tuple[str | int, ...]) -> list[str]:
    """The texts at a place and below."""
    for step in steps:
        value = value[step]
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in inner for text in texts_in(item, ())]


@pytest.mark.parametrize("name", OBJECTS)
class TestTypes:
    def test_hints(self, name: str) -> None:
        hints = typing.get_type_hints(model_of(name))
        for wire_name, shape in OBJECTS[name].properties.items():
            members = members_of(hints[python_name(wire_name)])
            assert (Unset in members) is (wire_name not in OBJECTS[name].required), wire_name
            members.discard(Unset)
            assert_hint(members, shape)

    def test_resolve_types(self, name: str) -> None:
        attrs.resolve_types(model_of(name))
        assert not any(isinstance(field.type, str) for field in attrs.fields(model_of(name)))


def members_of(hint: Any) -> set[Any]:  # any type
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return set(typing.get_args(hint))
    return {hint}


PLAIN = {"string": str, "integer": int, "number": float, "boolean": bool}
FORMATS = {"date-time": datetime, "date": date}


def assert_hint(members: set[Any], shape: Shape) -> None:
    """Check the members of a type against what the document says."""
    if isinstance(shape, Anything):
        assert members == {Any}
        return
    assert (type(None) in members) is shape.nullable
    members.discard(type(None))
    match shape:
        case Scalar():
            assert_scalar_hint(members, shape)
        case FreeObject():
            (found,) = members
            assert typing.get_origin(found) is dict
            assert typing.get_args(found) == (str, Any if shape.values is None else str)
        case Array():
            (found,) = members
            assert typing.get_origin(found) is list
            assert_hint(members_of(typing.get_args(found)[0]), shape.items)
        case Object():
            assert {member.__name__ for member in members} == {shape.name}
        case OneOf():
            named = {member.__name__ for member in members} - {"UnknownVariant"}
            assert named == {member.name for member in shape.members}


def assert_scalar_hint(members: set[Any], shape: Scalar) -> None:
    literals = [member for member in members if typing.get_origin(member) is Literal]
    if shape.kind == "boolean":
        assert members == {bool} or members == {Literal[*shape.enum]}
    elif shape.enum:
        assert {value for literal in literals for value in typing.get_args(literal)} == set(shape.enum)
        assert members - set(literals) <= {PLAIN[shape.kind]}
    else:
        assert members == {FORMATS.get(shape.schema.get("format", ""), PLAIN[shape.kind])}

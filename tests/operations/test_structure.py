"""The generated package: every operation, reachable and typed, and nothing loaded before it is used."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

import clerk_generated
from clerk import UNSET
from clerk_generated import enums, models, sub_apis, typed_dicts
from tests.operations.answers import answer_of
from tests.operations.arguments import Argument, arguments, keyword_in
from tests.operations.document import API_VERSION, LAYOUT, OPERATIONS, ROOT, MethodName, Operation, operation
from tests.operations.service import Service, method_of
from tests.operations.shapes import Anything, Array, FreeObject, Object, OneOf, Scalar, Shape, shape_of

METHODS = [
    (
        sub_api,
        MethodName(
            sub_api, name, facts.get("parameter_names", {}), tuple(facts.get("operations") or [facts["operation"]])
        ),
    )
    for sub_api, described in LAYOUT.items()
    for name, facts in described["methods"].items()
]
METHOD_IDS = [f"{sub_api}.{place.name}" for sub_api, place in METHODS]


def test_one_module_for_each_operation() -> None:
    found = {
        f"clerk_generated.api.{path.parent.name}.{path.stem}"
        for path in (ROOT / "clerk_generated/api").glob("*/*.py")
        if path.stem != "__init__"
    }
    expected = [described.module for described in OPERATIONS]
    assert found == set(expected)
    assert len(expected) == len(set(expected))


def test_each_operation_has_a_method() -> None:
    assert [described.id for described in OPERATIONS if not described.methods] == []


def test_sub_apis_and_their_methods(service: Service) -> None:
    assert tuple(sorted(LAYOUT)) == sub_apis.SUB_APIS
    for client in (service.client(), service.async_client()):
        for name, described in LAYOUT.items():
            sub_api = getattr(client, name)
            assert getattr(client, name) is sub_api
            public = {method for method in dir(sub_api) if not method.startswith("_")}
            assert public == set(described["methods"])


def test_version() -> None:
    assert clerk_generated.API_VERSION == API_VERSION


def test_names_are_names() -> None:
    named = [
        *models.__all__,
        *(name for module in (enums, typed_dicts) for name in vars(module)),
        *(path.stem for path in (ROOT / "clerk_generated").rglob("*.py")),
    ]
    assert [
        name for name in named if re.search(r"Type\d|Response\d|_type_?\d|response_?\d|Item\d|Member\d", name)
    ] == []


def test_first_line_of_each_file() -> None:
    files = [path for path in (ROOT / "clerk_generated").rglob("*.py") if path.stat().st_size]
    lines = {path.read_text().partition("\n")[0] for path in files}
    assert len(lines) == 1
    assert "generated" in lines.pop().lower()


@pytest.mark.parametrize("place", [place for _, place in METHODS], ids=METHOD_IDS)
class TestSignatures:
    def signatures(self, service: Service, place: MethodName) -> list[inspect.Signature]:
        methods = [method_of(client, place) for client in (service.client(), service.async_client())]
        assert [inspect.iscoroutinefunction(method) for method in methods] == [False, True]
        return [inspect.signature(method) for method in methods]

    def test_parameters(self, service: Service, place: MethodName, folder: Path) -> None:
        first, *others = [operation(name) for name in place.operations]
        expected = {
            keyword_in(place, argument): argument
            for called in (*others, first)
            for argument in arguments(called, 0, folder)
        }
        optional_in_path = {
            keyword_in(place, argument)
            for called in others
            for argument in arguments(called, 0, folder)
            if argument.location == "path"
        } - {argument.keyword for argument in arguments(first, 0, folder)}
        for signature in self.signatures(service, place):
            assert set(signature.parameters) == set(expected)
            positional = [
                name for name, found in signature.parameters.items() if found.kind is found.POSITIONAL_OR_KEYWORD
            ]
            in_path = [
                keyword_in(place, found)
                for called in (first, *others)
                for found in arguments(called, 0, folder)
                if found.location == "path"
            ]
            assert positional == list(dict.fromkeys(in_path))
            for name, found in signature.parameters.items():
                assert found.kind in (found.POSITIONAL_OR_KEYWORD, found.KEYWORD_ONLY)
                if name in optional_in_path:
                    assert (found.default, found.annotation) == (None, "str | None")
                else:
                    assert found.default is (found.empty if expected[name].required else UNSET)

    def test_annotations(self, service: Service, place: MethodName, folder: Path) -> None:
        called = operation(place.operations[0])
        for signature in self.signatures(service, place):
            for argument in arguments(called, 0, folder):
                annotation = signature.parameters[keyword_in(place, argument)].annotation
                assert_annotation(annotation, called, argument)

    def test_return(self, service: Service, place: MethodName) -> None:
        called = operation(place.operations[0])
        for signature, page in zip(self.signatures(service, place), ("Page", "AsyncPage"), strict=True):
            assert members(signature.return_annotation) - {"UnknownVariant"} == returned(called, page)


def members(annotation: str) -> set[str]:
    """The members of a union as they are written."""
    assert isinstance(annotation, str)

    def parts(node: ast.expr) -> list[str]:
        if isinstance(node, ast.BinOp):
            return [*parts(node.left), *parts(node.right)]
        return [re.sub(r"\b(builtins|enums|models|pages|typed_dicts)\.", "", ast.unparse(node))]

    return set(parts(ast.parse(annotation, mode="eval").body))


def returned(called: Operation, page: str) -> set[str]:
    answer = answer_of(called.id)
    if answer.unwrapped is not None:
        return {"int"}
    if answer.shape is None:
        return {"None"} if called.content(called.success_status) is None else {"str"}
    if answer.page_key is not None:
        assert isinstance(answer.shape, Array)
        (item,) = written(answer.shape.items)
        return {f"{page}[{item}]"}
    return written(answer.shape)


def written(shape: Shape) -> set[str]:
    """How a type of an answer is written."""
    match shape:
        case Object():
            return {shape.name}
        case OneOf():
            return {member.name for member in shape.members}
        case Array():
            (item,) = written(shape.items)
            return {f"list[{item}]"}
        case FreeObject():
            return {"dict[str, Any]"}
        case _:
            raise AssertionError("no operation answers with that")


def assert_annotation(annotation: str, called: Operation, argument: Argument) -> None:
    found = members(annotation)
    assert ("Unset" in found) is (not argument.required)
    found.discard("Unset")
    if argument.location == "path":
        assert found == {"str"} or is_literal(found, path_schema(called, argument).get("enum", []))
    elif argument.location == "query":
        assert_query_annotation(found, query_schema(called, argument))
    elif argument.location == "file":
        assert found == {"FileUpload"}
    elif argument.location == "header":
        assert found == {"str"}
    else:
        shape = body_shape(called, argument)
        assert ("None" in found) is (shape.nullable and not isinstance(shape, Anything))
        assert_body_annotation(found - {"None"}, shape)


def path_schema(called: Operation, argument: Argument) -> dict[str, Any]:
    return next(parameter.schema for parameter in called.path_parameters if parameter.name == argument.name)


def query_schema(called: Operation, argument: Argument) -> dict[str, Any]:
    return next(parameter.schema for parameter in called.query_parameters if parameter.name == argument.name)


def body_shape(called: Operation, argument: Argument) -> Shape:
    assert called.body is not None
    shape = shape_of(called.body.schema)
    return shape.properties[argument.name] if isinstance(shape, Object) else shape


def assert_query_annotation(found: set[str], schema: dict[str, Any]) -> None:
    if schema["type"] == "array":
        (written,) = found
        inside = re.fullmatch(r"(?:list|Sequence)\[(.+)\]", written)
        assert inside is not None
        assert_query_annotation(members(inside[1]), schema["items"])
    elif schema.get("x-clerk-timestamp") == "milliseconds":
        assert found == {"int", "datetime", "str"}
    elif "enum" in schema:
        assert is_literal(found, schema["enum"])
    elif "x-clerk-values" in schema:
        signs = ["", *schema.get("x-clerk-signs", [])]
        assert "str" in found
        assert is_literal(found - {"str"}, [sign + value for value in schema["x-clerk-values"] for sign in signs])
    else:
        assert found == {PLAIN[schema["type"]]}


PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def is_literal(found: set[str], enum: list[Any]) -> bool:
    """Whether an annotation is the closed list of an enum's values."""
    if len(found) != 1 or not enum:
        return False
    (written,) = found
    literal = eval(written, {**vars(enums), "Literal": Literal})  # the text of an annotation, from our own package
    return get_origin(literal) is Literal and set(get_args(literal)) == {value for value in enum if value is not None}


def assert_body_annotation(found: set[str], shape: Shape) -> None:
    match shape:
        case Anything():
            assert found == {"Any"}
        case Scalar():
            if shape.enum:
                assert is_literal(found, shape.enum)
            elif shape.schema.get("format") == "date-time":
                assert found == {"datetime", "str", "int"}
            else:
                assert found == {PLAIN[shape.kind]}
        case FreeObject():
            (written,) = found
            assert written.startswith("Mapping[str, ")
            assert ("Any" in written) is (shape.values is None)
        case Array():
            (written,) = found
            inside = re.fullmatch(r"(?:list|Sequence)\[(.+)\]", written)
            assert inside is not None
            assert_body_annotation(members(inside[1]), shape.items)
        case Object():
            assert found == {shape.name, f"{shape.name}Dict"}
        case OneOf():
            assert found == {name for member in shape.members for name in (member.name, f"{member.name}Dict")}


LOADED = """
import sys
{}
print(*sorted(name for name in sys.modules if name.startswith("clerk_generated.models.")))
"""


def loaded_by(statement: str) -> set[str]:
    """The modules of models that a statement loads in a new interpreter."""
    command = [sys.executable, "-c", LOADED.format(statement)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split())


@pytest.mark.parametrize(
    "statement", ["import clerk", "import clerk_generated.models", "from clerk import clerk_client"]
)
def test_no_model_is_loaded_before_it_is_used(statement: str) -> None:
    assert loaded_by(statement) == set()


@pytest.mark.parametrize("operation_id", ["GetClient", "GetJWKS", "GetUser", "GetUsersCount"])
def test_an_endpoint_loads_its_own_models_only(operation_id: str) -> None:
    called = operation(operation_id)
    own = {getattr(models, name).__module__ for name in answer_of(operation_id).objects}
    assert loaded_by(f"import {called.module}") <= own

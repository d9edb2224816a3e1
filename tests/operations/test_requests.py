"""Every operation: what goes out for the arguments given, by the corrected document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from openapi_schema_validator import OAS30Validator

import clerk
from clerk import UNSET
from tests.operations.answers import answer_of
from tests.operations.arguments import Argument, arguments, call_arguments, keyword_in, only_required
from tests.operations.document import API_VERSION, DOCUMENT, IDS, OPERATIONS, Operation, operation
from tests.operations.service import MACHINE_SECRET_KEY, SECRET_KEY, Service, endpoint_of, method_of
from tests.operations.shapes import Array, FreeObject, Object, Shape, shape_of
from tests.operations.synthesis import Recipe, make, noted
from tests.operations.wrong import wrong_values

JSON_BODIES = {
    found.id: found.body for found in OPERATIONS if found.body and found.body.media_type == "application/json"
}
MULTIPART_IDS = [found.id for found in OPERATIONS if found.body and found.id not in JSON_BODIES]


@pytest.fixture
def answering(service: Service, operation_id: str) -> Service:
    """The service, answering what the operation expects."""
    called, answer = operation(operation_id), answer_of(operation_id)
    if answer.shape is None:
        content = called.content(called.success_status)
        service.answers(called.success_status, b"", content[0] if content else "")
    else:
        value = make(answer.shape, Recipe(optional=lambda: False, length=lambda: 0)).value
        service.answers_json(called.success_status, answer.body(value))
    return service


def call_with(
    client: clerk.ClerkClient | clerk.AsyncClerkClient,
    called: Operation,
    given: list[Argument],
    *,
    by_keyword: bool = False,
) -> Any:
    positional, keywords = call_arguments(given, called.methods[0], by_keyword=by_keyword)
    return method_of(client, called.methods[0])(*positional, **keywords)


def assert_sent(service: Service, called: Operation, given: list[Argument], key: str = SECRET_KEY) -> None:
    """Check that one request was sent, and that it says all that was given and nothing else."""
    (request,) = service.requests
    service.requests.clear()
    path, _, query = request.url.raw_path.decode().partition("?")
    assert request.method == called.method
    assert str(request.url).startswith("https://api.clerk.com/v1/")
    assert path == expected_path(called, given)
    assert queried(query) == expected_query(called, given)
    assert_headers(request, called, key)
    assert_header_parameters(request, called, given)
    assert_body(request, called, given)


def expected_path(called: Operation, given: list[Argument]) -> str:
    path = called.path
    for argument in given:
        if argument.location == "path":
            path = path.replace(f"{{{argument.name}}}", quote(argument.wire, safe=""))
    return f"/v1{path}"


def queried(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
        found.setdefault(name, []).append(value)
    return found


def expected_query(called: Operation, given: list[Argument]) -> dict[str, list[str]]:
    expected = {argument.name: argument.wire for argument in given if argument.location == "query"}
    if called.facts.get("x-clerk-send-paginated"):
        expected["paginated"] = ["true"]
    return expected


def assert_headers(request: httpx.Request, called: Operation, key: str) -> None:
    assert request.headers["clerk-api-version"] == API_VERSION
    if called.credential == "none":
        assert "authorization" not in request.headers
    else:
        assert request.headers["authorization"] == f"Bearer {key}"


def assert_header_parameters(request: httpx.Request, called: Operation, given: list[Argument]) -> None:
    expected = {argument.name: argument.wire for argument in given if argument.location == "header"}
    names = [parameter.name for parameter in called.header_parameters]
    assert {name: request.headers[name] for name in names if name in request.headers} == expected


def assert_body(request: httpx.Request, called: Operation, given: list[Argument]) -> None:
    if any(argument.location in ("form", "file") for argument in given):
        assert_multipart(request, given)
        return
    properties = {argument.name: argument.wire for argument in given if argument.location == "body"}
    whole = [argument.wire for argument in given if argument.location == "whole"]
    if called.body is None or not (properties or whole or called.body.required):
        assert request.content == b""
        assert "content-type" not in request.headers
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == (whole[0] if whole else properties)


def assert_multipart(request: httpx.Request, given: list[Argument]) -> None:
    media_type, _, boundary = request.headers["content-type"].partition("; boundary=")
    assert media_type == "multipart/form-data"
    parts = [multipart_part(part) for part in request.content.split(f"--{boundary}".encode())[1:-1]]
    assert [name for name, *_ in sorted(parts)] == sorted(
        argument.name for argument in given if argument.location != "path"
    )
    for name, file_name, content_type, content in parts:
        (wire,) = (argument.wire for argument in given if argument.name == name and argument.location != "path")
        if isinstance(wire, str):
            assert (file_name, content.decode()) == (None, wire)
        else:
            assert (content_type, content) == (wire[2], wire[1])
            assert file_name
            assert file_name == (wire[0] or file_name)


def multipart_part(part: bytes) -> tuple[str, str | None, str | None, bytes]:
    """Take a part of a multipart body apart: its name, file name, content type and content."""
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = httpx.Headers(dict(line.split(": ", 1) for line in head.decode().split("\r\n")))
    said = dict(item.split("=", 1) for item in headers["content-disposition"].split("; ")[1:])
    file_name = said.get("filename", "").strip('"') or None
    return said["name"].strip('"'), file_name, headers.get("content-type"), content.removesuffix(b"\r\n")


def assert_valid(shape_schema: dict[str, Any], value: Any) -> None:
    """Check a value against a schema of the corrected document."""
    schema = {"allOf": [shape_schema], "components": DOCUMENT["components"]}
    validator = OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize("operation_id", IDS)
class TestEverythingGiven:
    def test_with_valid_values(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        given = arguments(called, 0, folder)
        machine = called.credential == "machine_secret_key"
        with answering.client(machine_secret_key=MACHINE_SECRET_KEY) as client:
            call_with(client, called, given)
        if operation_id in JSON_BODIES:
            assert_valid(JSON_BODIES[operation_id].schema, json.loads(answering.requests[0].content))
        assert_sent(answering, called, given, MACHINE_SECRET_KEY if machine else SECRET_KEY)

    def test_with_other_values(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        with answering.client() as client:
            for variant in (1, 2):
                with noted(f"variant {variant}"):
                    call_with(client, called, arguments(called, variant, folder), by_keyword=True)
                    assert_sent(answering, called, arguments(called, variant, folder))

    def test_by_the_endpoint_module(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        positional, keywords = call_arguments(arguments(called, 0, folder))
        with answering.client() as client:
            endpoint_of(called).sync(*positional, client=client, **keywords)
            assert_sent(answering, called, arguments(called, 0, folder))
            endpoint_of(called).sync_detailed(*positional, client=client, **keywords)
            assert_sent(answering, called, arguments(called, 0, folder))

    async def test_async(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        positional, keywords = call_arguments(arguments(called, 0, folder))
        async with answering.async_client() as client:
            await call_with(client, called, arguments(called, 0, folder))
            assert_sent(answering, called, arguments(called, 0, folder))
            await endpoint_of(called).asyncio(*positional, client=client, **keywords)
            assert_sent(answering, called, arguments(called, 0, folder))
            await endpoint_of(called).asyncio_detailed(*positional, client=client, **keywords)
            assert_sent(answering, called, arguments(called, 0, folder))


@pytest.mark.parametrize("operation_id", IDS)
class TestNothingMoreThanGiven:
    def test_only_required(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        with answering.client() as client:
            call_with(client, called, only_required(arguments(called, 0, folder)))
        assert_sent(answering, called, only_required(arguments(called, 0, folder)))

    def test_unset_is_not_sent(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        given = only_required(arguments(called, 0, folder))
        positional, keywords = call_arguments(given, called.methods[0])
        unset = {
            keyword_in(called.methods[0], argument): UNSET
            for argument in arguments(called, 0, folder)
            if not argument.required
        }
        with answering.client() as client:
            method_of(client, called.methods[0])(*positional, **keywords, **unset)
        assert_sent(answering, called, given)

    def test_one_at_a_time(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        everything = arguments(called, 1, folder)
        required = only_required(everything)
        with answering.client() as client:
            for argument in everything:
                if not argument.required:
                    call_with(client, called, [*required, argument])
                    assert_sent(answering, called, [*required, argument])


@pytest.mark.parametrize("operation_id", JSON_BODIES)
def test_null_is_sent(answering: Service, operation_id: str, folder: Path) -> None:
    called, body = operation(operation_id), shape_of(JSON_BODIES[operation_id].schema)
    nulls = {name: with_nulls(shape) for name, shape in properties_of(body).items() if has_null(shape)}
    given = [argument for argument in arguments(called, 0, folder) if argument.required or argument.name in nulls]
    given = [
        argument if argument.name not in nulls else Argument(**{**vars(argument), "value": value, "wire": value})
        for argument in given
        for value in [nulls.get(argument.name)]
    ]
    with answering.client() as client:
        call_with(client, called, given)
    assert_sent(answering, called, given)


def properties_of(body: Shape) -> dict[str, Shape]:
    return body.properties if isinstance(body, Object) else {"body": body}


def with_nulls(shape: Shape) -> Any:
    """Make a value that is null wherever the document allows it."""
    return None if shape.nullable else make(shape, Recipe(null=lambda: True)).value


def has_null(shape: Shape) -> bool:
    if isinstance(shape, Array):
        return shape.nullable or has_null(shape.items)
    return shape.nullable or (isinstance(shape, Object) and any(map(has_null, shape.properties.values())))


@pytest.mark.parametrize("operation_id", JSON_BODIES)
def test_unset_inside_a_value_is_not_sent(answering: Service, operation_id: str, folder: Path) -> None:
    called, body = operation(operation_id), shape_of(JSON_BODIES[operation_id].schema)
    free = [name for name, shape in properties_of(body).items() if isinstance(shape, FreeObject)]
    given = [
        Argument(**{**vars(argument), "value": {"kept": "text", "left": UNSET}, "wire": {"kept": "text"}})
        if argument.name in free
        else argument
        for argument in arguments(called, 0, folder)
    ]
    with answering.client() as client:
        call_with(client, called, given)
    assert_sent(answering, called, given)


@pytest.mark.parametrize("operation_id", IDS)
class TestRefusedArguments:
    def test_wrong_types(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        everything = arguments(called, 0, folder)
        accepted: list[str] = []
        with answering.client() as client:
            for argument in everything:
                keyword = keyword_in(called.methods[0], argument)
                for value in [*wrong_values(called, argument), *([UNSET] if argument.required else [])]:
                    given = [other if other is not argument else with_value(argument, value) for other in everything]
                    try:
                        call_with(client, called, given)
                    except TypeError as error:
                        if not str(error).startswith(keyword):
                            accepted.append(f"{keyword}={value!r} is refused as {error}")
                    else:
                        accepted.append(f"{keyword}={value!r} is accepted")
        assert accepted == []
        assert answering.requests == []

    def test_path_parameters_that_reach_elsewhere(self, answering: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        everything = arguments(called, 0, folder)
        with answering.client() as client:
            for argument in everything:
                if argument.location == "path":
                    keyword = keyword_in(called.methods[0], argument)
                    for value in ("", ".", ".."):
                        given = [
                            other if other is not argument else with_value(argument, value) for other in everything
                        ]
                        with pytest.raises(ValueError, match=f"^{keyword} "):
                            call_with(client, called, given)
        assert answering.requests == []


def with_value(argument: Argument, value: Any) -> Argument:
    return Argument(**{**vars(argument), "value": value})


@pytest.mark.parametrize("operation_id", IDS)
def test_without_a_key(answering: Service, operation_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLERK_SECRET_KEY", raising=False)
    monkeypatch.delenv("CLERK_MACHINE_SECRET_KEY", raising=False)
    called = operation(operation_id)
    given = only_required(arguments(called, 0, folder))
    with answering.client(secret_key=None) as client:
        if called.credential == "none":
            call_with(client, called, given)
            assert_sent(answering, called, given)
        else:
            with pytest.raises(clerk.ClerkConfigurationError, match="CLERK_SECRET_KEY"):
                call_with(client, called, given)
            assert answering.requests == []


@pytest.mark.parametrize("operation_id", MULTIPART_IDS)
def test_file_that_is_not_there(answering: Service, operation_id: str, folder: Path) -> None:
    called = operation(operation_id)
    given = [
        with_value(argument, folder / "no such file.png") if argument.location == "file" else argument
        for argument in arguments(called, 0, folder)
    ]
    with answering.client() as client, pytest.raises(FileNotFoundError):
        call_with(client, called, given)
    assert answering.requests == []

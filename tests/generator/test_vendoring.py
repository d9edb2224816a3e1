from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from generator._errors import BuildError
from generator.document import files, lock, vendor
from generator.document.strict import is_with_null

ROOT = Path(__file__).parents[2]

Document = dict[str, Any]


def a_document(**changes: Any) -> Document:
    """A small sound OpenAPI document; changes replace fields of the root."""
    document: Document = {
        "openapi": "3.0.3",
        "info": {"title": "An API", "version": "2025-11-10"},
        "paths": {"/things": {"get": an_operation("listThings")}},
    }
    return {**document, **changes}


def an_operation(operation_id: str, **fields: Any) -> Document:
    return {"operationId": operation_id, "responses": {"200": {"description": "Fine"}}, **fields}


def with_schema(schema: Any, **changes: Any) -> Document:
    return a_document(components={"schemas": {"Thing": schema}}, **changes)


def canonical_schema(schema: Any) -> Any:
    return vendor.canonical(with_schema(schema))["components"]["schemas"]["Thing"]


def canonical_operation(**fields: Any) -> Document:
    document = a_document(paths={"/things": {"get": an_operation("listThings", **fields)}})
    operation: Document = vendor.canonical(document)["paths"]["/things"]["get"]
    return operation


WORDS = {"description": "Words", "externalDocs": {"url": "https://example.com", "description": "Words"}}

WORDY = {
    "openapi": "3.0.3",
    "x-retries": {"strategy": "Words"},
    "info": {
        "title": "An API",
        "version": "1",
        "description": "Words",
        "termsOfService": "https://example.com/words",
        "contact": {"name": "Words"},
        "license": {"name": "Words"},
        "x-logo": {"altText": "Words"},
    },
    "externalDocs": WORDS["externalDocs"],
    "servers": [
        {"url": "https://{region}/v1", "description": "Words", "variables": {"region": {"default": "eu", **WORDS}}}
    ],
    "tags": [{"name": "Things", **WORDS}],
    "security": [{"key": []}],
    "paths": {
        "x-note": "Words",
        "/things/{id}": {
            "summary": "Words",
            "description": "Words",
            "x-note": "Words",
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "description": "Words",
                    "example": "Words",
                    "examples": {"one": {"summary": "Words", "value": "Words"}},
                    "schema": {"type": "string", "title": "Words", "description": "Words"},
                }
            ],
            "post": {
                "operationId": "postThing",
                "summary": "Words",
                **WORDS,
                "tags": ["Things"],
                "x-speakeasy-group": "things",
                "x-speakeasy-name-override": "post",
                "x-speakeasy-usage-example": {"title": "Words"},
                "requestBody": {
                    "description": "Words",
                    "content": {
                        "multipart/form-data": {
                            "example": "Words",
                            "examples": {"one": {"value": "Words"}},
                            "schema": {"type": "object"},
                            "encoding": {"file": {"contentType": "image/png", "x-note": "Words"}},
                        }
                    },
                },
                "responses": {
                    "x-note": "Words",
                    "200": {
                        "description": "Words",
                        "x-note": "Words",
                        "headers": {"X-Total": {"description": "Words", "schema": {"type": "integer"}}},
                        "links": {
                            "next": {"operationId": "postThing", "description": "Words", "parameters": {"id": "$url"}}
                        },
                    },
                },
                "callbacks": {
                    "done": {
                        "x-note": "Words",
                        "{$request.body#/url}": {
                            "post": {
                                "operationId": "onDone",
                                "summary": "Words",
                                "responses": {"200": {"description": "Words"}},
                            }
                        },
                    }
                },
            },
        },
    },
    "components": {
        "x-note": "Words",
        "examples": {"one": {"summary": "Words"}},
        "securitySchemes": {
            "key": {
                "type": "oauth2",
                "description": "Words",
                "flows": {
                    "x-note": "Words",
                    "implicit": {"authorizationUrl": "https://example.com/a", "scopes": {"read": "Words"}},
                },
            }
        },
        "schemas": {
            "Thing": {
                "type": "object",
                "title": "Words",
                "example": {"description": "Words"},
                **WORDS,
                "x-speakeasy-name-override": "Words",
                "x-speakeasy-unknown-values": "Words",
                "discriminator": {"propertyName": "title", "x-note": "Words"},
                "properties": {
                    "description": {"type": "string", "description": "Words"},
                    "title": {"type": "string", "title": "Words", "example": "Words"},
                    "example": {"$ref": "#/components/schemas/Example", "description": "Words", "nullable": True},
                    "default": {"type": "object", "default": {"description": "a value", "title": "a value"}},
                    "summary": {"type": "array", "items": {"type": "string", "description": "Words"}},
                    "x-words": {"type": "string", "enum": ["title"]},
                },
            },
            "Example": {"type": "string"},
        },
    },
}

WORDLESS = """\
# comment
openapi: 3.0.3
info:
  title: An API
  version: '1'
servers:
- url: https://{region}/v1
  variables:
    region:
      default: eu
security:
- key: []
tags:
- name: Things
paths:
  /things/{id}:
    parameters:
    - name: id
      in: path
      required: true
      schema:
        type: string
    post:
      operationId: postThing
      x-speakeasy-group: things
      x-speakeasy-name-override: post
      tags:
      - Things
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
            encoding:
              file:
                contentType: image/png
      responses:
        '200':
          description: ''
          headers:
            X-Total:
              schema:
                type: integer
          links:
            next:
              operationId: postThing
              parameters:
                id: $url
      callbacks:
        done:
          '{$request.body#/url}':
            post:
              operationId: onDone
              responses:
                '200':
                  description: ''
components:
  securitySchemes:
    key:
      type: oauth2
      flows:
        implicit:
          authorizationUrl: https://example.com/a
          scopes:
            read: ''
  schemas:
    Example:
      type: string
    Thing:
      type: object
      properties:
        default:
          type: object
          default:
            description: a value
            title: a value
        description:
          type: string
        example:
          nullable: true
          anyOf:
          - $ref: '#/components/schemas/Example'
          - type: object
            nullable: true
            enum:
            - null
        summary:
          type: array
          items:
            type: string
        title:
          type: string
        x-words:
          type: string
          enum:
          - title
      discriminator:
        propertyName: title
"""


def test_words_stay_behind_by_position_and_facts_in_canonical_order() -> None:
    given = copy.deepcopy(WORDY)

    facts = vendor.check(WORDY, "file")

    assert files.dump(facts, "comment").decode() == WORDLESS
    assert given == WORDY


ALL_SCHEMA_FACTS: Document = {
    "type": "object",
    "nullable": True,
    "format": "f",
    "enum": [{"a": 1}],
    "default": {"a": 1},
    "pattern": "p",
    "minLength": 1,
    "maxLength": 2,
    "minimum": 1.5,
    "exclusiveMinimum": True,
    "maximum": 2,
    "exclusiveMaximum": False,
    "multipleOf": 0.5,
    "readOnly": True,
    "writeOnly": False,
    "deprecated": True,
    "items": {"type": "string"},
    "minItems": 1,
    "maxItems": 2,
    "uniqueItems": True,
    "minProperties": 1,
    "maxProperties": 2,
    "required": ["a"],
    "properties": {"a": {"type": "string"}},
    "additionalProperties": {"type": "string"},
    "discriminator": {"propertyName": "a", "mapping": {"t": "#/components/schemas/Thing"}},
    "allOf": [{"type": "string"}],
    "anyOf": [{"type": "string"}],
    "oneOf": [{"type": "string"}],
    "not": {"type": "string"},
    "xml": {"name": "n", "namespace": "s", "prefix": "p", "attribute": True, "wrapped": False},
}

NEWER_SCHEMA_FACTS: Document = {
    "type": ["null", "string"],
    "contentMediaType": "text/plain",
    "contentEncoding": "base64",
    "contentSchema": {"type": "string"},
    "const": 1,
    "exclusiveMinimum": 1,
    "prefixItems": [{"type": "string"}, {"type": "integer"}],
    "items": False,
    "unevaluatedItems": True,
    "contains": {"type": "string"},
    "minContains": 1,
    "maxContains": 2,
    "dependentRequired": {"a": ["b", "c"]},
    "patternProperties": {"^a": {"type": "string"}},
    "propertyNames": {"type": "string"},
    "additionalProperties": False,
    "unevaluatedProperties": False,
    "dependentSchemas": {"a": {"type": "string"}},
    "if": {"type": "string"},
    "then": {"type": "string"},
    "else": {"type": "string"},
    "$defs": {"Local": {"type": "string"}},
}


@pytest.mark.parametrize("schema", [ALL_SCHEMA_FACTS, NEWER_SCHEMA_FACTS, True])
def test_every_fact_of_a_schema_is_kept(schema: Any) -> None:
    assert canonical_schema(schema) == schema


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Thing", "nullable": True},
        {"type": "string", "default": ""},
        {"type": "string", "default": None, "nullable": True},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "properties": {}, "required": []},
        {},
    ],
)
def test_facts_that_are_false_or_empty_are_kept(schema: Document) -> None:
    assert canonical_schema(schema) == schema


def test_words_in_schemas_of_the_newer_version_stay_behind() -> None:
    words = {"$comment": "Words", "examples": ["Words"], "title": "Words", "$schema": "https://example.com"}
    schema = {**words, "type": "object", "$defs": {"title": {**words, "const": "x"}}}

    assert canonical_schema(schema) == {"type": "object", "$defs": {"title": {"const": "x"}}}


def test_every_fact_of_a_parameter_is_kept() -> None:
    shape = {"style": "form", "explode": False, "allowReserved": True, "schema": {"type": "string"}}
    flags = {"required": False, "deprecated": True, "allowEmptyValue": False}
    parameter = {"name": "a", "in": "query", **flags, **shape}
    other = {"name": "b", "in": "query", "content": {"application/json": {"schema": {"type": "string"}}}}
    header = {"headers": {"X-A": {**flags, **shape}, "X-B": {"$ref": "#/components/headers/B"}}}

    assert canonical_operation(parameters=[parameter, other])["parameters"] == [parameter, other]
    assert canonical_operation(responses={"200": {"description": "", **header}})["responses"]["200"] == {
        "description": "",
        **header,
    }


def test_every_fact_of_an_operation_is_kept() -> None:
    fields = {
        "deprecated": True,
        "security": [],
        "servers": [{"url": "https://example.com", "variables": {"a": {"default": "x", "enum": ["x", "y"]}}}],
        "requestBody": {"required": True, "content": {"text/csv": {}}},
        "responses": {"2XX": {"$ref": "#/components/responses/A"}, "default": {"description": ""}},
    }

    assert canonical_operation(**fields) == {"operationId": "listThings", **fields}


def test_references_beside_words_are_kept_alone() -> None:
    reference = {"$ref": "#/components/parameters/A"}

    assert canonical_operation(parameters=[{**reference, "description": "Words"}])["parameters"] == [reference]


def test_every_kind_of_component_is_kept_used_or_not() -> None:
    components = {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "key": {"type": "apiKey", "name": "k", "in": "header"},
            "openId": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com"},
        },
        "parameters": {"A": {"name": "a", "in": "query", "schema": {}}},
        "headers": {"B": {"schema": {}}},
        "requestBodies": {"C": {"content": {"text/plain": {}}}},
        "responses": {"D": {"description": ""}},
        "schemas": {"E": {}},
        "links": {"F": {"operationRef": "#/paths/~1things/get", "requestBody": 1, "server": {"url": "/"}}},
        "callbacks": {"G": {"{$url}": {"get": an_operation("onG", responses={"200": {"description": ""}})}}},
        "pathItems": {"H": {"get": an_operation("getH", responses={"200": {"description": ""}})}},
    }

    assert vendor.canonical(a_document(components=components))["components"] == components


def test_webhooks_and_unknown_fields_stay_behind() -> None:
    document = a_document(
        openapi="3.1.0",
        jsonSchemaDialect="https://spec.openapis.org/oas/3.1/dialect/base",
        webhooks={"a": {"post": an_operation("a")}},
        anything={"a": "Words"},
    )

    assert list(vendor.canonical(document)) == ["openapi", "jsonSchemaDialect", "info", "paths"]


REFERENCE = {"$ref": "#/components/schemas/Thing"}
DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base"


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"type": ["string", "null"], "examples": ["Words"]}, {"type": "string", "nullable": True}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"const": "a"}, {"enum": ["a"]}),
        ({"type": "string", "enum": ["a", None]}, {"type": "string", "enum": ["a", None], "nullable": True}),
        ({"exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}),
        ({"type": "string", "contentMediaType": "image/png"}, {"type": "string", "format": "binary"}),
        ({"type": "string", "contentEncoding": "base64"}, {"type": "string", "format": "byte"}),
        ({"properties": {"a": True}}, {"properties": {"a": {}}}),
        ({**REFERENCE, "deprecated": True}, {"allOf": [REFERENCE], "deprecated": True}),
        ({"anyOf": [REFERENCE, {"type": "null"}]}, {"allOf": [REFERENCE], "nullable": True}),
        (
            {"oneOf": [REFERENCE, {"type": "object"}, {"type": "null"}]},
            {"oneOf": [REFERENCE, {"type": "object"}], "nullable": True},
        ),
        ({"items": {"type": ["integer", "null"]}}, {"items": {"type": "integer", "nullable": True}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
    ],
)
def test_the_newer_version_is_read_as_the_older(newer: dict[str, Any], older: dict[str, Any]) -> None:
    document = with_schema({"type": "object"}, openapi="3.1.0", webhooks={}, jsonSchemaDialect=DIALECT)
    document["components"]["schemas"]["Other"] = {"type": "object", "properties": {"inner": newer}}

    facts = vendor.check(document, "file")

    inner = facts["components"]["schemas"]["Other"]["properties"]["inner"]
    if is_with_null(inner):  # the next step, which has tests of its own
        inner = {"nullable": True, **inner["anyOf"][0]}
    assert inner == older
    assert facts["openapi"] == "3.0.3"
    assert list(OpenAPIV30SpecValidator(facts).iter_errors()) == []


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": ["string", "integer"]}, "`type` is integer or string: OpenAPI 3.0 allows one type"),
        ({"type": "null"}, "`type` is null: OpenAPI 3.0 allows one type"),
        ({"prefixItems": [{}]}, "`prefixItems` is OpenAPI 3.1; 3.0 has nothing like it"),
        ({"patternProperties": {"a": {}}}, "`patternProperties` is OpenAPI 3.1"),
        ({"items": False}, "/items: the schema False is OpenAPI 3.1"),
    ],
)
def test_what_the_older_version_cannot_say_is_refused_for_what_it_is(schema: dict[str, Any], message: str) -> None:
    with pytest.raises(BuildError) as raised:
        vendor.check(with_schema({"properties": {"a": schema}}, openapi="3.1.0"), "file")
    assert str(raised.value).startswith("file: /components/schemas/Thing/properties/a")
    assert message in str(raised.value)


def test_shared_path_items_of_the_newer_version_are_refused() -> None:
    document = with_schema({}, openapi="3.1.0")
    document["components"]["pathItems"] = {"A": {"get": an_operation("a")}}
    with pytest.raises(BuildError, match=r"^file: /components/pathItems: shared path items are OpenAPI 3.1"):
        vendor.check(document, "file")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"required": ["b", "a", "b"]}, {"required": ["a", "b"]}),
        ({"enum": ["b", "a"]}, {"enum": ["a", "b"]}),
        (
            {"enum": [None, "b", True, 10, False, 9, "a", 9.5, {"b": 1, "a": 2}, [1], -1]},
            {"enum": [-1, 9, 9.5, 10, "a", "b", [1], False, True, {"a": 2, "b": 1}, None]},
        ),
        ({"enum": [1, True, 1, True, 1.0]}, {"enum": [1.0, True]}),
        ({"dependentRequired": {"a": ["c", "b"]}}, {"dependentRequired": {"a": ["b", "c"]}}),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"default": ["b", "a"]}, {"default": ["b", "a"]}),
    ],
)
def test_lists_are_sorted_where_their_order_says_nothing(given: Document, kept: Document) -> None:
    assert json.dumps(canonical_schema(given)) == json.dumps(kept)


def test_parameters_are_sorted_by_location_and_name_through_references() -> None:
    components = {"parameters": {"A": {"name": "z", "in": "path", "required": True, "schema": {}}}}
    parameters = [
        {"name": "b", "in": "query", "schema": {}},
        {"$ref": "#/components/parameters/Absent"},
        {"name": "a", "in": "query", "schema": {}},
        {"$ref": "#/components/parameters/A"},
        {"name": "c", "in": "header", "schema": {}},
    ]
    item = {"parameters": parameters, "get": an_operation("a", parameters=parameters[:3])}

    facts = vendor.canonical(a_document(components=components, paths={"/things/{z}": item}))["paths"]["/things/{z}"]

    order = [parameters[1], parameters[4], parameters[3], parameters[2], parameters[0]]
    assert facts["parameters"] == order
    assert facts["get"]["parameters"] == [order[0], *order[3:]]


def test_parameters_of_callbacks_are_sorted() -> None:
    parameters = [{"name": name, "in": "query", "schema": {}} for name in "ba"]
    called = {"{$url}": {"post": an_operation("called", parameters=parameters)}}
    document = a_document(
        paths={"/a": {"get": an_operation("a", callbacks={"c": called})}}, components={"callbacks": {"C": called}}
    )

    facts = vendor.canonical(document)

    for callback in (facts["paths"]["/a"]["get"]["callbacks"]["c"], facts["components"]["callbacks"]["C"]):
        assert callback["{$url}"]["post"]["parameters"] == parameters[::-1]


def test_tags_are_sorted_by_name() -> None:
    document = a_document(tags=[{"name": "b"}, {"name": "a"}])

    assert vendor.canonical(document)["tags"] == [{"name": "a"}, {"name": "b"}]
    assert canonical_operation(tags=["b", "a"])["tags"] == ["a", "b"]


def test_security_and_servers_keep_their_order() -> None:
    document = a_document(
        security=[{"b": ["y", "x"]}, {"a": []}, {}], servers=[{"url": "https://b"}, {"url": "https://a"}]
    )

    facts = vendor.canonical(document)

    assert facts["security"] == [{"b": ["x", "y"]}, {"a": []}, {}]
    assert facts["servers"] == [{"url": "https://b"}, {"url": "https://a"}]


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: shuffled(value[name], order) for name in order.sample(sorted(value), len(value))}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_maps_in_the_source_makes_no_difference(seed: int) -> None:
    for source in (WORDY, with_schema(ALL_SCHEMA_FACTS), with_schema(NEWER_SCHEMA_FACTS)):
        mixed = shuffled(source, random.Random(seed))

        assert files.dump(vendor.canonical(mixed), "") == files.dump(vendor.canonical(source), "")


@pytest.fixture(scope="module")
def vendored() -> Document:
    document: Document = files.load(ROOT / lock.VENDORED).value
    return document


def test_the_vendored_document_is_in_canonical_form(vendored: Document) -> None:
    content = (ROOT / lock.VENDORED).read_bytes()
    comment = content.decode().partition("\n")[0].removeprefix("# ")

    assert files.dump(vendor.canonical(vendored), comment) == content
    assert files.dump(vendor.canonical(shuffled(vendored, random.Random(0))), comment) == content
    assert yaml.load(content, yaml.CSafeLoader) == vendored  # a reader of YAML 1.1 sees the same


def test_the_vendored_document_is_valid_openapi(vendored: Document) -> None:
    assert list(OpenAPIV30SpecValidator(vendored).iter_errors()) == []


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def write_source(document: Any) -> Path:
        path = tmp_path / "source.json"
        path.write_text(json.dumps(document))
        return path

    return write_source


def test_vendoring_writes_document_and_lock(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    source = write(with_schema({"type": "string", "description": "Words"}))

    result = vendor.vendor(source, tmp_path / "project")

    assert result == vendor.Vendored(version="2025-11-10", operations=1, schemas=1)
    content = (tmp_path / "project" / lock.VENDORED).read_bytes()
    assert content.startswith(b"# ")
    assert b"Words" not in content
    assert lock.read(tmp_path / "project") == lock.Lock(
        api_version="2025-11-10",
        source_sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
        vendored_sha256=hashlib.sha256(content).hexdigest(),
        counts={"operations": 1, "schemas": 1},
        source={"file": source.name},
    )


def test_operations_of_callbacks_need_no_id_and_are_not_counted(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    called = {"{$url}": {"post": {"responses": {"200": {"description": ""}}}}}
    document = a_document_with(an_operation("a", callbacks={"c": called, "d": called}))

    assert vendor.vendor(write(document), tmp_path).operations == 1


def test_a_document_without_components_has_no_schemas(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    assert vendor.vendor(write(a_document()), tmp_path).schemas == 0


def test_vendoring_again_keeps_what_generating_recorded(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    recorded = lock.Lock(
        "2020-01-01", "old", "old", inputs={"a": "b"}, generator={"ruff": "1"}, counts={"operations": 5, "models": 3}
    )
    lock.write(tmp_path, recorded)

    vendor.vendor(write(a_document()), tmp_path)

    renewed = lock.read(tmp_path)
    assert renewed.api_version == "2025-11-10"
    assert (renewed.inputs, renewed.generator) == (recorded.inputs, recorded.generator)
    assert renewed.counts == {"operations": 1, "schemas": 0, "models": 3}


def test_vendoring_mends_a_broken_lock(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    (tmp_path / "openapi").mkdir()
    (tmp_path / lock.LOCK).write_text("<<<<<<< HEAD")

    vendor.vendor(write(a_document()), tmp_path)

    assert lock.read(tmp_path).api_version == "2025-11-10"


def test_vendoring_the_vendored_file_gives_the_same_bytes(tmp_path: Path, write: Callable[[Any], Path]) -> None:
    vendor.vendor(write(WORDY), tmp_path)
    content = (tmp_path / lock.VENDORED).read_bytes()

    vendor.vendor(tmp_path / lock.VENDORED, tmp_path)

    assert (tmp_path / lock.VENDORED).read_bytes() == content


def a_document_with(operation: Document) -> Document:
    return a_document(paths={"/a": {"get": operation}})


def a_reference(target: Any) -> Document:
    return with_schema({"properties": {"default": {"$ref": target}}})


LOOP = {
    "A": {"$ref": "#/components/schemas/B"},
    "B": {"$ref": "#/components/schemas/A"},
}

UNSOUND: list[tuple[Any, str]] = [
    (None, "not an OpenAPI document: the root is empty, not a mapping"),
    ([], "not an OpenAPI document: the root is a list, not a mapping"),
    ("text", "not an OpenAPI document: the root is a scalar, not a mapping"),
    ({}, "not an OpenAPI 3.0 or 3.1 document: no `openapi` field"),
    ({"swagger": "2.0"}, "not an OpenAPI 3.0 or 3.1 document: Swagger 2.0"),
    (a_document(openapi="2.0.0"), "not an OpenAPI 3.0 or 3.1 document: `openapi` is '2.0.0'"),
    (a_document(openapi="3.2.0"), "not an OpenAPI 3.0 or 3.1 document: `openapi` is '3.2.0'"),
    (a_document(openapi="3.0"), "not an OpenAPI 3.0 or 3.1 document: `openapi` is '3.0'"),
    (a_document(openapi=3), "not an OpenAPI 3.0 or 3.1 document: no `openapi` field"),
    ({"openapi": "3.0.3", "info": {}}, "no paths: the document describes no operation"),
    (a_document(paths={}), "no paths: the document describes no operation"),
    (a_document(paths=None), "no paths: the document describes no operation"),
    (
        a_reference("#/components/schemas/Absent"),
        "/components/schemas/Thing/properties/default: $ref '#/components/schemas/Absent' can't be resolved",
    ),
    (a_reference("#/info/title/x"), "/components/schemas/Thing/properties/default: $ref '#/info/title/x' can't be"),
    (
        a_document_with(an_operation("a", parameters=[{"name": "a", "in": "query"}, {"$ref": "#/absent"}])),
        "/paths/~1a/get/parameters/1: $ref '#/absent' can't be resolved",
    ),
    (
        a_reference("other.yaml#/components/schemas/A"),
        "/components/schemas/Thing/properties/default: $ref 'other.yaml#/components/schemas/A' points outside",
    ),
    (
        a_reference("https://example.com/schema.json"),
        "/components/schemas/Thing/properties/default: $ref 'https://example.com/schema.json' points outside",
    ),
    (
        a_document(components={"schemas": LOOP}),
        "/components/schemas/A: $ref '#/components/schemas/B' can't be resolved",
    ),
    (
        a_reference("#/x-schemas/A") | {"x-schemas": {"A": {}}},
        "/components/schemas/Thing/properties/default: $ref '#/x-schemas/A' refers to a part that is not vendored",
    ),
    (
        a_reference("#/paths/~1things/get/parameters/0/schema"),
        "/components/schemas/Thing/properties/default: $ref '#/paths/~1things/get/parameters/0/schema' refers to a",
    ),
    (
        with_schema({"discriminator": {"propertyName": "a", "mapping": {"t": "#/components/schemas/Absent"}}}),
        "/components/schemas/Thing/discriminator/mapping/t: $ref '#/components/schemas/Absent' can't be resolved",
    ),
    (
        a_document(paths={"/a": {"get": an_operation("same")}, "/b": {"post": an_operation("same")}}),
        "/paths/~1b/post: operationId 'same' is already used at /paths/~1a/get",
    ),
    (
        a_document_with(an_operation("same", callbacks={"c": {"{$url}": {"get": an_operation("same")}}})),
        "/paths/~1a/get/callbacks/c/{$url}/get: operationId 'same' is already used at /paths/~1a/get",
    ),
    (a_document_with({"responses": {}}), "/paths/~1a/get: the operation has no operationId"),
    (a_document_with(an_operation("")), "/paths/~1a/get: the operation has no operationId"),
    ({"openapi": "3.0.3", "paths": {"/a": {}}}, "not valid OpenAPI: 'info' is a required property"),
    (a_document(paths=[1]), "/paths: not valid OpenAPI: [1] is not of type 'object'"),
    (a_document(paths={"/a": 1}), "/paths/~1a: not valid OpenAPI: 1 is not of type 'object'"),
    (a_document(paths={"/a": {"get": 1}}), "/paths/~1a/get: not valid OpenAPI: 1 is not of type 'object'"),
    (a_document(components=[]), "/components: not valid OpenAPI: [] is not of type 'object'"),
    (
        a_document(tags=[1], paths={"/a": {"get": an_operation("a", tags=[1])}}),
        "/tags/0: not valid OpenAPI: 1 is not of type 'object'",
    ),
    (a_document(tags=[1]), "/tags/0: not valid OpenAPI: 1 is not of type 'object'"),
    (a_document(servers={}), "/servers: not valid OpenAPI: {} is not of type 'array'"),
    (
        a_document_with(an_operation("a", parameters=[1])),
        "/paths/~1a/get/parameters/0: not valid OpenAPI: ",
    ),
    (
        a_document_with(an_operation("a", callbacks={"c": {"{$url}": 1}})),
        "/paths/~1a/get/callbacks/c/{$url}: not valid OpenAPI: 1 is not of type 'object'",
    ),
    (with_schema({"required": 1}), "/components/schemas/Thing/required: not valid OpenAPI: 1 is not of type 'array'"),
    (with_schema({"type": "objekt"}), "/components/schemas/Thing/type: not valid OpenAPI: 'objekt' is not one of"),
    (with_schema({"$ref": 1}), "/components/schemas/Thing/$ref: not valid OpenAPI: 1 is not of type 'string'"),
    (
        with_schema({"properties": {"a": {"type": "integer", "default": "x"}}}),
        "/components/schemas/Thing/properties/a: not valid OpenAPI: 'x' is not of type 'integer'",
    ),
    (
        a_document(paths={"/a/{id}": {"get": an_operation("a")}}),
        "not valid OpenAPI: Path parameter 'id' for 'get' operation in '/a/{id}' was not resolved",
    ),
    (
        with_schema({"allOf": [{"$ref": "#/components/schemas/Thing"}]}),
        "not valid OpenAPI: the validator crashed with RecursionError: ",
    ),
    (
        with_schema({"type": "string", "const": "x", "minLength": "y"}, openapi="3.1.0"),
        "/components/schemas/Thing/minLength: not valid OpenAPI: 'y' is not of type 'integer'",
    ),
]


@pytest.mark.parametrize(("document", "message"), UNSOUND)
def test_an_unsound_document_is_one_line_that_says_what_and_where(
    document: Any, message: str, tmp_path: Path, write: Callable[[Any], Path]
) -> None:
    source = write(document)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(BuildError) as caught:
        vendor.vendor(source, tmp_path)

    assert str(caught.value).startswith(f"{source}: {message}")
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["enum", "example", "x-name", "mapping", "schemas"])
@pytest.mark.parametrize(
    "field", ["schemas", "responses", "parameters", "headers", "requestBodies", "securitySchemes", "links", "callbacks"]
)
def test_references_of_components_are_checked_whatever_their_names(field: str, name: str) -> None:
    document = a_document(components={field: {name: {"$ref": "#/absent"}}})

    with pytest.raises(BuildError, match=f"^file: /components/{field}/{name}: .ref '#/absent' can't be resolved$"):
        vendor.check(document, "file")


@pytest.mark.parametrize(
    "holder",
    [
        {"content": {"x-name": {"schema": ...}}},
        {"content": {"text/plain": {"encoding": {"enum": {"headers": {"example": ...}}}}}},
        {"content": {"text/plain": {"schema": {"properties": {"enum": ...}}}}},
        {"content": {"text/plain": {"schema": {"patternProperties": {"const": ...}}}}},
        {"content": {"text/plain": {"schema": {"dependentSchemas": {"example": ...}}}}},
        {"content": {"text/plain": {"schema": {"$defs": {"x-name": ...}}}}},
        {"content": {"text/plain": {"schema": {"allOf": [{"not": ...}]}}}},
    ],
)
def test_references_are_found_below_any_name(holder: Document) -> None:
    body = json.loads(json.dumps(holder, default=lambda _: {"$ref": "#/absent"}))
    document = a_document_with(an_operation("a", requestBody=body))

    with pytest.raises(BuildError, match=r"^file: /paths/~1a/get/requestBody/content/.* '#/absent' can't be resolved$"):
        vendor.check(document, "file")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"a: [", "not YAML or JSON: line 2: "),
        (b"openapi: 3.0.3\npaths:\n  /a: {}\n  /a: {}\n", "line 4: duplicate key '/a'"),
    ],
)
def test_a_document_that_can_not_be_read_changes_nothing(content: bytes | None, message: str, tmp_path: Path) -> None:
    source = tmp_path / "source.yaml"
    if content is not None:
        source.write_bytes(content)

    with pytest.raises(BuildError) as caught:
        vendor.vendor(source, tmp_path / "project")

    assert str(caught.value).startswith(f"{source}: {message}")
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": [{"$ref": "#/absent"}]},
        {"example": {"$ref": "#/absent"}},
        {"x-note": {"$ref": "#/absent"}},
        {"properties": {"$ref": {"type": "string"}}},
        {"properties": {"mapping": {"type": "string"}}},
        {"discriminator": {"propertyName": "a", "mapping": {"t": "Thing"}}},
        {"properties": {"a": {"$ref": "#/components/schemas/Thing"}}},
    ],
)
def test_what_only_looks_like_a_reference_is_none(schema: Document) -> None:
    vendor.check(with_schema(schema), "file")

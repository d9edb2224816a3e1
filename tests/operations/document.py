"""What the corrected document says about each operation, read without the generator's rules."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.build import corrected_document

ROOT = Path(__file__).parents[2]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSONDict = dict[str, Any]  # JSON data: documents, schemas and bodies alike

DOCUMENT: JSONDict = corrected_document(ROOT)
LAYOUT: JSONDict = yaml.safe_load((ROOT / "openapi/layout.yaml").read_text())["sub_apis"]
API_VERSION: str = DOCUMENT["info"]["version"]


def resolve(node: JSONDict) -> JSONDict:
    """Follow references to what they stand for."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


@cache
def snake_case(name: str) -> str:
    """`apiKeyID` -> `api_key_id`, `createM2MToken` -> `create_m2m_token`, `GetJWKS` -> `get_jwks`."""
    name = name.replace("OAuth", "Oauth")
    name = re.sub(r"([A-Z]+s?)([A-Z][a-z]{2,})", r"\1_\2", name)
    name = re.sub(r"([a-z])([A-Z])|([0-9])([A-Z][a-z])", r"\1\3_\2\4", name)
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


@cache
def python_name(wire_name: str) -> str:
    """The keyword or attribute that a wire name becomes."""
    name = snake_case(wire_name)
    return f"{name}_" if keyword.iskeyword(name) else name


@dataclass(frozen=True)
class Parameter:
    """A parameter in the path, the query or a header."""

    name: str
    keyword: str
    location: str
    schema: JSONDict
    required: bool
    joined: bool
    prefix: str = ""


@dataclass(frozen=True)
class Body:
    """A request body."""

    media_type: str
    schema: JSONDict
    required: bool

    @property
    def properties(self) -> dict[str, JSONDict]:
        """The properties of a body that is an object; none otherwise."""
        properties: dict[str, JSONDict] = resolve(self.schema).get("properties", {})
        return properties


@dataclass(frozen=True)
class MethodName:
    """A method of a sub-API that serves an operation."""

    sub_api: str
    name: str
    parameter_names: dict[str, str] = field(default_factory=dict[str, str])
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """An operation, and how Python reaches it."""

    id: str
    path: str
    method: str
    facts: JSONDict
    methods: tuple[MethodName, ...]
    parameters: tuple[Parameter, ...]
    body: Body | None

    @property
    def module(self) -> str:
        """The name of the endpoint module."""
        return f"clerk_generated.api.{self.methods[0].sub_api}.{snake_case(self.id)}"

    @property
    def path_parameters(self) -> list[Parameter]:
        """The path parameters in the order of the path."""
        order = re.findall(r"\{(.+?)\}", self.path)
        inside = [parameter for parameter in self.parameters if parameter.location == "path"]
        return sorted(inside, key=lambda parameter: order.index(parameter.name))

    @property
    def query_parameters(self) -> list[Parameter]:
        return [parameter for parameter in self.parameters if parameter.location == "query"]

    @property
    def header_parameters(self) -> list[Parameter]:
        return [parameter for parameter in self.parameters if parameter.location == "header"]

    @property
    def credential(self) -> str:
        if self.facts.get("security") == []:
            return "none"
        return str(self.facts.get("x-clerk-credential", "secret_key"))

    @property
    def responses(self) -> dict[int, JSONDict]:
        return {int(status): resolve(response) for status, response in self.facts["responses"].items()}

    @property
    def success_status(self) -> int:
        (status,) = (status for status in self.responses if 200 <= status < 300)
        return status

    def content(self, status: int) -> tuple[str, JSONDict] | None:
        """The media type and the schema of an answer; None for an answer without content."""
        content = self.responses[status].get("content", {})
        if not content:
            return None
        ((media_type, described),) = content.items()
        return media_type, described["schema"]

    @property
    def is_list(self) -> bool:
        """Whether it is a GET that lists."""
        return self.method == "GET" and page_of(self) is not None


@dataclass(frozen=True)
class PageFacts:
    """How a list operation answers: the schema of an item, the key of the array, and whether the array may be bare."""

    item: JSONDict
    key: str


def page_of(operation: Operation) -> PageFacts | None:
    """What a list operation's page holds, or None where the answer is no list."""
    described = operation.content(operation.success_status)
    if operation.method != "GET" or described is None:
        return None
    schema = resolve(described[1])
    shapes = [_page_shape(resolve(member)) for member in schema.get("oneOf", [schema])]
    found = [shape for shape in shapes if shape is not None]
    return found[-1] if len(found) == len(shapes) else None


def _page_shape(schema: JSONDict) -> PageFacts | None:
    if schema.get("type") == "array":
        return PageFacts(schema["items"], "data")
    properties = schema.get("properties", {})
    others = [name for name in properties if name != "total_count"]
    if "total_count" not in properties or len(others) != 1:
        return None
    inside = resolve(properties[others[0]])
    return PageFacts(inside["items"], others[0]) if inside.get("type") == "array" else None


def _operations() -> Iterator[Operation]:
    methods = _methods()
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                facts = item[method]
                names = methods.get(facts["operationId"], ())
                yield Operation(
                    id=facts["operationId"],
                    path=path,
                    method=method.upper(),
                    facts=facts,
                    methods=tuple(names),
                    parameters=tuple(_parameters([*item.get("parameters", []), *facts.get("parameters", [])])),
                    body=_body(facts),
                )


def _methods() -> dict[str, list[MethodName]]:
    found: dict[str, list[MethodName]] = {}
    for sub_api, described in LAYOUT.items():
        for name, method in described["methods"].items():
            operations = tuple(method.get("operations") or [method["operation"]])
            for operation in operations:
                place = MethodName(sub_api, name, method.get("parameter_names", {}), operations)
                found.setdefault(operation, []).append(place)
    return found


def _parameters(parameters: list[JSONDict]) -> Iterator[Parameter]:
    for parameter in map(resolve, parameters):
        if parameter["name"] != "paginated":
            yield Parameter(
                name=parameter["name"],
                keyword=parameter.get("x-clerk-name", python_name(parameter["name"])),
                location=parameter["in"],
                schema=resolve(parameter["schema"]),
                required=parameter.get("required", False),
                joined=parameter.get("explode") is False,
                prefix=parameter.get("x-clerk-prefix", ""),
            )


def _body(facts: JSONDict) -> Body | None:
    if "requestBody" not in facts:
        return None
    described = resolve(facts["requestBody"])
    ((media_type, content),) = described["content"].items()
    schema = resolve(content["schema"])
    needed = bool(schema.get("required")) or schema.get("type") == "array"
    return Body(media_type, content["schema"], described.get("required", False) or needed)


OPERATIONS: tuple[Operation, ...] = tuple(_operations())
IDS = [operation.id for operation in OPERATIONS]


@cache
def operation(operation_id: str) -> Operation:
    """Look an operation up."""
    return next(found for found in OPERATIONS if found.id == operation_id)

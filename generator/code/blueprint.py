"""What the templates render: the API in the terms of the Python code to write.

It is built from what openapi-python-client parsed; what the parser leaves out is taken from the effective document.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..names import pascal_case

Kind = Literal[
    "any", "boolean", "date", "datetime", "dict", "enum", "file", "integer", "list", "model", "number", "object",
    "text", "union",
]  # fmt: skip

Tags = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # property -> value -> class

SCALARS = {"text": "str", "integer": "int", "number": "float", "boolean": "bool"}


@dataclass(frozen=True)
class Type:
    """The type of a value.

    Attributes:
        kind: What it is in terms of JSON; `object` is an object with arbitrary properties.
        nullable: Whether it may be null.
        item: Of a list or dict, the type of its items.
        values: Of an enum, its values; of a boolean, the only one that may be; of text, values that are known.
        name: Of an enum and of known values, the alias of the literals (None for a constant); of a model, its class.
        members: Of a union, its types.
        tags: Of a union, the properties that distinguish its members: property -> value -> class.
        patterns: Of a union, a property, a pattern of its values, and the class they stand for.
    """

    kind: Kind
    nullable: bool = False
    item: Type | None = None
    values: tuple[str | int, ...] = ()
    name: str | None = None
    members: tuple[Type, ...] = ()
    tags: Tags = ()
    patterns: tuple[tuple[str, str, str], ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The classes of all models in it, in order."""
        if self.kind == "model":
            return (self.name or "",)
        inner = (self.item,) if self.item else self.members
        return tuple(dict.fromkeys(name for member in inner for name in member.models))

    @property
    def enums(self) -> tuple[str, ...]:
        """The aliases of all enums in it."""
        if self.kind in ("enum", "text"):
            return (self.name,) if self.name else ()
        inner = (self.item,) if self.item else self.members
        return tuple(name for member in inner for name in member.enums)

    @property
    def holds(self) -> frozenset[str]:
        """The kinds of it and of everything in it."""
        inner = (self.item,) if self.item else self.members
        return frozenset({self.kind}.union(*(member.holds for member in inner)))

    @property
    def is_involved(self) -> bool:
        """Whether it needs a `ValueOf` to read: a union of more than objects, or nested containers."""
        if self.kind == "union":
            return any(member.kind != "model" for member in self.members)
        return self.item is not None and (self.item.item is not None or self.item.is_involved)

    @property
    def is_text(self) -> bool:
        """Whether all its values, as those of an enum, are text."""
        return all(isinstance(value, str) for value in self.values)

    @property
    def core(self) -> Type:
        """The innermost item type of nested lists and dicts, or the type itself."""
        return self.item.core if self.item else self


@dataclass(frozen=True)
class Value:
    """A parameter or a property.

    Attributes:
        name: Its Python name.
        wire_name: Its name in the API.
        type: Its type.
        required: Whether it must be present.
        deprecated: Whether the document marks it as deprecated.
        instead: What to use instead if it is deprecated; empty if there are no words for it.
        description: What it means, in one or more sentences; empty if there are no words for it.
        bounds: The limits of its values in the document, as short phrases.
        prefix: What to add before a path parameter, unless it is there already.
        milliseconds: Whether it is a point in time in milliseconds.
        joined: Whether an array is sent as one query parameter, joined by commas.
        pattern: The pattern that text has to match, if any.
    """

    name: str
    wire_name: str
    type: Type
    required: bool
    deprecated: bool = False
    instead: str = ""
    description: str = ""
    bounds: tuple[str, ...] = ()
    prefix: str | None = None
    milliseconds: bool = False
    joined: bool = False
    pattern: str | None = None


@dataclass(frozen=True)
class Shortcut:
    """A property that a model computes from others.

    Attributes:
        name: Its name.
        sources: The properties it is computed from: texts to join, or an array and the id of one of its items.
        description: What it is, in one sentence.
        found: The class of the item found in the array; None for joined texts.
    """

    name: str
    sources: tuple[str, ...]
    description: str
    found: str | None = None


@dataclass(frozen=True)
class Model:
    """A class for a JSON object.

    Attributes:
        name: Its name.
        module: Its module, below `models`.
        properties: Its properties, in the order to show them.
        description: What it is, in one or more sentences; empty if there are no words for it.
        shortcuts: Its computed properties.
    """

    name: str
    module: str
    properties: tuple[Value, ...]
    description: str = ""
    shortcuts: tuple[Shortcut, ...] = ()

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The classes of the models in its properties, without itself."""
        return tuple(sorted({name for value in self.properties for name in value.type.models} - {self.name}))

    @cached_property
    def enums(self) -> tuple[str, ...]:
        """The aliases of the enums that its properties use."""
        return tuple(sorted({name for value in self.properties for name in value.type.enums}))


@dataclass(frozen=True)
class Enum:
    """An alias for the literals of an enum."""

    name: str
    values: tuple[str | int, ...]


BodyKind = Literal["none", "json_object", "json_value", "form", "multipart"]
AnswerKind = Literal["value", "page", "nothing", "text", "bytes"]


@dataclass(frozen=True)
class Body:
    """The body of a request.

    Attributes:
        kind: How it is sent.
        required: Whether `{}` is sent when nothing is given.
        properties: Of an object, its properties; of another JSON value, one value named `body`.
    """

    kind: BodyKind = "none"
    required: bool = False
    properties: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Listing:
    """How a list operation pages."""

    default_limit: int
    maximum_limit: int
    cursor: str | None


@dataclass(frozen=True)
class StatusAnswer:
    """The response of an operation for one status.

    Attributes:
        status: The status, or `2XX` for any.
        kind: What it contains.
        type: The type of a value; None for anything else.
        media_type: Of text, its media type.
    """

    status: str
    kind: AnswerKind
    type: Type | None = None
    media_type: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Attributes:
        id: Its operationId in Clerk's document.
        module: Its module, below `api/<sub_api>`.
        sub_api: The sub-API whose folder contains it.
        method: The HTTP method, in upper case.
        path: The path with `{name}` for each path parameter, by its name in the API.
        path_parameters: In the order of the path.
        query_parameters: In the order to show them.
        header_parameters: In the order to show them.
        body: The request body.
        answer_kind: What a successful response contains: a value, a page, text, bytes, or nothing.
        answer: The type of the value, or of the items of a page; None for text, bytes and nothing.
        by_status: The response for each success status, if they differ.
        media_type: Of a text response, its media type.
        page_key: The property that contains the items of a page, if they are in an object.
        listing: How it pages; None if it doesn't.
        send_paginated: Whether `paginated=true` is always sent.
        unwrap: The property of the response that the sub-API's method returns instead of the model.
        credential: Which key authenticates it.
        errors: The error statuses that the document declares.
        deprecated: Whether the document marks it as deprecated.
        summary: What it does, in one line; empty if there are no words for it.
        description: What else there is to know; may be empty.
    """

    id: str
    module: str
    sub_api: str
    method: str
    path: str
    path_parameters: tuple[Value, ...]
    query_parameters: tuple[Value, ...]
    header_parameters: tuple[Value, ...]
    body: Body
    answer_kind: AnswerKind
    answer: Type | None
    page_key: str
    listing: Listing | None
    send_paginated: bool
    unwrap: str | None
    credential: str
    errors: tuple[str, ...]
    deprecated: bool
    summary: str
    description: str
    by_status: tuple[StatusAnswer, ...] = ()
    media_type: str = ""

    @property
    def keywords_name(self) -> str:
        """The name of the `TypedDict` of its keyword parameters."""
        return pascal_case(self.id)

    @property
    def keywords(self) -> tuple[Value, ...]:
        """Its keyword parameters: required ones first."""
        values = self.query_parameters + self.body.properties + self.header_parameters
        return tuple(sorted(values, key=lambda value: not value.required))

    @property
    def parameters(self) -> tuple[Value, ...]:
        """All its parameters in the order of the signature."""
        return self.path_parameters + self.keywords


@dataclass(frozen=True)
class Method:
    """One method of a sub-API.

    Attributes:
        name: Its name.
        operation: The operation it calls.
        further: A second operation, for calls with its additional path parameter.
        further_parameter: That parameter, under its name in the method.
        deprecated: What a deprecated method's callers should know; None where it is not.
    """

    name: str
    operation: Operation
    further: Operation | None = None
    further_parameter: Value | None = None
    deprecated: str | None = None


@dataclass(frozen=True)
class SubAPI:
    """One sub-API.

    Attributes:
        name: Its name.
        class_name: The name of its class.
        methods: Its methods.
        about: What it is for, in a sentence; empty if there are no words for it.
    """

    name: str
    class_name: str
    methods: tuple[Method, ...]
    about: str = ""


@dataclass(frozen=True)
class Blueprint:
    """Everything that is rendered.

    Attributes:
        version: The API's version: the date of the vendored document.
        models: All models, by name.
        enums: All enums' aliases, by name.
        arguments: The names of the models that requests take.
        operations: All operations, in the document's order.
        sub_apis: All sub-APIs, in the layout's order.
    """

    version: str
    models: tuple[Model, ...]
    enums: tuple[Enum, ...]
    arguments: frozenset[str]
    operations: tuple[Operation, ...]
    sub_apis: tuple[SubAPI, ...]

    @cached_property
    def by_name(self) -> dict[str, Model]:
        """The models by their names."""
        return {model.name: model for model in self.models}

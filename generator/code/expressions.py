"""Python code for types: annotations, the straight-line reading of answers, and the encoding of requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._errors import BuildError
from ..names import snake_case
from .blueprint import SCALARS, Blueprint, Model, Operation, Shortcut, Type, Value


def literal(value: object) -> str:
    """Write a constant with double quotes, as the formatter would."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def answer_annotation(kind: Type, shadowed: frozenset[str] = frozenset(), *, qualified: bool = False) -> str:
    """Write the type of a value of an answer.

    Args:
        kind: The type.
        shadowed: Names of builtins that mean something else where the annotation stands.
        qualified: Whether models and enums are written with their package, as in `models.User`.
    """
    return _Annotations(shadowed, qualified, for_arguments=False).of(kind)


def argument_annotation(
    kind: Type, shadowed: frozenset[str] = frozenset(), *, milliseconds: bool = False, qualified: bool = False
) -> str:
    """Write the type of a value that a caller gives.

    Args:
        kind: The type.
        shadowed: Names of builtins that mean something else where the annotation stands.
        milliseconds: Whether it is a point in time in milliseconds.
        qualified: Whether models, dicts and enums are written with their package, as in `models.User`.
    """
    annotations = _Annotations(shadowed, qualified, for_arguments=True)
    if milliseconds:
        return f"{annotations.builtin('int')} | datetime | {annotations.builtin('str')}" + _none(kind)
    return annotations.of(kind)


@dataclass(frozen=True)
class _Annotations:
    """Writes the annotations of one place."""

    shadowed: frozenset[str]
    qualified: bool
    for_arguments: bool

    def of(self, kind: Type) -> str:
        if kind.kind == "any":
            return "Any"
        return self._without_none(kind) + _none(kind)

    def builtin(self, name: str) -> str:
        return _builtin(name, self.shadowed)

    def _without_none(self, kind: Type) -> str:
        if kind.kind in SCALARS:
            return f"Literal[{kind.values[0]}]" if kind.values else self.builtin(SCALARS[kind.kind])
        if kind.kind in ("datetime", "date"):
            loose = {"datetime": "datetime | str | int", "date": "date | str"}
            return loose[kind.kind] if self.for_arguments else kind.kind
        if kind.kind == "file":
            return "FileUpload"
        if kind.kind == "object":
            return "Mapping[str, Any]" if self.for_arguments else f"{self.builtin('dict')}[str, Any]"
        if kind.kind == "enum":
            return self._enum(kind)
        if kind.kind == "model":
            model = self._of_package("models", str(kind.name))
            return f"{model} | {self._of_package('typed_dicts', f'{kind.name}Dict')}" if self.for_arguments else model
        if kind.kind == "union":
            return " | ".join(self.of(member) for member in kind.members)
        return self._container(kind)

    def _container(self, kind: Type) -> str:
        assert kind.item is not None  # the kinds left are made of something
        item = self.of(kind.item)
        if kind.kind == "list":
            # A list would be invariant: its owner could not pass a list of only models or only dicts.
            is_loose = self.for_arguments and kind.core.kind in ("model", "object")
            return f"{'Sequence' if is_loose else self.builtin('list')}[{item}]"
        return f"Mapping[str, {item}]" if self.for_arguments else f"{self.builtin('dict')}[str, {item}]"

    def _enum(self, kind: Type) -> str:
        if kind.name is None:
            return f"Literal[{literal(kind.values[0])}]"
        name = self._of_package("enums", kind.name)
        if self.for_arguments:
            return name
        return f"{name} | {self.builtin('str' if isinstance(kind.values[0], str) else 'int')}"

    def _of_package(self, package: str, name: str) -> str:
        return f"{package}.{name}" if self.qualified else name


def _none(kind: Type) -> str:
    return " | None" if kind.nullable else ""


def _builtin(name: str, shadowed: frozenset[str]) -> str:
    return f"builtins.{name}" if name in shadowed else name


def read_lines(value: Value) -> list[str]:
    """Write the lines that read one property of a model from `data` into `self`, in a straight line."""
    target, source = f"self.{value.name}", f'data["{value.wire_name}"]'
    lines = _read(value.type, target, union_name(value))
    if lines == [f"{target} = value"]:
        lines = [f"{target} = {source}"]
    elif lines[0] == f"{target} = value":
        lines[0] = f"{target} = value = {source}"
    else:
        lines.insert(0, f"value = {source}")
    if value.required:
        return lines
    inner = [f"    {line}" for line in lines]
    return [f'if "{value.wire_name}" in data:', *inner, "else:", "    known -= 1", f"    {target} = UNSET"]


def makes_lists(model: Model) -> bool:
    """Tell whether lines of `read_lines` fill a list, named `made`."""
    return any("made = []" in line for value in model.properties for line in read_lines(value))


def _read(kind: Type, target: str, union: str) -> list[str]:
    check = _check(kind, "value")
    if check is not None:
        return [f"{target} = value", *([f"if {check}:", "    raise Mismatch"] if check else [])]
    if kind.kind in ("model", "union", "datetime", "date"):
        made = _make(kind, "value", union)
        return [f"{target} = None if value is None else {made}" if kind.nullable else f"{target} = {made}"]
    if kind.kind in ("list", "dict"):
        return _read_container(kind, target, union)
    raise BuildError(f"{kind.kind} has no template in an answer")


def _read_container(kind: Type, target: str, union: str) -> list[str]:
    item = kind.item
    assert item is not None  # lists and dicts are made of something
    lines = [f"if type(value) is not {kind.kind}:", "    raise Mismatch"]
    values = "value" if kind.kind == "list" else "value.values()"
    check = _check(item, "item")
    if check is not None:
        lines += [f"for item in {values}:", f"    if {check}:", "        raise Mismatch"] if check else []
        lines.append(f"{target} = value")
    elif item.kind in ("model", "union", "datetime", "date"):
        made = _make(item, "item", union)
        made = f"None if item is None else {made}" if item.nullable else made
        if kind.kind == "dict":
            lines.append(f"{target} = {{k: {made} for k, item in value.items()}}")
        else:
            # Many lists of an answer are empty, and a comprehension would be a call (Python 3.11).
            lines += ["if value:", "    made = []", "    for item in value:", f"        made.append({made})"]
            lines += ["    value = made", f"{target} = value"]
    else:
        raise BuildError(f"a {kind.kind} of {item.kind} has no template in an answer")
    if not kind.nullable:
        return lines
    return ["if value is None:", f"    {target} = None", "else:", *(f"    {line}" for line in lines)]


def _check(kind: Type, source: str) -> str | None:
    """Write the condition under which a value is not of a plain type; "" if any is, None if it takes more."""
    types = {
        "text": ("str",),
        "integer": ("int",),
        "number": ("int", "float"),
        "boolean": ("bool",),
        "object": ("dict",),
        "enum": ("str" if _is_text(kind) else "int",),
    }
    if kind.kind == "any":
        return ""
    if kind.kind not in types:
        return None
    conditions = [f"type({source}) is not {name}" for name in types[kind.kind]]
    if kind.nullable:
        conditions.insert(0, f"{source} is not None")
    return " and ".join(conditions)


def _is_text(enum: Type) -> bool:
    return all(isinstance(value, str) for value in enum.values)


def _make(kind: Type, source: str, union: str) -> str:
    if kind.kind == "model":
        return f"{decode_name(str(kind.name))}({source})"
    if kind.kind == "union":
        return f"{union}.decode({source})"
    return f"read_{kind.kind}({source})"


def decode_name(model: str) -> str:
    """Name the constant that holds the function that reads a model, so that a call looks up one name only."""
    return f"_decode_{snake_case(model)}"


def union_name(value: Value) -> str:
    """Name the constant that holds the decoder of a property that may be of several kinds."""
    return f"_{value.name.upper()}"


def union_decoder(kind: Type) -> str:
    """Write the decoder of a union of models."""
    if not kind.tags:
        return f"Untagged({', '.join(str(member.name) for member in kind.members)})"
    tags = [
        f"({literal(name)}, {{{', '.join(f'{literal(tag)}: {model}' for tag, model in values)}}})"
        for name, values in kind.tags
    ]
    patterns = [f"({literal(name)}, {literal(pattern)}, {model})" for name, pattern, model in kind.patterns]
    ending = f", patterns=({', '.join(patterns)},)" if patterns else ""
    return f"Tagged({', '.join(tags)}{ending})"


def shortcut_annotation(shortcut: Shortcut, shadowed: frozenset[str] = frozenset()) -> str:
    """Write the type of what a model computes."""
    return f"{shortcut.found or _builtin('str', shadowed)} | None"


def shortcut_expression(shortcut: Shortcut) -> str:
    """Write what a model computes."""
    function = "found_by_id" if shortcut.found else "joined"
    return f"{function}({', '.join(f'self.{source}' for source in shortcut.sources)})"


def write_lines(value: Value) -> list[str]:
    """Write the lines that put one property of a model into `fields`, where it is set."""
    expression = _write(value.type)
    return [f"value = self.{value.name}", "if value is not UNSET:", f'    fields["{value.wire_name}"] = {expression}']


def _write(kind: Type) -> str:
    if kind.kind in ("model", "union"):
        return "value.to_dict() if isinstance(value, Model) else value"
    if kind.kind == "list" and kind.item is not None and kind.item.kind in ("model", "union"):
        return (
            "[item.to_dict() if isinstance(item, Model) else item for item in value] if type(value) is list else value"
        )
    if kind.holds & {"model", "union", "datetime", "date"}:
        return "to_wire(value)"
    return "value"


def decoder(kind: Type, needed: str | None = None) -> str:
    """Write the decoder of an answer.

    Args:
        kind: What the answer is.
        needed: The property of it that the method returns.
    """
    if kind.kind == "model":
        return f"ObjectOf({kind.name}, {literal(needed)})" if needed else f"ObjectOf({kind.name})"
    if kind.kind == "list" and kind.item is not None:
        return f"ListOf({decoder(kind.item)})"
    if kind.kind == "union":
        return f"OneOf[{answer_annotation(kind)}]({union_decoder(kind)})"
    if kind.kind == "object":
        return "FreeObject()"
    raise BuildError(f"an answer of the type {kind.kind} has no template")


def answer_reader(operation: Operation) -> str:
    """Write what reads the answer of an operation."""
    if operation.answer_kind in ("nothing", "text"):
        return "Nothing()" if operation.answer_kind == "nothing" else "Text()"
    assert operation.answer is not None  # the answers left have a type
    if operation.answer_kind == "value":
        return f"JSON({decoder(operation.answer, operation.unwrap)})"
    arguments = [decoder(operation.answer)]
    if operation.page_key != "data":
        arguments.append(f"key={literal(operation.page_key)}")
    if operation.listing:
        limits = [str(operation.listing.default_limit), str(operation.listing.maximum_limit)]
        cursor = [literal(operation.listing.cursor)] if operation.listing.cursor else []
        arguments.append(f"listing=Listing({', '.join(limits + cursor)})")
    return f"PageOf({', '.join(arguments)})"


def path_template(operation: Operation) -> str:
    """Write the path of an operation with its parameters' names in Python."""
    path = operation.path
    for value in operation.path_parameters:
        path = path.replace(f"{{{value.wire_name}}}", f"{{{value.name}}}")
    return literal(path)


def path_encoder(value: Value) -> str:
    """Write the encoder of a path parameter."""
    return f"encode.prefixed({literal(value.prefix)})" if value.prefix else "encode.path_segment"


def query_encoder(value: Value) -> str:
    """Write the encoder of a query parameter, or of a text field of a multipart body."""
    if value.milliseconds:
        return "encode.query_milliseconds"
    function = f"encode.{_query_function(value.type.item or value.type)}"
    if value.type.kind != "list":
        return function
    return f"encode.{'joined' if value.joined else 'repeated'}({function})"


def _query_function(kind: Type) -> str:
    functions = {
        "text": "query_text",
        "enum": "query_text" if _is_text(kind) else "query_integer",
        "integer": "query_integer",
        "number": "query_number",
        "boolean": "query_boolean",
    }
    if kind.kind not in functions:
        raise BuildError(f"a query parameter of the type {kind.kind} has no template")
    return functions[kind.kind]


def body_encoder(value: Value) -> str:
    """Write the encoder of a property of a body."""
    encoder = _body_encoder(value)
    is_never_null = value.required and not value.type.nullable and value.type.kind != "any"
    return f"encode.not_null({encoder})" if is_never_null else encoder


def _body_encoder(value: Value) -> str:
    if value.milliseconds:
        return "encode.milliseconds"
    if value.type.kind == "list" and value.type.item is not None:
        return f"encode.each(encode.{_body_function(value.type.item)})"
    return f"encode.{_body_function(value.type)}"


def _body_function(kind: Type) -> str:
    functions = {
        "any": "json_value",
        "boolean": "boolean",
        "date": "calendar_date",
        "datetime": "rfc3339",
        "dict": "json_object",
        "enum": "text" if _is_text(kind) else "integer",
        "integer": "integer",
        "model": "json_object",
        "number": "number",
        "object": "json_object",
        "union": "json_object",
        "text": "text",
    }
    if kind.kind not in functions:
        raise BuildError(f"a body's property of the type {kind.kind} has no template")
    return functions[kind.kind]


def given_of(operation: Operation) -> str:
    """Write all arguments of an endpoint module's function by name."""
    if not operation.path_parameters:
        return "given" if operation.keywords else "{}"
    items = [f"{literal(value.name)}: {value.name}" for value in operation.path_parameters]
    return f"{{{', '.join([*items, '**given'] if operation.keywords else items)}}}"


def wire_names(operation: Operation) -> dict[str, str]:
    """Return the names on the wire of the keyword parameters that are called otherwise in Python."""
    return {value.name: value.wire_name for value in operation.keywords if value.name != value.wire_name}


def signature(values: Iterable[Value], shadowed: frozenset[str] = frozenset(), *, qualified: bool = False) -> list[str]:
    """Write the keyword parameters of a method, one by one."""
    written: list[str] = []
    for value in values:
        annotation = argument_annotation(value.type, shadowed, milliseconds=value.milliseconds, qualified=qualified)
        written.append(
            f"{value.name}: {annotation}" if value.required else f"{value.name}: {annotation} | Unset = UNSET"
        )
    return written


def keyword_lines(operation: Operation) -> list[str]:
    """Write the keyword parameters of an operation as the items of a `TypedDict`, one by one."""
    names = frozenset(value.name for value in operation.keywords)
    written: list[str] = []
    for value in operation.keywords:
        annotation = argument_annotation(value.type, names, milliseconds=value.milliseconds, qualified=True)
        written.append(f"{value.name}: {f'Required[{annotation}]' if value.required else f'{annotation} | Unset'}")
    return written


def answer_type(
    operation: Operation, page: str, shadowed: frozenset[str] = frozenset(), *, qualified: bool = False
) -> str:
    """Write the type that an operation returns.

    Args:
        operation: The operation.
        page: The class of a page: `Page` or `AsyncPage`.
        shadowed: Names of builtins that mean something else where the annotation stands.
        qualified: Whether the page, models and enums are written with their package, as in `models.User`.
    """
    if operation.answer_kind == "nothing":
        return "None"
    if operation.answer_kind == "text":
        return _builtin("str", shadowed)
    assert operation.answer is not None  # the answers left have a type
    annotation = answer_annotation(operation.answer, shadowed, qualified=qualified)
    if operation.answer_kind == "page":
        return f"pages.{page}[{annotation}]" if qualified else f"{page}[{annotation}]"
    return annotation


def method_type(
    operation: Operation,
    page: str,
    blueprint: Blueprint,
    shadowed: frozenset[str] = frozenset(),
    *,
    qualified: bool = False,
) -> str:
    """Write the type that the sub-API's method for an operation returns."""
    if operation.unwrap is None:
        return answer_type(operation, page, shadowed, qualified=qualified)
    assert operation.answer is not None  # only a property of a model can be unwrapped
    model = blueprint.by_name[str(operation.answer.name)]
    found = next((value for value in model.properties if value.wire_name == operation.unwrap), None)
    if found is None:
        raise BuildError(f"{operation.id}: its answer has no property {operation.unwrap} to return")
    return answer_annotation(found.type, shadowed, qualified=qualified)

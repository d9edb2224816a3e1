"""Writes the code that decodes responses in the fast first pass, and that converts models back to JSON data."""

from __future__ import annotations

from .._errors import BuildError, naming
from ..names import snake_case
from .annotation import answer_annotation, imported_package, literal
from .blueprint import Model, Operation, Shortcut, StatusAnswer, Type, Value


def read_lines(value: Value) -> list[str]:
    """Write the lines that read one property of a model from `data` into `self`."""
    target, source = f"self.{value.name}", f'data["{value.wire_name}"]'
    with naming(value.wire_name):
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
    """Return whether the lines from `read_lines` use a list named `made`."""
    return any("made = []" in line for value in model.properties for line in read_lines(value))


def _read(kind: Type, target: str, union: str) -> list[str]:
    if kind.is_involved:
        return [f"{target} = {union}.decode(value)"]
    check = _check(kind, "value")
    if check is not None:
        return [f"{target} = value", *([f"if {check}:", "    raise Mismatch"] if check else [])]
    if kind.kind in ("model", "union", "datetime", "date"):
        made = _make(kind, "value", union)
        return [f"{target} = None if value is None else {made}" if kind.nullable else f"{target} = {made}"]
    if kind.kind in ("list", "dict"):
        return _read_container(kind, target, union)
    raise _unsupported(kind)


def _read_container(kind: Type, target: str, union: str) -> list[str]:
    item = kind.item
    assert item is not None  # lists and dicts have items
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
            # Many lists in responses are empty, and a comprehension is a function call in Python 3.11.
            lines += ["if value:", "    made = []", "    for item in value:", f"        made.append({made})"]
            lines += ["    value = made", f"{target} = value"]
    else:
        raise _unsupported(item)
    if not kind.nullable:
        return lines
    return ["if value is None:", f"    {target} = None", "else:", *(f"    {line}" for line in lines)]


def _unsupported(kind: Type) -> BuildError:
    return BuildError(f"a {kind.kind} in a response is not supported: change its schema in an overlay")


def _check(kind: Type, source: str) -> str | None:
    """Write the condition for a value not being of a scalar type; "" for any type, None if a condition isn't enough."""
    types = {
        "text": ("str",),
        "integer": ("int",),
        "number": ("int", "float"),
        "boolean": ("bool",),
        "object": ("dict",),
        "enum": ("str" if kind.is_text else "int",),
    }
    if kind.kind == "any":
        return ""
    if kind.kind not in types:
        return None
    conditions = [f"type({source}) is not {name}" for name in types[kind.kind]]
    if kind.nullable:
        conditions.insert(0, f"{source} is not None")
    return " and ".join(conditions)


def _make(kind: Type, source: str, union: str) -> str:
    if kind.kind == "model":
        return f"{decode_name(str(kind.name))}({source})"
    if kind.kind == "union":
        return f"{union}.decode({source})"
    return f"read_{kind.kind}({source})"


def decode_name(model: str) -> str:
    """Return the name of the constant for the function that reads a model; it makes a call look up one name only."""
    return f"_decode_{snake_case(model)}"


def union_name(value: Value) -> str:
    """Return the name of the constant for the decoder of a property that may be of several kinds."""
    return f"_{value.name.upper()}"


def property_decoder(kind: Type, shadowed: frozenset[str], home: str) -> str:
    """Write the decoder of a property whose type needs one.

    Args:
        kind: The type.
        shadowed: Names of builtins and packages that mean something else in the model.
        home: The package of the models.
    """
    package = imported_package(home, shadowed)
    if not kind.is_involved:
        return union_decoder(kind.core, package)
    return _value_of(kind, answer_annotation(kind, shadowed, home=home), package)


def _value_of(kind: Type, annotation: str, package: str = "models") -> str:
    variants = [member for member in kind.core.members if member.kind == "model"]
    ending = f", {union_decoder(kind.core, package)}" if len(variants) > 1 else ""
    return f"ValueOf[{annotation}]({literal(answer_annotation(kind))}, {annotation}{ending})"


def union_decoder(kind: Type, package: str = "models") -> str:
    """Write the decoder of the objects of a union.

    Args:
        kind: The union.
        package: The name that the package of the models is imported as.
    """
    if not kind.tags:
        names = [literal(member.name) for member in kind.members if member.kind == "model"]
        return f"Untagged({', '.join([package, *names])})"
    tags = [
        f"({literal(name)}, {{{', '.join(f'{literal(tag)}: {literal(model)}' for tag, model in values)}}})"
        for name, values in kind.tags
    ]
    patterns = [f"({literal(name)}, {literal(pattern)}, {literal(model)})" for name, pattern, model in kind.patterns]
    ending = f", patterns=({', '.join(patterns)},)" if patterns else ""
    return f"Tagged({', '.join([package, *tags])}{ending})"


def shortcut_expression(shortcut: Shortcut) -> str:
    """Write the expression of a computed property."""
    function = "found_by_id" if shortcut.found else "joined"
    return f"{function}({', '.join(f'self.{source}' for source in shortcut.sources)})"


def write_lines(value: Value) -> list[str]:
    """Write the lines that put one property of a model into `fields`, where it is set."""
    expression = _write(value.type)
    return [f"value = self.{value.name}", "if value is not UNSET:", f'    fields["{value.wire_name}"] = {expression}']


def _write(kind: Type) -> str:
    if kind.is_involved:
        return "to_wire(value)" if kind.holds & {"model", "datetime", "date"} else "value"
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
    """Write the decoder of a response.

    Args:
        kind: The type of the response.
        needed: The property that the method returns instead.
    """
    if "file" in kind.holds:
        raise BuildError("binary data in a JSON response is not supported: change its schema in an overlay")
    if kind.nullable or kind.is_involved:
        return _value_of(kind, answer_annotation(kind))
    if kind.kind == "model":
        return f"ObjectOf({kind.name}, {literal(needed)})" if needed else f"ObjectOf({kind.name})"
    if kind.kind == "list" and kind.item is not None:
        return f"ListOf({decoder(kind.item)})"
    if kind.kind == "union":
        return f"OneOf[{answer_annotation(kind)}]({union_decoder(kind)})"
    if kind.kind == "object":
        return "FreeObject()"
    return _value_of(kind, answer_annotation(kind))


def _reader(answer: StatusAnswer, needed: str | None = None) -> str:
    if answer.type is not None:
        return f"JSON({decoder(answer.type, needed)})"
    if answer.kind == "text":
        return "Text()" if answer.media_type == "text/html" else f"Text({literal(answer.media_type)})"
    return "Bytes()" if answer.kind == "bytes" else "Nothing()"


def answer_reader(operation: Operation) -> str:
    """Write the reader of an operation's response."""
    if operation.by_status:
        assert operation.answer is not None  # their types are combined
        readers = [f"{literal(one.status)}: {_reader(one)}" for one in operation.by_status]
        return f"ByStatus[{answer_annotation(operation.answer)}]({{{', '.join(readers)}}})"
    one = StatusAnswer("", operation.answer_kind, operation.answer, operation.media_type)
    if operation.answer_kind != "page":
        return _reader(one, operation.unwrap)
    assert operation.answer is not None  # pages have items
    arguments = [decoder(operation.answer)]
    if operation.page_key != "data":
        arguments.append(f"key={literal(operation.page_key)}")
    if operation.listing:
        limits = [str(operation.listing.default_limit), str(operation.listing.maximum_limit)]
        cursor = [literal(operation.listing.cursor)] if operation.listing.cursor else []
        arguments.append(f"listing=Listing({', '.join(limits + cursor)})")
    return f"PageOf({', '.join(arguments)})"

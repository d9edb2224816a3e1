"""Python code that reads answers in a straight line, and writes what was read as JSON data again."""

from __future__ import annotations

from .._errors import BuildError
from ..names import snake_case
from .annotation import answer_annotation, literal
from .blueprint import Model, Operation, Shortcut, Type, Value


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

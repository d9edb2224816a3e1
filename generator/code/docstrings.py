"""The docstrings of generated code, Google style.

Our own words come first; the document's facts follow.
"""

from __future__ import annotations

import textwrap

from .annotation import literal
from .blueprint import Method, Model, Operation, SubAPI, Type, Value

_WIDTH = 120
_SHORT_ENUM = 12

AVOID = "Avoid it in new code."
"""Used for deprecated things until there are words for what to use instead."""

_ERRORS = {
    "400": "BadRequestError",
    "401": "AuthenticationError",
    "402": "PaymentRequiredError",
    "403": "PermissionDeniedError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "422": "UnprocessableEntityError",
    "429": "RateLimitError",
}


def docstring(text: str, indent: int) -> str:
    """Write text as an indented docstring; the template indents the first line."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = escaped.split("\n")
    body = "\n".join(f"{' ' * indent}{line}" if line and number else line for number, line in enumerate(lines))
    closing = f"\n{' ' * indent}" if len(lines) > 1 else ""
    return f'"""{body}{closing}"""'


def of_model(model: Model) -> str:
    """Describe a model; each attribute has its own docstring."""
    summary, rest = _split(model.description or f"The API's {model.name} object.")
    return _join(_wrap(summary, 4), _wrap(rest, 4))


def of_attribute(value: Value) -> str:
    """Describe an attribute of a model; empty where there is nothing to say."""
    return _wrap(_value_words(value), 4 + 2 * len('"""'))


def of_operation(operation: Operation) -> str:
    """Describe an endpoint module."""
    source = f"`{operation.method} {operation.path}`"
    return _join(_wrap(_summary(operation), 0), source, _wrap(operation.description, 0))


def of_sub_api(sub_api: SubAPI) -> str:
    """Describe a sub-API."""
    return sub_api.about or f"The methods of `{sub_api.name}`."


def of_method(method: Method, returns: str) -> str:
    """Describe a method of a sub-API."""
    operation = method.operation
    values = list(operation.path_parameters)
    if method.further_parameter:
        values.append(method.further_parameter)
    values += operation.keywords
    source = f"`{operation.method} {operation.path}`"
    if method.further:
        source += f", or with `{method.further_parameter.name}` `{method.further.method} {method.further.path}`"  # type: ignore[union-attr]  # they come together
    return _join(
        _wrap(_summary(operation), 8),
        _wrap(operation.description, 8),
        _wrap(f"Deprecated: {method.deprecated}", 8) if method.deprecated else "",
        _wrap(_null_words(operation.keywords), 8),
        _wrap(source, 8),
        _section("Args", [_entry(value.name, _value_words(value, argument=True), 8) for value in values]),
        _section("Returns", [_indented(_returned(operation, returns), 8)]),
        _section("Raises", [_entry(name, text, 8) for name, text in _raised(operation)]),
    )


def _summary(operation: Operation) -> str:
    return operation.summary or f"Call {operation.id}."


def _returned(operation: Operation, returns: str) -> str:
    if operation.answer_kind == "nothing":
        return "None; the response has no body."
    if operation.answer_kind == "page":
        return f"`{returns}`: one page; iterate it, or read `data` and `total_count`."
    if operation.answer_kind == "text":
        return "The text of the response."
    if operation.answer_kind == "bytes":
        return "The bytes of the response."
    return f"`{returns}`."


def _raised(operation: Operation) -> list[tuple[str, str]]:
    statuses = [status for status in operation.errors if status in _ERRORS]
    found = [(_ERRORS[status], f"The API responded with {status}.") for status in statuses]
    return [*found, ("ClerkError", "Any other way in which the call failed.")]


def _value_words(value: Value, *, argument: bool = False) -> str:
    parts = [_sentence(value.description)] if value.description else []
    if value.milliseconds:
        parts.append("Milliseconds since the Unix epoch, an aware datetime, or ISO 8601 text." if argument else "")
    elif argument:
        parts.append(_type_words(value.type))
    if value.bounds:
        parts.append(_sentence(_capitalised(", ".join(value.bounds))))
    if value.deprecated:
        parts.append(f"Deprecated: {value.instead or AVOID}")
    return " ".join(part for part in parts if part)


def _null_words(keywords: tuple[Value, ...]) -> str:
    names = [f"`{value.name}`" for value in keywords if value.type.nullable]
    if not names:
        return ""
    if len(names) == len(keywords):
        return "None is sent as null; a keyword left out is not sent."
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
    return f"None is sent as null for {listed}; a keyword left out is not sent."


def _type_words(kind: Type) -> str:
    core = kind.core
    if core.kind == "enum" and len(core.values) <= _SHORT_ENUM:
        return f"One of {', '.join(f'`{literal(value)}`' for value in core.values)}."
    words = {
        "datetime": "An aware datetime or RFC 3339 text.",
        "date": "A date or `YYYY-MM-DD` text.",
        "file": "Bytes, a path, an open binary file, or `(name, content, content_type)`.",
    }
    return words.get(core.kind, "")


def _entry(name: str, text: str, indent: int) -> str:
    return _indented(f"{name}: {text}".rstrip(" "), indent)


def _indented(text: str, indent: int) -> str:
    return textwrap.fill(
        text,
        width=_WIDTH - indent,
        initial_indent="    ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _section(title: str, entries: list[str]) -> str:
    return "\n".join([f"{title}:", *entries]) if entries else ""


def _wrap(text: str, indent: int) -> str:
    return textwrap.fill(" ".join(text.split()), width=_WIDTH - indent, break_long_words=False, break_on_hyphens=False)


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    return _sentence(first), rest.strip()


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text.endswith((".", "!", "?", ":")) else f"{text}."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Checks of requests against the document, with Clerk's error codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from .._answers import JSON, Problem, RefusalError, not_found
from .._document.checkers import Violation, body_checker, header_checker, parameter_checker
from .._document.operations import Operation, Parameter, load_document

VERSION_PARAMETER = "__clerk_api_version"
Pairs = Sequence[tuple[str, str]]

# Rule of the validator -> Clerk's code.
_CODES = {
    "additionalProperties": "form_param_unknown",
    "anyOf": "form_param_value_invalid",
    "enum": "form_param_value_invalid",
    "exclusiveMinimum": "form_param_value_invalid",
    "format": "form_param_format_invalid",
    "maximum": "form_param_value_too_large",
    "maxItems": "form_param_array_size_exceeded",
    "maxLength": "form_param_max_length_exceeded",
    "minimum": "form_param_value_invalid",
    "minItems": "form_param_value_invalid",
    "minLength": "form_param_value_invalid",
    "oneOf": "form_param_value_invalid",
    "pattern": "form_param_format_invalid",
    "required": "form_param_missing",
    "type": "form_param_type_invalid",
    "uniqueItems": "form_param_duplicate",
}


def checked_path(operation: Operation, segments: Iterable[str]) -> dict[str, str]:
    """Return the path parameters.

    Args:
        operation: The operation.
        segments: The parameters as in the path, percent-encoded.

    Raises:
        RefusalError: One of them is invalid.
    """
    values = {}
    names = re.findall(r"{(\w+)}", operation.path)
    for name, segment in zip(names, segments, strict=True):
        value = values[name] = unquote(segment)
        violations = list(parameter_checker(operation.id, name).violations(value))
        if any(violation.rule == "pattern" for violation in violations):
            raise not_found("resource", value)
        if violations:
            raise RefusalError(_problems(violations, prefix=name), operation.declared(422, 400))
    return values


def checked_query(operation: Operation, pairs: Pairs) -> dict[str, JSON]:
    """Return the query parameters that were given or have a default, converted to their types.

    Raises:
        RefusalError: One is unknown, missing, or doesn't match the document.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name != VERSION_PARAMETER:
            given.setdefault(name, []).append(text)
    problems = [_unknown(name) for name in given if name not in operation.query]
    values: dict[str, JSON] = {}
    for name, parameter in operation.query.items():
        if name in given:
            try:
                values[name] = _read(parameter, given[name])
            except ValueError as error:
                problems.append(Problem("form_param_type_invalid", str(error), {"param_name": name}))
                continue
            problems += _problems(parameter_checker(operation.id, name).violations(values[name]), prefix=name)
        elif parameter.required:
            problems.append(_missing(name))
        elif "default" in parameter.schema:
            values[name] = parameter.schema["default"]
    if problems:
        raise RefusalError(problems, operation.declared(422, 400))
    return values


def check_headers(operation: Operation, headers: Mapping[str, str]) -> None:
    """Check the parameters in a request's headers.

    Args:
        operation: The operation.
        headers: The headers, with names in lower case.

    Raises:
        RefusalError: One is missing, or doesn't match the document.
    """
    problems: list[Problem] = []
    for name, parameter in operation.headers.items():
        if name in headers:
            try:
                value = _read(parameter._replace(repeated=False), [headers[name]])
            except ValueError as error:
                problems.append(Problem("form_param_type_invalid", str(error), {"param_name": parameter.name}))
                continue
            problems += _problems(header_checker(operation.id, name).violations(value), prefix=parameter.name)
        elif parameter.required:
            problems.append(_missing(parameter.name))
    if problems:
        raise RefusalError(problems, operation.declared(422, 400))


def form_values(operation: Operation, fields: Mapping[str, list[str]], files: Iterable[str] = ()) -> dict[str, JSON]:
    """Return the fields of a form as what they are, for the checks; a file counts as text.

    Args:
        operation: What is asked for.
        fields: The fields that are text.
        files: The names of those that are files.
    """
    properties = load_document().flat(operation.body_schema).get("properties", {})
    values: dict[str, JSON] = {}
    for name, texts in [*fields.items(), *((name, [""]) for name in files)]:
        schema = load_document().flat(properties.get(name, {}))
        is_array = schema.get("type") == "array"
        item = load_document().flat(schema["items"]) if is_array else schema
        try:
            found = [_field(item.get("type"), text) for text in texts]
        except ValueError:
            found = list(texts)  # what the checks refuse
        values[name] = found if is_array or len(found) > 1 else found[0]
    return values


def _field(kind: str | None, text: str) -> JSON:
    return json.loads(text) if kind in ("number", "object") else _scalar(kind, text)


def check_body(operation: Operation, body: JSON) -> None:
    """Check a request's body.

    Raises:
        RefusalError: It doesn't match the document.
    """
    violations = list(body_checker(operation.id).violations(body))
    if not violations:
        return
    if any(violation.rule == "type" and not violation.path for violation in violations):
        problem = Problem("request_body_invalid", "The JSON value in the body has the wrong type for this call.")
        raise RefusalError([problem], operation.declared(400, 422))
    raise RefusalError(_problems(violations), operation.declared(422, 400))


def check_no_body(operation: Operation, body: JSON) -> None:
    """Check that a request that takes no body has none, or an empty object.

    Raises:
        RefusalError: It is not empty.
    """
    if isinstance(body, dict):
        if body:
            raise RefusalError([_unknown(name) for name in sorted(body)], operation.declared(422, 400))
        return
    problem = Problem("request_body_invalid", "This call takes no body.")
    raise RefusalError([problem], operation.declared(400, 422))


def _read(parameter: Parameter, texts: list[str]) -> JSON:
    schema = parameter.schema
    if schema.get("type") == "array":
        items = texts if parameter.repeated else [part for text in texts for part in text.split(",")]
        return [_scalar(schema["items"].get("type"), item) for item in items]
    if len(texts) > 1 and parameter.name != "order_by":  # the first one is used
        raise ValueError(f"{parameter.name} is given {len(texts)} times, but takes one value.")
    return _scalar(schema.get("type"), texts[0])


def _scalar(kind: str | None, text: str) -> JSON:
    return _READERS.get(kind or "", str)(text)


def _integer(text: str) -> int:
    # Clients for which the parameter is any number may write an integer as 10.0.
    whole = re.fullmatch(r"([+-]?[0-9]{1,18})(\.0)?", text)
    if whole is None:
        raise ValueError(f"{text[:40]!r} is not a whole number.")
    return int(whole[1])


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:40]!r} is neither true nor false.")
    return text == "true"


_READERS: dict[str, Callable[[str], JSON]] = {"boolean": _boolean, "integer": _integer}


def _problems(violations: Iterable[Violation], *, prefix: str = "") -> list[Problem]:
    found = [problem for violation in violations for problem in _problems_of(violation, prefix)]
    return sorted(found, key=lambda problem: str(problem.meta.get("param_name")))


def _problems_of(violation: Violation, prefix: str) -> list[Problem]:
    place = _name([*([prefix] if prefix else []), *violation.path])
    code = _CODES[violation.rule]
    if code == "form_param_unknown":
        return [_unknown(_name([*violation.path, name])) for name in violation.names]
    if code == "form_param_missing":
        return [_missing(_name([*violation.path, name])) for name in violation.names]
    if code == "form_param_type_invalid" and violation.value is None:
        return [Problem("form_param_nil", f"{place} must not be null.", {"param_name": place})]
    return [Problem(code, f"{place or 'The body'} is invalid: {_reason(violation)}.", _meta(place))]


def _meta(place: str) -> dict[str, JSON]:
    return {"param_name": place} if place else {}


def _reason(violation: Violation) -> str:
    return violation.message if len(violation.message) < 200 else f"it violates the rule {violation.rule!r}"


def _unknown(name: str) -> Problem:
    return Problem("form_param_unknown", f"This call takes no parameter {name!r}.", {"param_name": name})


def _missing(name: str) -> Problem:
    return Problem("form_param_missing", f"This call needs the parameter {name!r}.", {"param_name": name})


def _name(path: Iterable[str | int]) -> str:
    text = ""
    for segment in path:
        text += f"[{segment}]" if isinstance(segment, int) else f".{segment}" if text else segment
    return text

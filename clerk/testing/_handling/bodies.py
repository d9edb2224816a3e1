"""Decodes the bodies of requests."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import collapse_rfc2231_value
from typing import NamedTuple
from urllib.parse import parse_qsl

from .._answers import JSON, Problem, RefusalError
from .._document.operations import Operation

BODY_LIMIT = 32 * 1024 * 1024
"""How many bytes a body may have."""

DEPTH_LIMIT = 200
"""How many levels of objects and arrays a JSON body may have."""


class Upload(NamedTuple):
    """A file of a multipart body.

    Attributes:
        filename: Its name according to the sender.
        content_type: Its content type according to the sender.
        content: Its bytes.
    """

    filename: str
    content_type: str
    content: bytes


def read_json(operation: Operation, headers: Mapping[str, str], body: bytes) -> JSON:
    """Return the JSON value in a body, or an empty object if an optional body is missing.

    Raises:
        RefusalError: The body is not JSON, or a required body is missing.
    """
    if not body:
        if operation.body_required:
            raise _unreadable(
                operation, "This call needs a JSON body; send an empty object if there is nothing to set."
            )
        return [] if operation.body_schema.get("type") == "array" else {}
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in ("", "application/json"):
        problem = Problem("unsupported_content_type", f"The body must be application/json, not {content_type}.")
        raise RefusalError([problem])
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is not valid text
    except (ValueError, RecursionError) as error:
        raise _unreadable(operation, f"The body is not JSON: {str(error)[:100]}.") from error
    if body.count(b"[") + body.count(b"{") > DEPTH_LIMIT and _depth(value) > DEPTH_LIMIT:
        raise _unreadable(operation, f"The JSON in the body is nested deeper than {DEPTH_LIMIT} levels.")
    return value


def _depth(value: JSON) -> int:
    levels, here = 0, [value]
    while here := [one for one in here if isinstance(one, dict | list)]:
        levels += 1
        here = [inner for one in here for inner in (one.values() if isinstance(one, dict) else one)]
    return levels


def read_form(headers: Mapping[str, str], body: bytes) -> dict[str, list[str]]:
    """Return the fields of a form in a body, each with its values.

    Raises:
        RefusalError: It is not valid.
    """
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and content_type != "application/x-www-form-urlencoded":
        raise RefusalError([Problem("unsupported_content_type", "The body must be a form.")])
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def read_multipart(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, list[str]], dict[str, Upload]]:
    """Return the fields of a multipart body, each with its values, and its files.

    Raises:
        RefusalError: It is not valid.
    """
    content_type = _parsed(b"content-type: " + headers.get("content-type", "").encode("latin-1", "replace"))
    if content_type.get_content_type() != "multipart/form-data":
        raise RefusalError([Problem("unsupported_content_type", "The body must be multipart/form-data.")])
    boundary = content_type.get_boundary()
    if not boundary:
        raise RefusalError([Problem("request_body_invalid", "The body is not multipart/form-data.")])
    fields: dict[str, list[str]] = {}
    uploads: dict[str, Upload] = {}
    for part in _parts(boundary.encode("latin-1", "replace"), body):
        # Only the headers are parsed: the content of a part, even if it is multipart itself, is left alone.
        head, _, content = part.partition(b"\r\n\r\n")
        described = _parsed(head)
        name = _text_of(described.get_param("name", "", header="content-disposition"))
        filename = described.get_filename()
        if filename is not None:
            uploads[name] = Upload(filename, described.get_content_type(), content)
        else:
            fields.setdefault(name, []).append(content.decode(errors="replace"))
    return fields, uploads


def _parts(boundary: bytes, body: bytes) -> Iterator[bytes]:
    delimiter = b"\r\n--" + boundary
    _, *parts = (b"\r\n" + body).split(delimiter)
    if not parts or not parts[-1].startswith(b"--"):
        raise RefusalError([Problem("request_body_invalid", "The body is not complete multipart/form-data.")])
    for part in parts[:-1]:
        blank, line_end, rest = part.partition(b"\r\n")
        if blank.strip() or not line_end:
            raise RefusalError([Problem("request_body_invalid", "The body is not multipart/form-data.")])
        yield rest


def _parsed(head: bytes) -> Message:
    return BytesHeaderParser().parsebytes(head + b"\r\n\r\n")


def _text_of(value: str | tuple[str | None, str | None, str] | None) -> str:
    return collapse_rfc2231_value(value or "")


def _unreadable(operation: Operation, message: str) -> RefusalError:
    return RefusalError([Problem("request_body_invalid", message)], operation.declared(400, 422))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large")
    return number

"""From the bytes of a request's body to values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP

from .._answers import JSON, Problem, RefusalError
from .._document.operations import Operation

BODY_LIMIT = 32 * 1024 * 1024
"""How many bytes a body may have."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart body.

    Attributes:
        filename: What the sender calls it.
        content_type: What the sender says it is.
        content: Its bytes.
    """

    filename: str
    content_type: str
    content: bytes


def read_json(operation: Operation, headers: Mapping[str, str], body: bytes) -> JSON:
    """Return the JSON value in a body; for an optional body that is not there, an empty one.

    Raises:
        RefusalError: The body is no JSON, or there has to be one.
    """
    if not body:
        if operation.body_required:
            raise _unreadable(
                operation, "This call needs a JSON body; an empty object will do where nothing is to say."
            )
        return [] if operation.body_schema.get("type") == "array" else {}
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in ("", "application/json"):
        problem = Problem("unsupported_content_type", f"The body has to be application/json, not {content_type}.")
        raise RefusalError([problem])
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise _unreadable(operation, f"The body is no JSON: {str(error)[:100]}.") from error
    return value


def read_multipart(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return the fields and the files of a multipart body.

    Raises:
        RefusalError: It is none.
    """
    content_type = headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise RefusalError([Problem("unsupported_content_type", "The body has to be multipart/form-data.")])
    message = message_from_bytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + body, policy=HTTP)
    if not message.is_multipart():
        raise RefusalError([Problem("request_body_invalid", "The body is no multipart/form-data.")])
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if (filename := part.get_filename()) is not None:
            uploads[name] = Upload(filename, part.get_content_type(), content)
        else:
            fields[name] = content.decode(errors="replace")
    return fields, uploads


def _unreadable(operation: Operation, message: str) -> RefusalError:
    return RefusalError([Problem("request_body_invalid", message)], operation.declared(400, 422))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large")
    return number

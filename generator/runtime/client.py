"""What endpoint modules ask of a client, and what they hand to it.

An endpoint module builds a `Request`, has the client send it, and decodes the answer. The client decides how a
request travels and how an answer that cannot be decoded, or breaks the document, is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from ._runtime.deprecation import deprecated
from ._runtime.lazy import httpx
from .types import UNSET

Query = dict[str, str | list[str]]
Part = tuple[str | None, bytes, str]
"""A part of a multipart body: its file's name if it is a file, its content and content type."""
Credential = Literal["secret_key", "machine_secret_key", "none"]


class Request:
    """One request to the API, complete but for what the client adds: host, authentication, versions.

    Attributes:
        operation: The operation's id in the document.
        method: The HTTP method in capitals.
        path: The path below the API's root, each path parameter percent-encoded.
        query: Query parameters as text; a list repeats its key.
        headers: The parameters that go into headers.
        json: The JSON body, or `UNSET` for none.
        form: The text fields of a form; a list repeats its key.
        files: The other parts of a multipart body, several where there is a list; None where the body is not multipart.
        credential: Which key authenticates the request.
        accept: The media types of the answer.
    """

    __slots__ = ("accept", "credential", "files", "form", "headers", "json", "method", "operation", "path", "query")

    def __init__(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        headers: dict[str, str] | None = None,
        json: object = UNSET,
        form: dict[str, str | list[str]] | None = None,
        files: dict[str, Part | list[Part]] | None = None,
        credential: Credential = "secret_key",
        accept: str = "application/json",
    ) -> None:
        self.operation = operation
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.json = json
        self.form = form
        self.files = files
        self.credential: Credential = credential
        self.accept = accept

    def with_query(self, **changes: str | None) -> Request:
        """Return the same request with some query parameters set, or taken out where the value is None."""
        query: Query = {**(self.query or {})}
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        return Request(
            self.operation,
            self.method,
            self.path,
            query=query,
            headers=self.headers,
            json=self.json,
            form=self.form,
            files=self.files,
            credential=self.credential,
            accept=self.accept,
        )


class Drift(NamedTuple):
    """One place where an answer breaks the document.

    Attributes:
        model: The outermost model that the property belongs to.
        path: The property's path from that model, with `[]` for any item of an array.
        problem: What is wrong, without any value of the answer.
        item: Of a page or list, which of its items that model is: `data[3]`, or `[3]` of a bare array; else empty.
    """

    model: str
    path: str
    problem: str
    item: str = ""


class ResponseHandler(Protocol):
    """What decoding asks of a client, sync or async: to read the body, and to report what is wrong with it."""

    def _load_json(self, response: httpx.Response, /) -> object:
        """Return the answer's body read as JSON; raise the client's error where it is none."""
        ...

    def _report_drift(self, drifts: Sequence[Drift], response: httpx.Response, /) -> None:
        """Take note of places where the answer breaks the document; a strict client raises."""
        ...

    def _decode_error(self, model: str, path: str, problem: str, response: httpx.Response, /) -> Exception:
        """Return the exception to raise for a body of another shape altogether."""
        ...


@deprecated("Use ResponseHandler instead.")
class Conduct(ResponseHandler, Protocol):
    """The name that `ResponseHandler` had in version 0.2."""


class SyncClient(ResponseHandler, Protocol):
    """A client whose `send` blocks."""

    def _send(self, request: Request, /) -> httpx.Response:
        """Send the request and return a successful answer with its body read; raise on any other status."""
        ...


class AsyncClient(ResponseHandler, Protocol):
    """A client whose `send` is awaited."""

    async def _send(self, request: Request, /) -> httpx.Response:
        """Send the request and return a successful answer with its body read; raise on any other status."""
        ...


__all__ = ["AsyncClient", "Conduct", "Credential", "Drift", "Query", "Request", "ResponseHandler", "SyncClient"]

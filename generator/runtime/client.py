"""The interface between endpoint modules and a client.

An endpoint module builds a `Request`, has the client send it, and decodes the response. The client decides how to send
it, and how to report a response that can't be decoded or doesn't match the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from ._runtime.lazy import httpx
from .types import UNSET

Query = dict[str, str | list[str]]
Part = tuple[str | None, bytes, str]
"""A part of a multipart body: the file name (None if it is not a file), the content, and the content type."""
Credential = Literal["secret_key", "machine_secret_key", "none"]


class Request:
    """One request to the API, complete except for what the client adds: host, authentication, versions.

    Attributes:
        operation: The operationId in the document.
        method: The HTTP method, in upper case.
        path: The path below the root of the API, with path parameters percent-encoded.
        query: The query parameters as text; a list repeats its key.
        headers: The parameters sent as headers.
        json: The JSON body, or `UNSET` if there is none.
        form: The text fields of a form; a list repeats its key.
        files: The other parts of a multipart body, with a list for several parts of one name; None if the body is not
            multipart.
        credential: Which key authenticates the request.
        accept: The media types to accept in the response.
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
        """Return a copy of the request with some query parameters set, or removed if the value is None."""
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


class Drift:
    """One place where a response doesn't match the document.

    Attributes:
        model: The outermost model that contains the property.
        path: The property's path from that model, with `[]` for any item of an array.
        problem: What is wrong, without any value from the response.
        item: For a page or list, which of its items that model is: `data[3]`, or `[3]` in a bare array; else empty.
    """

    __slots__ = ("item", "model", "path", "problem")

    def __init__(self, model: str, path: str, problem: str, item: str = "") -> None:
        self.model = model
        self.path = path
        self.problem = problem
        self.item = item

    def __eq__(self, other: object) -> bool:
        return repr(self) == repr(other) if isinstance(other, Drift) else NotImplemented

    def __repr__(self) -> str:
        return f"Drift(model={self.model!r}, path={self.path!r}, problem={self.problem!r}, item={self.item!r})"

    __hash__ = None  # type: ignore[assignment]  # mutable


class ResponseHandler(Protocol):
    """What decoding needs from a client, sync or async: parsing the body, and reporting what is wrong with it."""

    def _load_json(self, response: httpx.Response, /) -> object:
        """Parse the response body as JSON; raise the client's error if it isn't."""
        ...

    def _report_drift(self, drifts: Sequence[Drift], response: httpx.Response, /) -> None:
        """Report the places where the response doesn't match the document; a strict client raises."""
        ...

    def _decode_error(self, model: str, path: str, problem: str, response: httpx.Response, /) -> Exception:
        """Return the exception to raise for a body of a completely different shape."""
        ...


class SyncClient(ResponseHandler, Protocol):
    """A client whose `_send` blocks."""

    def _send(self, request: Request, /) -> httpx.Response:
        """Send the request and return a successful response with its body read; raise for any other status."""
        ...


class AsyncClient(ResponseHandler, Protocol):
    """A client whose `_send` is awaited."""

    async def _send(self, request: Request, /) -> httpx.Response:
        """Send the request and return a successful response with its body read; raise for any other status."""
        ...


if TYPE_CHECKING:
    from ._runtime.former_names import Conduct as Conduct
else:

    def __getattr__(name):
        if name != "Conduct":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ._runtime.former_names import Conduct

        return Conduct

    def __dir__():
        return sorted(__all__)


__all__ = ["AsyncClient", "Conduct", "Credential", "Drift", "Query", "Request", "ResponseHandler", "SyncClient"]

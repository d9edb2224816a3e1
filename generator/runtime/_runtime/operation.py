"""Calls an operation of the API, given its table: encodes the arguments into a request, and decodes the response.

Each endpoint module contains the table of its operation; everything that operations have in common is here, and so are
the names that nearly all of these modules import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ..client import AsyncClient, Credential, Request, ResponseHandler, SyncClient
from ..types import UNSET
from . import encoding as encode
from .decoding import Decoder, FreeObject, ListOf, ObjectOf, decode_answer
from .lazy import types

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
AnswerT = TypeVar("AnswerT")

Encoder = Callable[[str, Any], Any]  # from `encoding`, each with its own types
"""Checks and encodes a parameter's value; it takes the parameter's name first, for its error messages."""

_PATH, _QUERY, _HEADERS, _BODY, _FORM, _FILES = range(6)
_NO_PARAMETERS: Mapping[str, Encoder] = {}


class Table(Generic[AnswerT]):
    """How the arguments of an operation are encoded into a request, and how its response is decoded.

    Each of the mappings has the names of parameters, and an encoder for each.

    Args:
        answer: The reader of the response.
        operation: The operationId in the document.
        method: The HTTP method, in upper case.
        path: The path below the root of the API, with `{name}` for each path parameter.
        in_path: The path parameters.
        query: The query parameters.
        headers: The parameters sent as headers.
        body: The properties of a JSON body; None if the body is not an object, or there is none.
        whole_body: The encoder of the parameter `body`, if the JSON body is not an object.
        form: The text fields of a form.
        files: The other parts of a form, which makes it multipart, even if none is given; None if it is not.
        required: The names of the required parameters, without those in the path.
        wire_names: The names in the API of the parameters that have another name in Python.
        constants: Query parameters that are always sent.
        sends_empty_body: Whether `{}` is sent if no property of the body is given.
        credential: Which key authenticates the request.
    """

    def __init__(
        self,
        answer: AnswerT,
        operation: str,
        method: str,
        path: str,
        *,
        in_path: Mapping[str, Encoder] = _NO_PARAMETERS,
        query: Mapping[str, Encoder] = _NO_PARAMETERS,
        headers: Mapping[str, Encoder] = _NO_PARAMETERS,
        body: Mapping[str, Encoder] | None = None,
        whole_body: Encoder | None = None,
        form: Mapping[str, Encoder] | None = None,
        files: Mapping[str, Encoder] | None = None,
        required: tuple[str, ...] = (),
        wire_names: Mapping[str, str] = {},
        constants: Mapping[str, str] = {},
        sends_empty_body: bool = True,
        credential: Credential = "secret_key",
    ) -> None:
        self._answer = answer
        self._operation = operation
        self._method = method
        self._path = path.replace("%", "%%").replace("{", "%(").replace("}", ")s")
        self._required = required
        self._constants = constants
        self._has_query = bool(query or constants)
        self._has_headers = bool(headers)
        self._has_json = body is not None or whole_body is not None
        self._has_whole_body = whole_body is not None
        self._is_form = form is not None or files is not None
        self._is_multipart = files is not None
        self._has_more_than_path = self._has_query or self._has_headers or self._has_json or self._is_form
        self._sends_empty_body = sends_empty_body
        self._credential: Credential = credential
        self._accept: str = getattr(answer, "accept", "application/json")  # pages are always JSON
        tables = (in_path, query, headers, {"body": whole_body} if whole_body else body or {}, form or {}, files or {})
        self._fields = {
            name: (place, wire_names.get(name, name), encoder)
            for place, table in enumerate(tables)
            for name, encoder in table.items()
        }

    def request(self, given: Mapping[str, object]) -> Request:
        """Make the request for a call.

        Args:
            given: The arguments by name; `UNSET` means not given.

        Raises:
            TypeError: A parameter does not exist, is missing, or has a value of another type.
            ValueError: A value cannot be sent.
        """
        # Path, query, headers, body, and form fields and files; an encoder returns what its part needs.
        places: tuple[dict[str, Any], ...] = ({},)
        if self._has_more_than_path:
            places = ({}, {**self._constants}, {}, {}, {}, {})
        fields = self._fields
        for name, value in given.items():
            if value is not UNSET:
                try:
                    place, wire_name, encoder = fields[name]
                except KeyError:
                    raise TypeError(f"{name} is not a parameter of {self._operation}") from None
                places[place][wire_name] = encoder(name, value)
        for name in self._required:
            if given.get(name, UNSET) is UNSET:
                raise self._missing(name)
        try:
            path = self._path % places[_PATH]
        except KeyError as missing:
            raise self._missing(missing.args[0]) from None
        request = Request(self._operation, self._method, path, credential=self._credential, accept=self._accept)
        if self._has_more_than_path:
            self._fill(request, places)
        return request

    def _fill(self, request: Request, places: tuple[dict[str, Any], ...]) -> None:
        """Set everything but the path."""
        if self._has_query:
            request.query = places[_QUERY]
        if self._has_headers:
            request.headers = places[_HEADERS]
        if self._has_json:
            request.json = self._json(places[_BODY])
        if self._is_form:
            request.form = places[_FORM]
        if self._is_multipart:
            request.files = places[_FILES]

    def _json(self, body: dict[str, object]) -> object:
        if self._has_whole_body:
            return body.get("body", UNSET)
        return body if body or self._sends_empty_body else UNSET

    def _missing(self, name: str) -> TypeError:
        return TypeError(f"{name} must be given to {self._operation}")


class Answer(Protocol[T_co]):
    """Reads a response as one type."""

    @property
    def accept(self) -> str:
        """The media types that this reader accepts."""
        ...

    def read(self, client: ResponseHandler, response: httpx.Response, /) -> T_co:
        """Return the decoded response; raise the client's error if it can't be decoded."""
        ...


class JSON(Generic[T]):
    """Reads a response as JSON data of one type."""

    accept = "application/json"

    def __init__(self, decoder: Decoder[T]) -> None:
        self.read: Callable[[ResponseHandler, httpx.Response], T] = partial(decode_answer, decoder)


class Text:
    """Reads a response as text.

    Args:
        accept: The media types of the text.
    """

    def __init__(self, accept: str = "text/html, text/plain") -> None:
        self.accept = accept

    def read(self, client: ResponseHandler, response: httpx.Response) -> str:  # noqa: ARG002  as in `Answer`
        return response.text


class Bytes:
    """Returns the body of a response as bytes."""

    accept = "application/octet-stream"

    def read(self, client: ResponseHandler, response: httpx.Response) -> bytes:  # noqa: ARG002  as in `Answer`
        return response.content


class ByStatus(Generic[T]):
    """Reads a response according to its status.

    Args:
        answers: The reader for each status; `2XX` stands for any other status.
    """

    def __init__(self, answers: Mapping[str, Answer[T]]) -> None:
        self._answers = answers
        self._other = answers.get("2XX") or next(iter(answers.values()))
        self.accept = ", ".join(dict.fromkeys(answer.accept for answer in answers.values()))

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return self._answers.get(str(response.status_code), self._other).read(client, response)


class Nothing:
    """Ignores the body of a response, which should be empty."""

    accept = "application/json"

    def read(self, client: ResponseHandler, response: httpx.Response) -> None:  # noqa: ARG002  as in `Answer`
        return None


class Operation(Table[Answer[T]], Generic[T]):
    """An operation that returns a single value."""

    def sync(self, client: SyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return its result; raise the client's error for any status other than success."""
        return self._answer.read(client, client._send(self.request(given)))

    def sync_detailed(self, client: SyncClient, given: Mapping[str, object]) -> types.Response[T]:
        """Call the operation like `sync`, but return the status and headers too."""
        return self._detailed(client, client._send(self.request(given)))

    async def asyncio(self, client: AsyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return its result; raise the client's error for any status other than success."""
        return self._answer.read(client, await client._send(self.request(given)))

    async def asyncio_detailed(self, client: AsyncClient, given: Mapping[str, object]) -> types.Response[T]:
        """Call the operation like `asyncio`, but return the status and headers too."""
        return self._detailed(client, await client._send(self.request(given)))

    def _detailed(self, client: ResponseHandler, response: httpx.Response) -> types.Response[T]:
        parsed = self._answer.read(client, response)
        return types.Response(response.status_code, response.headers, response.content, parsed)


__all__ = [
    "JSON",
    "AsyncClient",
    "ByStatus",
    "Bytes",
    "FreeObject",
    "ListOf",
    "Nothing",
    "ObjectOf",
    "Operation",
    "SyncClient",
    "Table",
    "Text",
    "encode",
    "types",
]

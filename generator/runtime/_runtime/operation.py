"""Calls an operation of the API, given its table: encodes the arguments into a request, and decodes the response.

Each endpoint module contains the table of its operation; everything that operations have in common is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..client import AsyncClient, Credential, Request, ResponseHandler, SyncClient
from ..types import UNSET, Response
from .answers import Answer

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
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
        self._sends_empty_body = sends_empty_body
        self._credential: Credential = credential
        self._accept: str = getattr(answer, "accept", "application/json")  # pages are always JSON
        tables = (in_path, query, headers, {"body": whole_body} if whole_body else body or {}, form or {}, files or {})
        self._fields = {
            name: (place, wire_names.get(name, name), encode)
            for place, table in enumerate(tables)
            for name, encode in table.items()
        }

    def request(self, given: Mapping[str, object]) -> Request:
        """Make the request for a call.

        Args:
            given: The arguments by name; `UNSET` means not given.

        Raises:
            TypeError: A parameter does not exist, is missing, or has a value of another type.
            ValueError: A value cannot be sent.
        """
        places = self._places()
        fields = self._fields
        for name, value in given.items():
            if value is not UNSET:
                if name not in fields:
                    raise TypeError(f"{name} is not a parameter of {self._operation}")
                place, wire_name, encode = fields[name]
                places[place][wire_name] = encode(name, value)
        for name in self._required:
            if given.get(name, UNSET) is UNSET:
                raise self._missing(name)
        try:
            path = self._path % places[_PATH]
        except KeyError as missing:
            raise self._missing(missing.args[0]) from None
        return Request(
            self._operation,
            self._method,
            path,
            query=places[_QUERY] if self._has_query else None,
            headers=places[_HEADERS] if self._has_headers else None,
            json=self._json(places[_BODY]) if self._has_json else UNSET,
            form=places[_FORM] if self._is_form else None,
            files=places[_FILES] if self._is_multipart else None,
            credential=self._credential,
            accept=self._accept,
        )

    def _places(self) -> tuple[dict[str, Any], ...]:  # an encoder returns what its part of the request needs
        """Return an empty dict for each part of the request: path, query, headers, body, and form fields and files."""
        query = {**self._constants} if self._constants else {}
        headers: dict[str, Any] = {}
        return ({}, query, headers, {}, {}, {}) if self._is_form else ({}, query, headers, {})

    def _json(self, body: dict[str, object]) -> object:
        if self._has_whole_body:
            return body.get("body", UNSET)
        return body if body or self._sends_empty_body else UNSET

    def _missing(self, name: str) -> TypeError:
        return TypeError(f"{name} must be given to {self._operation}")


class Operation(Table[Answer[T]], Generic[T]):
    """An operation that returns a single value."""

    def sync(self, client: SyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return its result; raise the client's error for any status other than success."""
        return self._answer.read(client, client._send(self.request(given)))

    def sync_detailed(self, client: SyncClient, given: Mapping[str, object]) -> Response[T]:
        """Call the operation like `sync`, but return the status and headers too."""
        return self._detailed(client, client._send(self.request(given)))

    async def asyncio(self, client: AsyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return its result; raise the client's error for any status other than success."""
        return self._answer.read(client, await client._send(self.request(given)))

    async def asyncio_detailed(self, client: AsyncClient, given: Mapping[str, object]) -> Response[T]:
        """Call the operation like `asyncio`, but return the status and headers too."""
        return self._detailed(client, await client._send(self.request(given)))

    def _detailed(self, client: ResponseHandler, response: httpx.Response) -> Response[T]:
        parsed = self._answer.read(client, response)
        return Response(response.status_code, response.headers, response.content, parsed)


__all__ = ["Operation", "Table"]

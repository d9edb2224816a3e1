"""What every operation of the API does, by a table: from keyword arguments to a request, and from an answer to a value.

An endpoint module holds the table of its operation; all that is the same for every operation stands here.
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

Encoder = Callable[[str, Any], Any]  # of `encoding`, each with types of its own
"""Checks and encodes a parameter's value; it takes the parameter's name first, for its error messages."""

_PATH, _QUERY, _HEADERS, _BODY, _FORM, _FILES = range(6)
_NO_PARAMETERS: Mapping[str, Encoder] = {}


class Table(Generic[AnswerT]):
    """How the parameters of an operation become a request, and what reads its answer.

    Each of the six tables has an encoder for the name of each parameter.

    Args:
        answer: What reads the answer.
        operation: The operation's id in the document.
        method: The HTTP method in capitals.
        path: The path below the API's root with a `{name}` for each path parameter.
        in_path: The path parameters.
        query: The query parameters.
        headers: The parameters that go into headers.
        body: The properties of a JSON body; None where the body is no object, or there is none.
        whole_body: The encoder of the parameter `body`, where a JSON body is no object.
        form: The text fields of a form.
        files: The other parts of a form, which is multipart then, even if none is given; None where it is not.
        required: The names of the parameters that have to be given, beside those in the path.
        wire_names: The names on the wire of the parameters that are called otherwise in Python.
        constants: Query parameters that are always sent.
        sends_empty_body: Whether `{}` is sent where no property of the body is given.
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
        self._accept: str = getattr(answer, "accept", "application/json")  # pages read nothing but JSON
        tables = (in_path, query, headers, {"body": whole_body} if whole_body else body or {}, form or {}, files or {})
        self._fields = {
            name: (place, wire_names.get(name, name), encode)
            for place, table in enumerate(tables)
            for name, encode in table.items()
        }

    def request(self, given: Mapping[str, object]) -> Request:
        """Make the request of a call.

        Args:
            given: The arguments by name; what is `UNSET` counts as not given.

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

    def _places(self) -> tuple[dict[str, Any], ...]:  # what an encoder makes fits the place of its parameter
        """Return what is filled with a call's encoded arguments: path, query, headers, body and a form's parts."""
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
    """An operation whose answer is one value."""

    def sync(self, client: SyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return what a success answers with; raise the client's error on any other status."""
        return self._answer.read(client, client._send(self.request(given)))

    def sync_detailed(self, client: SyncClient, given: Mapping[str, object]) -> Response[T]:
        """Do the same as `sync`, and return status and headers as well."""
        return self._detailed(client, client._send(self.request(given)))

    async def asyncio(self, client: AsyncClient, given: Mapping[str, object]) -> T:
        """Call the operation and return what a success answers with; raise the client's error on any other status."""
        return self._answer.read(client, await client._send(self.request(given)))

    async def asyncio_detailed(self, client: AsyncClient, given: Mapping[str, object]) -> Response[T]:
        """Do the same as `asyncio`, and return status and headers as well."""
        return self._detailed(client, await client._send(self.request(given)))

    def _detailed(self, client: ResponseHandler, response: httpx.Response) -> Response[T]:
        parsed = self._answer.read(client, response)
        return Response(response.status_code, response.headers, response.content, parsed)


__all__ = ["Operation", "Table"]

"""The values and types that every generated module shares.

`UNSET` says that something is not there: a keyword that was not given, a property that an answer does not have.
It differs from `None`, which is JSON's null.
"""

from __future__ import annotations

from enum import Enum
from os import PathLike
from typing import IO, Any, Final, Generic, Literal, NamedTuple, TypeVar

from ._runtime.lazy import httpx


class Unset(Enum):
    """The type of `UNSET`; `value is UNSET` and `isinstance(value, Unset)` both narrow a type."""

    UNSET = ...  # no text: what serializes enums by their value must not make data of it

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


UNSET: Final = Unset.UNSET

JSONObject = dict[str, Any]
"""A JSON object that the API leaves free: metadata, claims."""

FileUpload = (
    bytes | str | PathLike[str] | IO[bytes] | tuple[str, bytes | IO[bytes]] | tuple[str, bytes | IO[bytes], str]
)
"""A file to send: its bytes, its path, an open binary file, `(name, content)` or `(name, content, content_type)`."""

T_co = TypeVar("T_co", covariant=True)


class Response(NamedTuple, Generic[T_co]):
    """A successful answer as the `*_detailed` functions of the endpoint modules give it.

    Attributes:
        status_code: The HTTP status, 200 to 299.
        headers: The answer's headers; names are case-insensitive.
        content: The body as it came, decompressed.
        parsed: What the body says, as the type that the operation returns.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes
    parsed: T_co


__all__ = ["UNSET", "FileUpload", "JSONObject", "Response", "Unset"]

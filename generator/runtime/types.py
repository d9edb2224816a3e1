"""The values and types that all generated modules share.

`UNSET` means that something is absent: an argument that wasn't given, or a property that a response doesn't have.
It is not the same as `None`, which is JSON's null.
"""

from __future__ import annotations

from enum import Enum
from os import PathLike
from typing import IO, Any, Final, Generic, Literal, NamedTuple, TypeVar

from ._runtime.lazy import httpx


class Unset(Enum):
    """The type of `UNSET`; `value is UNSET` and `isinstance(value, Unset)` both narrow a type."""

    UNSET = ...  # not text: serializers that write enums by value must not write it as data

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


UNSET: Final = Unset.UNSET

JSONObject = dict[str, Any]
"""A JSON object with any properties: metadata, claims."""

FileUpload = (
    bytes | str | PathLike[str] | IO[bytes] | tuple[str, bytes | IO[bytes]] | tuple[str, bytes | IO[bytes], str]
)
"""A file to send: its bytes, its path, an open binary file, `(name, content)` or `(name, content, content_type)`."""

T_co = TypeVar("T_co", covariant=True)


class Response(NamedTuple, Generic[T_co]):
    """A successful response, as the `*_detailed` functions of the endpoint modules return it.

    Attributes:
        status_code: The HTTP status, 200 to 299.
        headers: The response headers; names are case-insensitive.
        content: The body as received, decompressed.
        parsed: The decoded body, of the type that the operation returns.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes
    parsed: T_co


__all__ = ["UNSET", "FileUpload", "JSONObject", "Response", "Unset"]

"""The values and types that all generated modules share.

`UNSET` means that something is absent: an argument that wasn't given, or a property that a response doesn't have.
It is not the same as `None`, which is JSON's null.
"""

from __future__ import annotations

from enum import Enum
from os import PathLike
from typing import IO, TYPE_CHECKING, Any, Final, Literal


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

if TYPE_CHECKING:
    from ._runtime.response import Response as Response
else:

    def __getattr__(name):
        if name != "Response":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ._runtime.response import Response

        return Response

    def __dir__():
        return sorted(__all__)


__all__ = ["UNSET", "FileUpload", "JSONObject", "Response", "Unset"]

"""What endpoint modules are made of, in one place."""

from ..client import AsyncClient, SyncClient
from ..types import Response
from . import encoding as encode
from .answers import JSON, Nothing, Text
from .decoding import FreeObject, ListOf, ObjectOf, OneOf, Tagged, Untagged
from .operation import Operation

__all__ = [
    "JSON",
    "AsyncClient",
    "FreeObject",
    "ListOf",
    "Nothing",
    "ObjectOf",
    "OneOf",
    "Operation",
    "Response",
    "SyncClient",
    "Tagged",
    "Text",
    "Untagged",
    "encode",
]

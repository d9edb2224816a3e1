"""The names that endpoint modules import, in one place."""

from ..client import AsyncClient, SyncClient
from ..types import Response
from . import encoding as encode
from .answers import JSON, ByStatus, Bytes, Nothing, Text
from .decoding import FreeObject, ListOf, ObjectOf
from .operation import Operation
from .unions import OneOf, Tagged, Untagged
from .values import ValueOf

__all__ = [
    "JSON",
    "AsyncClient",
    "ByStatus",
    "Bytes",
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
    "ValueOf",
    "encode",
]

"""The registry of handlers, and the request that a handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .._answers import JSON
from .._document.operations import Operation
from .._store.state import State
from .bodies import Upload

Kind = Literal["stateful", "stored", "sample"]


@dataclass(eq=False, repr=False)
class CheckedRequest:
    """A request that was checked against the document.

    Attributes:
        operation: The operation.
        state: The state of the service.
        path: The path parameters.
        query: The query parameters that were given or have a default.
        body: The JSON body, or the fields of a multipart one.
        files: The files of a multipart body.
        key: The key that the request has.
        api_url: The URL of the service, without a slash at the end.
        headers: The headers, with names in lower case.
    """

    operation: Operation
    state: State
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, JSON] = field(default_factory=dict)
    body: JSON = None
    files: dict[str, Upload] = field(default_factory=dict)
    key: str = ""
    api_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Handler = Callable[[CheckedRequest], JSON]
HANDLERS: dict[str, tuple[Kind, Handler]] = {}


def answers(*operation_ids: str, kind: Kind = "stateful") -> Callable[[Handler], Handler]:
    """Register a function as the handler of operations.

    Args:
        *operation_ids: The operations.
        kind: The kind of handler: `stateful` behaves like the service, `stored` only stores and returns.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(operation_ids, (kind, handler)))
        return handler

    return register

"""What the pools of both clients have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._connector import Connector

if TYPE_CHECKING:
    from ._library import http


class BasePool:
    """The connections of a client.

    Args:
        options: The checked `http_options` that belong to the connections.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:  # Any: one type per option
        self._connector = Connector(options)
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the pool was closed."""
        return self._closed

    @property
    def request_class(self) -> type[http.Request]:
        """The HTTP library's class of requests."""
        return self._connector.library.Request

    @property
    def library(self) -> str:
        """The HTTP library and its version, for the `User-Agent` header."""
        return f"{self._connector.name}/{self._connector.library.__version__}"


__all__ = ["BasePool"]

"""Names that are about to go, loaded only by programs that still use them."""

from __future__ import annotations

from typing import Protocol

from ..client import ResponseHandler
from .deprecation import deprecated


@deprecated("Use ResponseHandler instead.")
class Conduct(ResponseHandler, Protocol):
    """The name of `ResponseHandler` in version 0.2."""


__all__ = ["Conduct"]

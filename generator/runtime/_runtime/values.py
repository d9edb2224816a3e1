"""Reads values given their types: those without a model, and those too complex for the code of a model.

These are responses that are scalars or maps, values of several possible types, and containers in containers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .model import Mismatch

if TYPE_CHECKING:
    from ..client import Drift
    from .unions import Union

T = TypeVar("T")


class ValueOf(Generic[T]):
    """Reads a value of any type.

    Args:
        name: The name of the type, for messages.
        hint: The type.
        variants: The decoder of the objects in it, if they may be of several kinds.
    """

    def __init__(self, name: str, hint: Any, variants: Union | None = None) -> None:  # there is no type for types
        self.name = name
        self.variants = variants
        self._hint = hint

    def decode(self, data: Any) -> T:
        drifts: list[Drift] = []
        value = self._read(data, "", drifts)
        if drifts:
            raise Mismatch
        return value

    def tolerate(self, data: Any, path: str, drifts: list[Drift]) -> T:
        found: list[Drift] = []
        value = self._read(data, path, found)
        for drift in found:
            if drift.path == path:  # the value as a whole has another type
                raise Mismatch(drift.problem)
        drifts += found
        return value

    def _read(self, data: Any, path: str, drifts: list[Drift]) -> T:
        from .tolerance import read_value

        return cast(T, read_value(self._hint, data, self.name, path, drifts, self.variants))  # it follows the type hint


__all__ = ["ValueOf"]

"""Reads values by their types: what takes no model, and what no straight line of a model's own reads.

These are scalars and maps as answers, what may be of several types, and containers in containers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .mismatch import Mismatch

if TYPE_CHECKING:
    from ..client import Drift
    from .decoding import Union

T = TypeVar("T")


class ValueOf(Generic[T]):
    """Reads a value of any type.

    Args:
        name: What the type is called in messages.
        hint: The type.
        variants: What reads the objects in it, where these are of several kinds.
    """

    def __init__(self, name: str, hint: Any, variants: Union | None = None) -> None:  # a type has no type of its own
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
            if drift.path == path:  # the whole of it is something else
                raise Mismatch(drift.problem)
        drifts += found
        return value

    def _read(self, data: Any, path: str, drifts: list[Drift]) -> T:
        from .tolerance import read_value

        return cast(T, read_value(self._hint, data, self.name, path, drifts, self.variants))  # it reads by the hint


__all__ = ["ValueOf"]

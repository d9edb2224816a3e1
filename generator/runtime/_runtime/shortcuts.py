"""Computes values from the properties of models, even if some are missing from a response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..types import Unset

T = TypeVar("T")


def found_by_id(items: Sequence[T] | Unset | None, identity: str | Unset | None) -> T | None:
    """Return the item with an id, or None if there is none."""
    if not isinstance(items, Sequence) or not isinstance(identity, str):
        return None
    return next((item for item in items if getattr(item, "id", None) == identity), None)


def joined(*parts: str | Unset | None) -> str | None:
    """Join the texts that are set with spaces; None if there are none."""
    return " ".join(part for part in parts if isinstance(part, str)).strip() or None


__all__ = ["found_by_id", "joined"]

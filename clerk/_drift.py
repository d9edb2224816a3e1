"""Answers that break the API's document: noted once per place, for the life of a client."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clerk_generated.client import Drift

logger = logging.getLogger("clerk.drift")


class DriftLog:
    """The places where answers have broken the document so far."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], object] = {}

    def note(self, drift: Drift, where: str) -> None:
        """Log a place, unless it was logged before.

        Args:
            drift: The place and what is wrong there.
            where: The method and path of the request that was answered so.
        """
        mark = object()
        # In one step, so that of two threads only one logs.
        if self._seen.setdefault((drift.model, drift.path), mark) is mark:
            place = place_of(drift.model, drift.path, drift.item)
            logger.warning("%s: %s: %s (logged once)", where, place, drift.problem)


def place_of(model: str | None, path: str, item: str) -> str:
    """Name a place in an answer, as in `User at banned in data[3]`."""
    return " in ".join(filter(None, [" at ".join(filter(None, [model, path])), item]))


__all__ = ["DriftLog", "place_of"]

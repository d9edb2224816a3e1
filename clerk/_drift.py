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
            logger.warning("%s: %s at %s: %s (logged once)", where, drift.model, drift.path, drift.problem)


__all__ = ["DriftLog"]

"""Responses that don't match the API's document: logged once per place in the life of a client."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clerk_generated.client import Drift

logger = logging.getLogger("clerk.drift")

Logged = dict[tuple[str, str], object]
"""The places where a mismatch was logged: model and path; the values only tell who came first."""


def log_once(drift: Drift, where: str, logged: Logged) -> None:
    """Log a mismatch, unless its place was logged before.

    Args:
        drift: The place, and what is wrong there.
        where: The method and path of the request.
        logged: The places where a mismatch was logged before; this one is added.
    """
    mark = object()
    # Atomic, so that only one of two threads logs it.
    if logged.setdefault((drift.model, drift.path), mark) is mark:
        place = place_of(drift.model, drift.path, drift.item)
        logger.warning("%s: %s: %s (logged once)", where, place, drift.problem)


def place_of(model: str | None, path: str, item: str) -> str:
    """Name a place in a response, as in `User at banned in data[3]`."""
    return " in ".join(filter(None, [" at ".join(filter(None, [model, path])), item]))


__all__ = ["Logged", "log_once", "place_of"]

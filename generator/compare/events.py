"""Compares the events of two versions of the webhooks' document, treated as operations that return them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..code.blueprint import Blueprint
from .changes import WEBHOOKS, Change, Comparison
from .operations import compare

NO_EVENTS = Blueprint("none", (), (), frozenset(), (), ())
"""The blueprint of a project without a webhooks document."""


def compare_events(old: Blueprint, new: Blueprint) -> Comparison:
    """Compare two versions of the events, from the point of view of code that handles them.

    Args:
        old: The old version.
        new: The new version.

    Returns:
        All changes: events first, then their data; subjects have their names from `clerk.events`.
    """
    classes = {operation.id for blueprint in (old, new) for operation in blueprint.operations}
    told = compare(old, new)
    return replace(told, changes=tuple(_renamed(told.changes, classes)), about=WEBHOOKS)


def _renamed(changes: tuple[Change, ...], classes: set[str]) -> Iterator[Change]:
    for change in changes:
        subject = re.sub(r"^models\.", "events.", change.subject)
        is_class = change.section == "model" and subject.removeprefix("events.") in classes
        if not is_class:  # the event itself is reported already
            what = re.sub(r"`POST /([^`]*)`", r"`\1`", change.what)
            yield replace(change, subject=subject, what=what)


__all__ = ["NO_EVENTS", "compare_events"]

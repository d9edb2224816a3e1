"""The parts of a bump that are specific to the webhooks' document."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import build
from .._errors import BuildError
from ..code.blueprint import Blueprint
from ..compare import surface, typing_tests
from ..compare.changes import Comparison
from ..compare.events import NO_EVENTS, compare_events
from ..document import files, lock, overlays, vendor
from ..document.walk import EVENTS
from ..prepare import events, rules
from . import decisions


def refuse(document: dict[str, Any], source: str, root: Path, *, force: bool) -> None:
    """Refuse a document without a date, of another API, the vendored one, and an older one.

    Raises:
        BuildError: The document is refused.
    """
    version = vendor.version_of_events(document, source)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", version):
        raise BuildError(f"{source}: its file name contains no date, and documents of webhooks have no date inside")
    locked = lock.read(root).webhooks
    if not locked:
        return
    vendored = files.load(root / lock.VENDORED_EVENTS).value
    title, wanted = document["info"].get("title"), vendored["info"].get("title")
    kept, before = vendored[EVENTS].keys() & document[EVENTS].keys(), vendored[EVENTS].keys()
    if title != wanted:
        raise BuildError(f"{source}: describes another API: {title!r}, not {wanted!r}")
    if 2 * len(kept) < len(before):
        raise BuildError(
            f"{source}: describes another API: it has {len(kept)} of the {len(before)} events of the vendored document"
        )
    if vendor.serialised(document) == files.read_bytes(root / lock.VENDORED_EVENTS):
        raise BuildError(f"{source}: is already vendored: its facts are those of {lock.VENDORED_EVENTS}")
    if version < locked["version"] and not force:
        raise BuildError(
            f"{source}: {version} is older than {locked['version']}, which is vendored; FORCE=1 accepts it anyway"
        )


def decide(root: Path, *, accept: bool) -> list[str]:
    """Find overlay actions that a new document makes stale, and remove them if accepted.

    Args:
        root: A scratch copy of the project, with the new document.
        accept: Whether to delete them.

    Returns:
        What was decided.

    Raises:
        BuildError: There is something to decide, and it was not accepted.
    """
    found = _stale(root)
    if found == decisions.Decisions():
        return []
    if not accept:
        raise BuildError(f"{found.report}\nACCEPT=1 accepts the proposals; nothing has changed")
    decisions.accept(root, found)
    return [line.replace(f"{root}/", "") for line in found.lines]


def _stale(root: Path) -> decisions.Decisions:
    vendored = files.load(root / lock.VENDORED_EVENTS).value
    corrected = overlays.examine(vendored, overlays.load_overlays(root / build.EVENT_OVERLAYS, "1*.yaml"))
    document, client_layout = events.as_operations(corrected.document, "")
    effective, _ = rules.effective_document(document, client_layout)
    stale, misplaced = decisions.misfit_words(effective, root / build.EVENT_OVERLAYS)
    return decisions.Decisions(stale=(*corrected.stale, *stale), misplaced=misplaced)


def compared(base: Path, tree: Path) -> Comparison:
    """Compare the events of two trees."""
    old, new = _blueprint(base), _blueprint(tree)
    told = compare_events(old, new)
    names = {change.subject for change in told.changes}
    more = [
        change
        for change in surface.compare(base, tree, told, (old, new))
        if change.subject not in names and ".events." not in change.subject
    ]
    return replace(told, changes=(*told.changes, *more, *typing_tests.check(base, tree)))


def _blueprint(root: Path) -> Blueprint:
    version = lock.read(root).webhooks.get("version")
    if version is None:
        return NO_EVENTS
    return build.blueprint_of(*events.as_operations(build.corrected_events(root), version))


__all__ = ["compared", "decide", "refuse"]

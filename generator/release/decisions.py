"""What a new document asks a maintainer to decide: overlay actions that are stale, operations without a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .. import build
from .._errors import BuildError
from ..document import files, lock, overlays
from ..document.overlays import Action, Stale
from ..document.walk import Document, operations
from ..prepare import layout, rules, words
from ..prepare.layout import Misfits
from . import editing

Misplaced = tuple[Action, tuple[str, ...]]

NONE = Misfits()


@dataclass(frozen=True)
class Decisions:
    """What there is to decide.

    Attributes:
        stale: Overlay actions that change nothing.
        misfits: Where the layout does not fit.
        misplaced: Words that describe what does not exist: the action, and the way through its update.
    """

    stale: tuple[Stale, ...] = ()
    misfits: Misfits = NONE
    misplaced: tuple[Misplaced, ...] = ()

    @property
    def report(self) -> str:
        """What to decide, with the lines to add or to take out."""
        parts = [overlays.stale_report(self.stale)] if self.stale else []
        if self.misplaced:
            lines = [f"  {action.place}: update: {': '.join(way)}" for action, way in self.misplaced]
            parts.append("\n".join(["words that describe what does not exist; take them out:", *lines]))
        if self.misfits != NONE:
            parts.append(layout.misfits_report(self.misfits))
        return "\n".join(parts)


def find(root: Path, former: Document) -> Decisions:
    """Find what the vendored document of a project leaves to decide.

    Args:
        root: The project's root.
        former: The corrected document of before, which tells what is only called by another id now.

    Returns:
        All there is to decide.

    Raises:
        BuildError: An overlay can't be applied at all.
    """
    vendored = files.load(root / lock.VENDORED).value
    corrected = overlays.examine(vendored, overlays.load_overlays(root / build.OVERLAYS, "1*.yaml"))
    plan = layout.load(root)
    misfits = layout.misfits(plan, corrected.document, renamed_operations(former, corrected.document))
    stale = corrected.stale
    try:
        effective, _ = rules.effective_document(corrected.document, layout.fitted(plan, misfits))
    except BuildError:  # the build will say so, when all else is decided
        return Decisions(stale, misfits)
    layers = overlays.load_overlays(root / build.OVERLAYS, "9*.yaml", reasons=False)
    stale_words = overlays.examine(effective, layers).stale
    gone = {item.action.place for item in stale_words}
    misplaced = [item for item in words.missing(effective, layers) if item[0].place not in gone]
    return Decisions((*stale, *stale_words), misfits, tuple(misplaced))


def accept(root: Path, decisions: Decisions) -> None:
    """Decide as proposed: edit the overlays and the layout of a project.

    Raises:
        BuildError: A file can't be edited; then none has changed.
    """
    paths = {item.overlay.path for item in decisions.stale} | {action.path for action, _ in decisions.misplaced}
    every = overlays.load_overlays(root / build.OVERLAYS, reasons=False)
    touched = {overlay.path: overlay for overlay in every if overlay.path in paths}
    texts = {
        path: editing.without_actions(
            overlay,
            [item.action for item in decisions.stale if item.overlay.path == path],
            [item for item in decisions.misplaced if item[0].path == path],
        )
        for path, overlay in touched.items()
    }
    written = {path: text.encode() for path, text in texts.items() if text is not None}
    if decisions.misfits != NONE:
        written[root / layout.LAYOUT] = editing.layout_text(root, decisions.misfits).encode()
    files.write_files(written)
    for path in texts.keys() - written.keys():
        path.unlink()


def renamed_operations(former: Document, document: Document) -> dict[str, str]:
    """Tell which operations are only called by another id now: path and method stayed.

    Args:
        former: The document of before.
        document: The document of now.

    Returns:
        The id of now, by the id of before.
    """
    before, now = _ids_by_place(former), _ids_by_place(document)
    kept = set(before.values()) & set(now.values())
    return {
        before[place]: now[place]
        for place in before.keys() & now.keys()
        if before[place] not in kept and now[place] not in kept
    }


def _ids_by_place(document: Document) -> dict[tuple[str, str], str]:
    """Return the operations' ids by method and path; what path parameters are called is of no matter."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): operation["operationId"]
        for path, method, operation in operations(document)
    }

"""Finds what a maintainer has to decide about a new document.

These are stale overlay actions, corrections of values that have changed, operations that the layout doesn't list,
models without a name, and renamed components and paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import build
from .._errors import BuildError
from ..document import files, lock, overlays
from ..document.corrections import Corrections, Doubt, doubts, key_of
from ..document.overlays import Action, Stale
from ..document.walk import Document, operations
from ..prepare import layout, rules, words
from ..prepare.layout import Misfits
from ..prepare.words import Misplaced
from . import drafts, editing, model_names
from .drafts import Draft
from .renames import Renames

NONE = Misfits()
NO_RENAMES = Renames()


@dataclass(frozen=True)
class Decisions:
    """The decisions to make.

    Attributes:
        stale: Overlay actions that change nothing.
        misfits: Where the layout doesn't fit.
        misplaced: Words that describe something that doesn't exist: the action, and the path in its update.
        renames: What was renamed.
        doubts: Corrections of values that have changed.
        names: Names for new models without one.
        corrections: What the overlays replace now; `doubts` are about it.
    """

    stale: tuple[Stale, ...] = ()
    misfits: Misfits = NONE
    misplaced: tuple[Misplaced, ...] = ()
    renames: Renames = NO_RENAMES
    doubts: tuple[Doubt, ...] = ()
    names: tuple[Draft, ...] = ()
    corrections: Corrections = field(default_factory=Corrections, compare=False)

    @property
    def is_asking(self) -> bool:
        """Whether a person has to decide: stale drafts are removed without asking."""
        kept = replace(
            self,
            stale=tuple(item for item in self.stale if not item.action.is_draft),
            misplaced=tuple(item for item in self.misplaced if not item[0].is_draft),
        )
        return kept != Decisions()

    @property
    def report(self) -> str:
        """What to decide, with the lines to add or remove."""
        parts = []
        for title, lines in (
            ("renamed; change the overlays:", self.renames.lines),
            ("corrections of values that have changed; remove those that are wrong now:", [*map(str, self.doubts)]),
            ("new models without a name; give them a title:", [*map(_named, self.names)]),
        ):
            if lines:
                parts.append("\n".join([title, *(f"  {line}" for line in lines)]))
        if self.stale:
            parts.append(overlays.stale_report(self.stale))
        if self.misplaced:
            lines = [f"  {action.place}: update: {': '.join(way)}" for action, way in self.misplaced]
            parts.append("\n".join(["words that describe something that doesn't exist; remove them:", *lines]))
        if self.misfits != NONE:
            parts.append(layout.misfits_report(self.misfits))
        return "\n".join(parts)

    @property
    def lines(self) -> list[str]:
        """The decisions if all proposals are accepted, one line each."""
        additions = [f"`{item.sub_api}.{item.name}` calls {item.operation_id}" for item in self.misfits.additions]
        departures = [
            f"`{item.sub_api}.{item.method.name}` calls {item.renamed}, which was {item.operation_id}"
            if item.renamed
            else f"`{item.sub_api}.{item.method.name}` no longer calls {item.operation_id}"
            for item in self.misfits.departures
        ]
        return [
            *self.renames.lines,
            *(f"{doubt}; removed" for doubt in self.doubts),
            *(f"{item.action.place}: removed: it changed nothing: {item.action.reason}" for item in self.stale),
            *(f"{action.place}: words for {': '.join(way)} removed" for action, way in self.misplaced),
            *additions,
            *departures,
            *(f"`{name}` has no operation left and was removed" for name in self.misfits.emptied),
            *(_named(draft) for draft in self.names),
        ]


def _named(draft: Draft) -> str:
    reason = f" ({draft.reason})" if draft.reason else ""
    return f"`models.{draft.update['title']}` is the name of {draft.target}{reason}"


def find(root: Path, former: Document, renames: Renames = NO_RENAMES) -> Decisions:
    """Find what has to be decided about the vendored document of a project.

    Args:
        root: The project's root; its overlays already use the new names.
        former: The old corrected document, which shows what was only renamed.
        renames: What was renamed.

    Returns:
        All there is to decide.

    Raises:
        BuildError: An overlay can't be applied at all.
    """
    vendored, noted = files.load(root / lock.VENDORED).value, Corrections()
    corrected = overlays.examine(vendored, overlays.load_overlays(root / build.OVERLAYS, "1*.yaml"), noted.watch)
    document, client_layout = corrected.document, layout.load(root)
    found = Decisions(
        stale=corrected.stale,
        misfits=layout.misfits(client_layout, document, renamed_operations(former, document)),
        renames=renames,
        doubts=tuple(doubts(renames.corrections(lock.read(root).corrections), noted)),
        names=tuple(model_names.propose(former, document, renames)),
        corrections=noted,
    )
    try:
        effective, _ = rules.effective_document(document, layout.fitted(client_layout, found.misfits))
    except BuildError:  # the build reports it when everything else is decided
        return found
    stale, misplaced = misfit_words(effective, root / build.OVERLAYS)
    return replace(found, stale=(*found.stale, *stale), misplaced=misplaced)


def misfit_words(effective: Document, folder: Path) -> tuple[tuple[Stale, ...], tuple[Misplaced, ...]]:
    """Find the words of a folder's overlays that don't fit an effective document.

    Returns:
        The actions that change nothing; and of the others, those that describe something that doesn't exist.
    """
    layers = overlays.load_overlays(folder, "9*.yaml", reasons=False)
    applied, misplaced = words.examine(effective, layers)
    gone = {item.action.place for item in applied.stale}
    return applied.stale, tuple(item for item in misplaced if item[0].place not in gone)


def accept(root: Path, decisions: Decisions) -> None:
    """Accept all proposals: edit the overlays and the layout of a project.

    Raises:
        BuildError: A file can't be edited; no file has changed.
    """
    rewritten = _without_doubts(decisions)
    paths = {item.overlay.path for item in decisions.stale} | {action.path for action, _ in decisions.misplaced}
    paths |= {action.path for action, _ in rewritten}
    folders = (root / build.OVERLAYS, root / build.EVENT_OVERLAYS)
    every = [overlay for folder in folders for overlay in overlays.load_overlays(folder, reasons=False)]
    touched = {overlay.path: overlay for overlay in every if overlay.path in paths}
    texts = {
        path: editing.without_actions(
            overlay,
            [item.action for item in decisions.stale if item.overlay.path == path],
            [item for item in decisions.misplaced if item[0].path == path],
            {action.index: targets for action, targets in rewritten if action.path == path},
        )
        for path, overlay in touched.items()
    }
    written = {path: text.encode() for path, text in texts.items() if text is not None}
    if decisions.misfits != NONE:
        written[root / layout.LAYOUT] = editing.layout_text(root, decisions.misfits).encode()
    files.write_files(written)
    for path in texts.keys() - written.keys():
        path.unlink()
    drafts.write_names(root, decisions.names)


def _without_doubts(decisions: Decisions) -> list[tuple[Action, list[str]]]:
    """Return the corrections to rewrite, each with the places where nothing has changed."""
    doubtful: dict[str, set[str]] = {}
    for doubt in decisions.doubts:
        doubtful.setdefault(key_of(doubt.action), set()).add(doubt.place)
    noted = decisions.corrections
    return [
        (
            noted.actions[key],
            [target for place, target in noted.targets[key].items() if place not in places],
        )
        for key, places in doubtful.items()
    ]


def renamed_operations(former: Document, document: Document) -> dict[str, str]:
    """Find operations that only have a new id: path and method are unchanged.

    Args:
        former: The old document.
        document: The new document.

    Returns:
        The new ids, by the old ones.
    """
    before, now = _ids_by_place(former), _ids_by_place(document)
    kept = set(before.values()) & set(now.values())
    return {
        before[place]: now[place]
        for place in before.keys() & now.keys()
        if before[place] not in kept and now[place] not in kept
    }


def _ids_by_place(document: Document) -> dict[tuple[str, str], str]:
    """Return the operations' ids by method and path, ignoring the names of path parameters."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): operation["operationId"]
        for path, method, operation in operations(document)
    }

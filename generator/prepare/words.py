"""Puts our own summaries and descriptions, the words, on the effective document.

Words only describe what exists. An action that would add anything else fails the build, so that a description of a
removed property can't bring the property back. What the document marks as deprecated also gets
`x-clerk-instead`: what to use instead, or that nothing replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import extensions
from .._errors import BuildError
from ..document import overlays
from ..document.walk import Document

Way = tuple[str, ...]  # the names of nested fields
Misplaced = tuple[overlays.Action, Way]  # words, and the way in their update to what doesn't exist

_WORDS = ("summary", "description", extensions.INSTEAD)


def put(document: Document, layers: list[overlays.Overlay]) -> Document:
    """Return a copy of the effective document with the words of overlays.

    Raises:
        BuildError: An action adds something other than words, or describes something that doesn't exist.
    """
    _check(layers)
    applied, misplaced = examine(document, layers)
    if misplaced:
        phantoms = [f"  {action.place}: describes {'.'.join(way)}" for action, way in misplaced]
        raise BuildError("words for things that don't exist:\n" + "\n".join(phantoms))
    if applied.stale:
        raise BuildError(overlays.stale_report(applied.stale))
    return applied.document


def examine(document: Document, layers: list[overlays.Overlay]) -> tuple[overlays.Applied, list[Misplaced]]:
    """Put words on a copy of a document, and find those that describe something that doesn't exist.

    Args:
        document: The effective document.
        layers: The overlays of words.

    Returns:
        The copy with the words, and each action that describes something that doesn't exist, with its path to that.

    Raises:
        BuildError: An action can't be applied; one line.
    """
    found: dict[tuple[str, Way], overlays.Action] = {}

    def watch(action: overlays.Action, _: Any, location: overlays.Location, __: Any) -> None:  # any JSON values
        node = _before(document, location)
        found.update({(action.place, way): action for way in _missing(node, action.update)})

    applied = overlays.examine(document, layers, watch)
    return applied, [(action, way) for (_, way), action in found.items()]


def _before(document: Any, location: overlays.Location) -> Any:  # any JSON values
    """Return a node as it is without any words; None if it is one that words would add."""
    for token in location:
        if isinstance(document, dict) and token not in document:
            return None
        document = document[token]
    return document


def _missing(target: Any, update: Any, way: Way = ()) -> Iterator[Way]:  # any JSON values
    if not isinstance(update, dict) or not isinstance(target, dict):
        return
    for name, value in update.items():
        if name in target:
            yield from _missing(target[name], value, (*way, name))
        elif (
            name not in _WORDS
            or not isinstance(value, str)
            or (name == extensions.INSTEAD and not target.get("deprecated"))
        ):
            yield (*way, name)


def _check(layers: list[overlays.Overlay]) -> None:
    for layer in layers:
        for action in layer.actions:
            if action.remove or not _is_words(action.update):
                raise BuildError(
                    f"{action.place}: words are summaries, descriptions and `{extensions.INSTEAD}`, and nothing else"
                )


def _is_words(update: Any) -> bool:  # any JSON value
    return isinstance(update, dict) and all(
        isinstance(value, str) if name in _WORDS and not isinstance(value, dict) else _is_words(value)
        for name, value in update.items()
    )

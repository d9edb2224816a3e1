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

_WORDS = ("summary", "description", extensions.INSTEAD)


def put(document: Document, layers: list[overlays.Overlay]) -> Document:
    """Return a copy of the effective document with the words of overlays.

    Raises:
        BuildError: An action adds something other than words, or describes something that doesn't exist.
    """
    _check(layers)
    phantoms = [f"  {action.place}: describes {'.'.join(way)}" for action, way in missing(document, layers)]
    if phantoms:
        raise BuildError("words for things that don't exist:\n" + "\n".join(phantoms))
    return overlays.apply(document, layers).document


def missing(document: Document, layers: list[overlays.Overlay]) -> list[tuple[overlays.Action, tuple[str, ...]]]:
    """Find words that describe something that doesn't exist.

    Args:
        document: The effective document.
        layers: The overlays of words.

    Returns:
        Each action with such words, and the path in its update to the thing that doesn't exist.
    """
    found: dict[tuple[str, tuple[str, ...]], overlays.Action] = {}
    for layer in layers:
        for action in layer.actions:
            for node in action.query.find(document):
                found.update({(action.place, way): action for way in _missing(node.value, action.update)})
    return [(action, way) for (_, way), action in found.items()]


def _missing(target: Any, update: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # any JSON values
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

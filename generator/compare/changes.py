"""How a change of the API or of the generated code affects the callers of this library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Section = Literal["operation", "call", "answer", "model", "surface", "typing"]


BACKEND_API = "Clerk Backend API"
WEBHOOKS = "Clerk webhooks"


class Effect(IntEnum):
    """How a change affects a caller, from least to most."""

    INVISIBLE = 0
    ADDITIVE = 1
    BREAKING = 2


@dataclass(frozen=True, order=True)
class Change:
    """One change.

    Attributes:
        section: What changed: an operation as a whole, what a call takes, what it returns, a model, the Python surface
            for reasons other than the document, or the result of the typing tests of the last release.
        subject: What changed, by its name in Python: `users.get_user_list(query=)`.
        what: What happened to it; types, values and paths in backquotes.
        effect: What it does to a caller.
        users: The methods through which a changed model affects a caller.
    """

    section: Section
    subject: str
    what: str
    effect: Effect
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The differences between two versions of the client.

    Attributes:
        old_version: The old version of the API.
        new_version: The new version of the API.
        changes: The changes, in the order to show them.
        about: Which of Clerk's documents changed.
    """

    old_version: str
    new_version: str
    changes: tuple[Change, ...]
    about: str = BACKEND_API

    @property
    def effect(self) -> Effect:
        """The greatest effect of any change."""
        return worst(change.effect for change in self.changes)

    def of(self, effect: Effect, *sections: Section) -> list[Change]:
        """Return the changes of one effect, in the given sections or in all."""
        return [item for item in self.changes if item.effect == effect and (not sections or item.section in sections)]


def worst(effects: Iterable[Effect]) -> Effect:
    """Return the greatest of some effects."""
    return max(effects, default=Effect.INVISIBLE)


__all__ = ["BACKEND_API", "WEBHOOKS", "Change", "Comparison", "Effect", "Section", "worst"]

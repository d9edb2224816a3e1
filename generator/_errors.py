"""The one error of the generator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["BuildError", "naming"]


class BuildError(Exception):
    """Something the person at the keyboard can mend: the message says what is wrong and where.

    The message is one line; only lists (of stale overlay actions, of operations without a place) have more.
    """


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Put a place before the messages of errors that don't name it."""
    try:
        yield
    except BuildError as error:
        if place in str(error):
            raise
        raise BuildError(f"{place}: {error}") from error

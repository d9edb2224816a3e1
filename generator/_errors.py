"""The one error of the generator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["BuildError", "naming"]


class BuildError(Exception):
    """Something that the person at the keyboard can fix: the message says what is wrong and where.

    The message is one line, unless it is a list (of stale overlay actions, of operations without a place).
    """


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Put a place before the messages of errors that don't name it."""
    try:
        yield
    except BuildError as error:
        if re.search(rf"(?:^|: ){re.escape(place)}(?=[:.\s]|$)", str(error)):
            raise
        raise BuildError(f"{place}: {error}") from error

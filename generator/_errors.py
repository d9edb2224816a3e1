"""The one error of the generator."""

from __future__ import annotations

__all__ = ["BuildError"]


class BuildError(Exception):
    """Something the person at the keyboard can mend: the message says what is wrong and where.

    The message is one line; only lists (of stale overlay actions, of operations without a place) have more.
    """

"""Blocks of a page that open at a click, so that who reads on a phone gets past them."""

from __future__ import annotations

from collections.abc import Iterable


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """Return the Markdown of a block with a title."""
    return [f'??? abstract "{title}"', "", *(f"    {line}" for line in lines), ""]


def counted(count: int, what: str) -> str:
    """Say how many there are of something."""
    return f"{count} {what}{'s' if count != 1 else ''}"


__all__ = ["counted", "folded"]

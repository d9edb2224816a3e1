"""The signal that an answer is not what the document says."""

from __future__ import annotations


class Mismatch(Exception):  # noqa: N818  it never reaches a caller: it turns one pass into the other
    """An answer is not what the document says; the straight-line pass stops and the tolerant one takes over.

    Attributes:
        path: Where, from the outermost model or page on; empty for that itself.
    """

    def __init__(self, problem: str = "", path: str = "") -> None:
        super().__init__(problem)
        self.path = path


__all__ = ["Mismatch"]

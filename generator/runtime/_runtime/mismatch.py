"""The signal that a response does not match the document."""

from __future__ import annotations


class Mismatch(Exception):  # noqa: N818  it never reaches a caller: it makes the tolerant pass take over
    """A response does not match the document: the fast pass stops, and the tolerant pass takes over.

    Attributes:
        path: The place, relative to the outermost model or page; empty for the model or page itself.
    """

    def __init__(self, problem: str = "", path: str = "") -> None:
        super().__init__(problem)
        self.path = path


__all__ = ["Mismatch"]

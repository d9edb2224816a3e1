"""The `deprecated` decorator of PEP 702, for type checkers only: it doesn't warn at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(message):
        """Mark a function or class as deprecated, without a warning at run time."""

        def mark(marked):
            marked.__deprecated__ = message
            return marked

        return mark


__all__ = ["deprecated"]

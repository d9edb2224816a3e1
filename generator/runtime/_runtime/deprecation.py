"""The mark of PEP 702 for deprecated methods and classes: type checkers see it, nothing happens at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(message):
        """Mark a function or class as deprecated, without a warning when it is used."""

        def mark(marked):
            marked.__deprecated__ = message
            return marked

        return mark


__all__ = ["deprecated"]

"""The mark of PEP 702 for deprecated methods: type checkers and IDEs see it, nothing happens at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(message):
        """Mark a function as deprecated without a warning when it is called."""

        def mark(function):
            function.__deprecated__ = message
            return function

        return mark


__all__ = ["deprecated"]

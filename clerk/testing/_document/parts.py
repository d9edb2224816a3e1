"""The text of the document, of which each path and each component is read when it is first asked for.

It is JSON in which each of them has a line of its own, so that they are found without reading them.
"""

from __future__ import annotations

import json
from typing import Any

Schema = dict[str, Any]  # a schema holds JSON values


class Parts:
    """The parts of the document, by what refers to them, such as `#/components/schemas/User`.

    Args:
        text: The document as JSON.

    Attributes:
        text: The same.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._lines: dict[str, bytes] = {}
        self._read: dict[str, Any] = {}  # JSON values
        within = ["#"]
        for line in text.splitlines()[1:-1]:
            name, _, value = line.partition(b'":')
            if not value:
                within.pop()
            elif value == b"{":
                within.append(name[1:].decode())
            else:
                self._lines[f"{'/'.join(within)}/{name[1:].decode()}"] = value

    def __getitem__(self, reference: str) -> Any:  # a JSON value
        if reference not in self._read:
            self._read[reference] = json.loads(self._lines[reference].rstrip(b","))
        return self._read[reference]

    def names(self, section: str) -> list[str]:
        """Return the names of the parts in a section, such as `#/paths`."""
        start = f"{section}/"
        return [reference.removeprefix(start) for reference in self._lines if reference.startswith(start)]

    def find(self, section: str, text: str) -> str | None:
        """Return the name of the first part of a section whose JSON holds a text."""
        sought = text.encode()
        return next((name for name in self.names(section) if sought in self._lines[f"{section}/{name}"]), None)

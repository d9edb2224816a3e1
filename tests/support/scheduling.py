"""Which worker runs which tests, and when."""

from __future__ import annotations

from zlib import crc32

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # pytest-xdist has no py.typed

CHUNKS = 16


class InChunks(LoadGroupScheduling):  # type: ignore[misc]  # see above
    """Hands out the tests of a file in a few chunks, and those of a group as one.

    pytest-xdist would hand out each test that is in no group by itself. What that costs grows with the square of their
    number.
    """

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        if scope != nodeid:
            return scope
        return f"{nodeid.partition('::')[0]} {crc32(nodeid.encode()) % CHUNKS}"


def grouped_first(items: list[pytest.Item]) -> None:
    """Put tests of a group first: what they share takes long to make, and would be waited for at the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


__all__ = ["InChunks", "grouped_first"]

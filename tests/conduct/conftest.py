from __future__ import annotations

import pytest

from tests.support.waits import Waits


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """Has the clients of a test wait for no time, and records what they were to wait."""
    return Waits.put_in_place(monkeypatch)

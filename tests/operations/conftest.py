from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk import _json
from clerk_generated._runtime import decoding
from tests.operations.service import Service


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture(params=["orjson", "json"])
def each_json_library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decode with the extra `speed`, and without."""
    monkeypatch.setattr(_json, "MUCH", 0)
    if request.param == "json":
        monkeypatch.setattr(_json, "faster", lambda: None)


@pytest.fixture
def straight_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a good answer needs the tolerant second pass."""

    def refuse(*_: object) -> None:
        pytest.fail("the straight-line pass did not take a good answer")

    for decoder in vars(decoding).values():
        if isinstance(decoder, type) and "tolerate" in vars(decoder):
            monkeypatch.setattr(decoder, "tolerate", refuse)


class DriftRecords(logging.Handler):
    """Keeps what is logged on `clerk.drift`."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def drift_log() -> Iterator[list[logging.LogRecord]]:
    handler = DriftRecords()
    logger = logging.getLogger("clerk.drift")
    logger.addHandler(handler)
    yield handler.records
    logger.removeHandler(handler)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for files to send."""
    return tmp_path_factory.mktemp("uploads")

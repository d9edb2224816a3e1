"""Every benchmark runs, as small as can be. No time is asserted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.benchmark import Benchmark, Comparison, Service, Task, Unavailable
from benchmarks.catalogue import BENCHMARKS
from benchmarks.profiling import PATHS, profile
from benchmarks.report import PAGE
from benchmarks.results import RESULTS
from benchmarks.sampling import sample
from benchmarks.server import serving
from tests.support.openapi import a_small_api
from tests.support.projects import a_project

CONTENDERS = [(benchmark, contender) for benchmark in BENCHMARKS for contender in benchmark.contenders]
USERS = 20


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving(USERS) as running:
        yield running


@pytest.mark.parametrize(
    ("benchmark", "contender"), CONTENDERS, ids=[f"{benchmark.name}-{name}" for benchmark, name in CONTENDERS]
)
def test_contender_runs(benchmark: Benchmark, contender: str, service: Service, tmp_path: Path) -> None:
    tree = a_project(tmp_path, a_small_api()).root
    try:
        value = sample(benchmark, contender, Task(benchmark.smallest, service, tree))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert math.isfinite(value)
    assert value > 0 or benchmark.comparison is Comparison.NONE


@pytest.mark.parametrize("name", PATHS)
def test_profile_runs(name: str, service: Service) -> None:
    found = profile(name, 0.1, service)
    assert found.microseconds > 0
    assert found.samples >= 100
    assert 0.8 < sum(found.packages.values()) < 1.01
    assert any(name.startswith("clerk") for name in found.packages)


def test_command_line_runs_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    before = [path.read_bytes() if path.exists() else None for path in (PAGE, RESULTS)]
    assert main(["--smallest", "--only", "import-httpx"]) == 0
    printed = capsys.readouterr()
    assert "Modules of httpx" in printed.out
    assert "<= 0 modules" in printed.out
    assert "round 1 of 1: import-httpx" in printed.err
    assert [path.read_bytes() if path.exists() else None for path in (PAGE, RESULTS)] == before

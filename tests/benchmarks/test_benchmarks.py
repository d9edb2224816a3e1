"""Every benchmark runs, as small as can be. No time is asserted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.__main__ import main
from benchmarks.benchmark import BENCHMARKS, Benchmark, Contender
from benchmarks.measuring import measure
from benchmarks.report import PAGE
from benchmarks.results import RESULTS
from benchmarks.server import Service, serving

PAIRS = [(benchmark, contender) for benchmark in BENCHMARKS for contender in benchmark.contenders]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving(20) as running:
        yield running


@pytest.mark.parametrize(
    ("benchmark", "contender"), PAIRS, ids=[f"{benchmark.name}-{contender.name}" for benchmark, contender in PAIRS]
)
def test_contender_runs(benchmark: Benchmark, contender: Contender, service: Service) -> None:
    if not contender.is_installed:
        pytest.skip(f"{contender.needs} is not installed")
    assert measure(benchmark, contender, service, count=1, turns=1) > 0


def test_failure_says_which_contender_failed(service: Service) -> None:
    benchmark = BENCHMARKS[0]
    with pytest.raises(RuntimeError, match=rf"(?s)^{benchmark.name}, nobody:\n.*ValueError"):
        measure(benchmark, Contender("nobody", "nowhere.nothing"), service, count=1, turns=1)


def test_command_line_runs_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    before = [path.read_bytes() if path.exists() else None for path in (PAGE, RESULTS)]
    assert main(["--quick", "--only", "import"]) == 0
    printed = capsys.readouterr()
    assert "times import httpx" in printed.out
    assert "1: import, clerk-client" in printed.err
    assert [path.read_bytes() if path.exists() else None for path in (PAGE, RESULTS)] == before

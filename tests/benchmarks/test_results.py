"""What was measured is told as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import report, running
from benchmarks.benchmark import CLERK, CLERK_SPEED, OFFICIAL, Benchmark, Comparison, Goal, Service, Task, Unavailable
from benchmarks.catalogue import BENCHMARKS
from benchmarks.charts import CHARTS, Chart, draw
from benchmarks.profiling import Profile
from benchmarks.report import BEGIN, END, PAGE, as_markdown, as_text, table, write
from benchmarks.results import RESULTS, Results, Spread


def a_benchmark(comparison: Comparison = Comparison.RATIO, *goals: Goal) -> Benchmark:
    return Benchmark(
        name="decode-many",
        title="Decoding",
        unit="ms",
        contenders={name: lambda _: 1.0 for name in ("json.loads", CLERK, CLERK_SPEED, OFFICIAL)},
        goals=goals or (Goal(CLERK, 2.0),),
        comparison=comparison,
        baseline="json.loads",
    )


def some_results(clerk: list[float]) -> Results:
    samples = {"json.loads": [1.0, 2.0, 4.0], CLERK: clerk, OFFICIAL: [5.0, 10.0, 24.0]}
    return Results({"Python": "3"}, {"decode-many": samples}, {"decode-many": {CLERK_SPEED: "no orjson"}})


def full_results() -> Results:
    samples = {benchmark.name: {name: [1.0, 2.0] for name in benchmark.contenders} for benchmark in BENCHMARKS}
    profiles = {"One call": Profile(1000.0, 10, {"httpx": 0.7, "clerk": 0.3}, {"httpx._client: send": 0.7}, 0.05)}
    return Results({"Python": "3"}, samples, {}, profiles)


@pytest.mark.parametrize(
    ("comparison", "compared", "limit", "is_met"),
    [
        (Comparison.RATIO, 3.0, 3.0, True),
        (Comparison.RATIO, 3.0, 2.9, False),
        (Comparison.DIFFERENCE, 4.0, 4.0, True),
        (Comparison.DIFFERENCE, 4.0, 3.0, False),
        (Comparison.SPEEDUP, 1 / 3, 0.3, True),
        (Comparison.SPEEDUP, 1 / 3, 0.4, False),
        (Comparison.NONE, 6.0, 6.0, True),
        (Comparison.NONE, 6.0, 5.0, False),
    ],
)
def test_comparison(comparison: Comparison, compared: float, limit: float, is_met: bool) -> None:
    assert comparison.apply(6.0, 2.0) == pytest.approx(compared)
    assert comparison.is_met(comparison.apply(6.0, 2.0), limit) is is_met


def test_each_value_is_compared_with_the_baseline_of_its_round() -> None:
    results = some_results([3.0, 4.0, 4.0])
    assert results.value(a_benchmark(), CLERK) == Spread(4.0, 3.5, 4.0)
    assert results.compared(a_benchmark(), CLERK) == Spread(2.0, 1.5, 2.5)


@pytest.mark.parametrize(
    ("goal", "target", "verdict"),
    [
        (Goal(CLERK, 1.9), "<= 1.90x", "missed"),
        (Goal(CLERK, 2.0), "<= 2.00x", "met"),
        (Goal(CLERK, 2.5, 1.5), "<= 2.50x (stretch 1.50x)", "met"),
        (Goal(CLERK, 2.5, 2.0), "<= 2.50x (stretch 2.00x)", "met, stretch too"),
    ],
)
def test_line_tells_target_result_and_verdict(
    goal: Goal, target: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "REASONS", {})
    (line,) = table(some_results([3.0, 4.0, 4.0]), [a_benchmark(Comparison.RATIO, goal)])
    assert line == ("Decoding", target, "2.00x (1.50 to 2.50)", "5.00x", verdict, "")


def test_reason_is_told_of_a_missed_goal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "REASONS", {("decode-many", CLERK): "gravity"})
    goals = Goal(CLERK, 1.0), Goal(CLERK, 9.0)
    missed, met = table(some_results([3.0, 4.0, 4.0]), [a_benchmark(Comparison.RATIO, *goals)])
    assert (missed.verdict, missed.reason) == ("missed", "gravity")
    assert (met.verdict, met.reason) == ("met", "")


def test_what_could_not_be_measured_says_why() -> None:
    (line,) = table(some_results([1.0, 1.0, 1.0]), [a_benchmark(Comparison.RATIO, Goal(CLERK_SPEED, 1.0))])
    assert line[2:] == ("not measured", "", "none", "no orjson")
    assert "not measured: no orjson" in as_markdown(some_results([1.0, 1.0, 1.0]))


def test_nothing_is_compared_with_a_baseline_that_was_not_measured() -> None:
    results = Results({}, {"decode-many": {CLERK: [1.0]}})
    assert results.compared(a_benchmark(), CLERK) is None


def test_table_for_a_terminal_has_columns() -> None:
    headings, line = as_text(some_results([3.0, 4.0, 4.0]), [a_benchmark()]).splitlines()
    assert headings.index("Result") == line.index("2.00x (1.50 to 2.50)")


def test_results_survive_their_file(tmp_path: Path) -> None:
    results = full_results()
    results.dump(tmp_path / "results.json")
    assert Results.load(tmp_path / "results.json") == results


def test_page_keeps_what_is_around_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}stale\n{END}after\n")
    for _ in range(2):
        write(full_results(), page)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}")
    assert text.endswith(f"{END}after\n")
    assert text.count("### One call") == 1
    assert "stale" not in text
    for chart in CHARTS:
        assert f"(performance/{chart.name}.svg)" in text
        assert (tmp_path / "performance" / f"{chart.name}.svg").exists()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_chart_is_svg_that_names_who_is_compared(chart: Chart) -> None:
    drawn = ET.fromstring(draw(chart, full_results()))
    assert drawn.tag.endswith("svg")
    assert any(CLERK in text for text in drawn.itertext())
    assert ET.fromstring(draw(chart, Results({}))).tag.endswith("svg")


def test_page_tells_the_results_that_are_kept() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    told, _, _ = rest.partition(END)
    expected = as_markdown(Results.load(RESULTS)) if RESULTS.exists() else ""
    assert told.strip() == expected.strip()


def test_rounds_take_turns_and_leave_out_who_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def sample(benchmark: Benchmark, contender: str, task: Task) -> float:
        asked.append(contender)
        if contender == OFFICIAL:
            raise Unavailable("not installed")
        return float(len(asked))

    monkeypatch.setattr(running, "sample", sample)
    benchmark, results = replace(a_benchmark(), rounds=2), Results({})
    for number in range(3):
        running.run_round(benchmark, Task(1, Service("", "", "", 0)), number, results)
    assert asked == ["json.loads", CLERK, CLERK_SPEED, OFFICIAL, CLERK, CLERK_SPEED, "json.loads"]
    assert results.samples == {"decode-many": {"json.loads": [1.0, 7.0], CLERK: [2.0, 5.0], CLERK_SPEED: [3.0, 6.0]}}
    assert results.unavailable == {"decode-many": {OFFICIAL: "not installed"}}

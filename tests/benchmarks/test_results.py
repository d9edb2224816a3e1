"""What was measured is told as it was."""

from __future__ import annotations

import textwrap
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import measuring, report, results
from benchmarks.benchmark import BENCHMARKS, CHARTS, Benchmark, Contender
from benchmarks.measuring import Turn
from benchmarks.report import BEGIN, END, PAGE, as_markdown, as_text, draw, rows, write
from benchmarks.results import RESULTS, Outcome, Results, run
from tests.support.garbage import collected

NOTHING = "nowhere.nothing"


def costing(*costs: float) -> Turn:
    left = iter(costs)
    return lambda: next(left)


def a_benchmark(goal: float | None = None, stretch: float | None = None) -> Benchmark:
    contender = Contender("clerk-client", NOTHING, goal=goal, stretch=stretch)
    return Benchmark("decode", "Decoding", "decoding", Contender("json.loads", NOTHING), (contender,))


def full_results() -> Results:
    ratios = {one.name: {who.name: [0.9, 1.1, 1.0] for who in one.contenders} for one in BENCHMARKS}
    return Results({"Python": "3"}, ratios)


def test_turns_are_compared_one_by_one_and_the_first_does_not_count() -> None:
    # While the machine is slow, both are: the ratios of the turns are 2, 3 and 4.
    with collected():  # it collects garbage before each turn: only its own
        assert measuring.ratio(costing(100, 1, 10, 1), costing(1, 2, 30, 4), 3) == 3


@pytest.mark.parametrize(
    ("ratios", "goal", "stretch", "verdict"),
    [
        ((1.0, 1.1, 1.2), 1.2, None, "met"),
        ((1.0, 1.1, 1.2), 1.1, None, "can't tell"),
        ((1.0, 1.1, 1.2), 0.9, None, "missed"),
        ((1.0, 1.1, 1.2), 1.5, 1.2, "met, stretch too"),
        ((1.0, 1.1, 1.2), 1.5, 1.1, "met"),
        ((1.0, 1.1, 1.2), None, None, ""),
    ],
)
def test_a_goal_is_met_or_missed_only_where_the_interval_lies_on_one_side(
    ratios: tuple[float, ...], goal: float | None, stretch: float | None, verdict: str
) -> None:
    assert Outcome.of(ratios).verdict(Contender("clerk-client", NOTHING, goal=goal, stretch=stretch)) == verdict


@pytest.mark.parametrize(("processes", "left_out"), [(1, 0), (7, 0), (15, 2), (21, 4)])
def test_the_interval_of_many_processes_leaves_out_the_ends(processes: int, left_out: int) -> None:
    outcome = Outcome.of(range(processes))
    assert (outcome.low, outcome.high) == (left_out, processes - 1 - left_out)


def test_goals_that_cannot_be_told_are_measured_by_more_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    goals = {"met": 2.0, "near": 1.0, "without": None}
    contenders = tuple(Contender(name, NOTHING, goal=goal) for name, goal in goals.items())
    seen: dict[str, list[tuple[int, int]]] = {name: [] for name in goals}

    def measure(
        benchmark: Benchmark, contender: Contender, service: None, count: int, turns: int, process: int
    ) -> float:
        seen[contender.name].append((turns, process))
        return 0.9 + process % 3 / 10

    monkeypatch.setattr(results, "serving", nullcontext)
    monkeypatch.setattr(results, "measure", measure)
    found = run([replace(a_benchmark(), contenders=contenders)], print)
    assert seen["met"] == [(9, process) for process in range(7)]
    assert seen["near"] == [(9, process) for process in range(15)]
    assert seen["without"] == [(3, process) for process in range(3)]
    assert found.ratios["decode"]["without"] == [0.9, 1.0, 1.1]


def test_a_row_tells_the_interval_and_what_the_ratio_is_to() -> None:
    results = Results({}, {"decode": {"clerk-client": [2.0, 1.5, 2.5]}})
    (row,) = rows(results, [a_benchmark(3.0, 1.0)])
    assert row == ("Decoding", "clerk-client", "2.00 times json.loads (1.50 to 2.50)", "3 (stretch 1)", "met")


def test_what_could_not_be_measured_says_so() -> None:
    (row,) = rows(Results({}, {}), [a_benchmark(3.0)])
    assert row == ("Decoding", "clerk-client", "not measured", "3", "")


def test_table_for_a_terminal_has_columns() -> None:
    headings, line = as_text(Results({}, {"decode": {"clerk-client": [2.0]}}), [a_benchmark()]).splitlines()
    assert headings.index("Cost") == line.index("2.00 times")


def test_results_survive_their_file(tmp_path: Path) -> None:
    full_results().dump(tmp_path / "results.json")
    assert Results.load(tmp_path / "results.json") == full_results()


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ((1.1, 1.2, 1.3), "1.20 times httpx + json.loads: 20% more"),
        ((0.7, 0.8, 0.9), "0.80 times httpx + json.loads: 20% less"),
        ((0.9, 1.02, 1.1), "1.02 times httpx + json.loads: about the same"),
        ((2.9, 3.0, 3.1), "3.00 times httpx + json.loads"),
    ],
)
def test_page_begins_with_what_users_ask(ratios: tuple[float, ...], said: str) -> None:
    page = as_markdown(Results({}, {"call": {"clerk-client": [*ratios]}}))
    assert page.startswith("### What does it cost me?\n")
    assert f"| Get one user | {said} |\n" in page


def test_every_question_is_answered_by_the_client_itself() -> None:
    for benchmark in BENCHMARKS:
        assert not benchmark.asked or benchmark.contenders[0].name in ("clerk-client", "LocalClerk")


def test_a_missed_goal_says_what_it_means() -> None:
    page = as_markdown(Results({}, {"call": {"clerk-client": [1.3, 1.4]}, "held": {"clerk-client": [0.5]}}))
    (miss,) = [line for line in page.splitlines() if line.startswith("**Missed")]
    assert miss.startswith(
        "**Missed: One user, clerk-client.** 1.35 times httpx + json.loads, where 1.15 was the goal. This is the CPU"
    )
    for benchmark in BENCHMARKS:
        assert benchmark.means or all(contender.goal is None for contender in benchmark.contenders)


def test_a_missed_goal_names_its_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    contenders = (Contender("clerk-client", NOTHING, goal=1.0, floor="a bare loop"), Contender("a bare loop", NOTHING))
    decoding = replace(a_benchmark(), contenders=contenders, means="It matters.")
    monkeypatch.setattr(report, "BENCHMARKS", [decoding])
    page = as_markdown(Results({}, {"decode": {"clerk-client": [1.3, 1.4], "a bare loop": [1.1, 1.2]}}))
    (miss,) = [line for line in page.splitlines() if line.startswith("**Missed")]
    assert miss == (
        "**Missed: Decoding, clerk-client.** 1.35 times json.loads, where 1 was the goal. "
        "The least that it could take is 1.15 times, for a bare loop. It matters."
    )


def test_every_floor_is_a_contender_without_a_goal_beside_the_one_that_names_it() -> None:
    for benchmark in BENCHMARKS:
        without = {contender.name for contender in benchmark.contenders if contender.goal is None}
        assert {contender.floor for contender in benchmark.contenders} <= {"", *without}


def test_page_keeps_what_is_around_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}stale\n{END}after\n")
    for _ in range(2):
        write(full_results(), page)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}")
    assert text.endswith(f"{END}after\n")
    assert text.count("### Decoding and memory") == 1
    assert "stale" not in text
    named = set(CHARTS) & {benchmark.chart for benchmark in BENCHMARKS}
    assert {benchmark.chart for benchmark in BENCHMARKS} == named
    for chart in named:
        for theme in ("light", "dark"):
            assert f"(performance/{chart}-{theme}.svg#only-{theme})" in text
            assert (tmp_path / "performance" / f"{chart}-{theme}.svg").exists()


def test_a_chart_is_the_same_each_time_and_names_who_is_compared(tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg"):
        draw("decoding", "dark", full_results(), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    texts = " ".join("".join(ET.fromstring((tmp_path / "one.svg").read_text()).itertext()).split())
    shown = [benchmark for benchmark in BENCHMARKS if benchmark.chart == "decoding"]
    for row in rows(full_results(), shown):
        assert all(line in texts for line in textwrap.wrap(row.what, 72))
        assert f"{row.who}: {row.ratio}" in texts


def test_page_tells_the_results_that_are_kept() -> None:
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    told, _, _ = rest.partition(END)
    assert told.strip() == as_markdown(Results.load(RESULTS)).strip()

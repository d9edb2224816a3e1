"""Puts results into tables, for the terminal and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .benchmark import CLERK, OFFICIAL, ROOT, Benchmark, Comparison, Goal
from .catalogue import BENCHMARKS
from .charts import CHARTS, draw
from .profiling import Profile
from .reasons import REASONS
from .results import Results, Spread

PAGE = ROOT / "docs" / "performance.md"
CHART_FOLDER = PAGE.with_suffix("")
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"


class Line(NamedTuple):
    """A line of the table: one goal."""

    what: str
    target: str
    result: str
    official: str
    verdict: str
    reason: str


HEADINGS = Line("What", "Target", "Result", "Official SDK", "Verdict", "Why it is missed")


def table(results: Results, benchmarks: Iterable[Benchmark] = BENCHMARKS) -> list[Line]:
    """Return the lines of the table, without the headings."""
    return [_line(results, benchmark, goal) for benchmark in benchmarks for goal in benchmark.goals]


def as_text(results: Results, benchmarks: Iterable[Benchmark]) -> str:
    """Return the table for a terminal."""
    lines = [HEADINGS, *table(results, benchmarks)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def as_markdown(results: Results) -> str:
    """Return what docs/performance.md says about results."""
    lines = table(results)
    met = sum(line.verdict.startswith("met") for line in lines)
    parts = [
        f"Of {len(lines)} goals, {met} are met. A result is the median over the rounds, the quartiles beside it.\n",
        _markdown_table(HEADINGS, lines),
        *(f"![{chart.title}]({CHART_FOLDER.name}/{chart.name}.svg)\n" for chart in CHARTS),
        "## All that was measured\n",
        "".join(f"- {name}: {text}\n" for name, text in results.setting.items()),
        _markdown_table(("What", "Contender", "Value", "Compared"), list(_values(results))),
        "## Where the time goes\n",
        *(_profile(name, profile) for name, profile in results.profiles.items()),
    ]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def write(results: Results, page: Path = PAGE) -> None:
    """Write results into docs/performance.md, between its markers, and draw the charts beside it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{as_markdown(results)}\n{END}{after}", encoding="utf-8")
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    for chart in CHARTS:
        (folder / f"{chart.name}.svg").write_text(draw(chart, results), encoding="utf-8")


def _line(results: Results, benchmark: Benchmark, goal: Goal) -> Line:
    spread = results.compared(benchmark, goal.contender)
    official = results.compared(benchmark, OFFICIAL)
    what = benchmark.title if goal.contender in (CLERK, "wall") else f"{benchmark.title}: {goal.contender}"
    sign = ">=" if benchmark.comparison is Comparison.SPEEDUP else "<="
    target = f"{sign} {_format(benchmark, goal.limit)}"
    if goal.stretch is not None:
        target += f" (stretch {_format(benchmark, goal.stretch)})"
    if spread is None:
        why_not = results.unavailable.get(benchmark.name, {}).get(goal.contender, "")
        return Line(what, target, "not measured", "", "none", why_not)
    verdict = _verdict(benchmark, goal, spread)
    return Line(
        what,
        target,
        _format_spread(benchmark, spread),
        "" if official is None else _format(benchmark, official.median),
        verdict,
        REASONS.get((benchmark.name, goal.contender), "") if verdict == "missed" else "",
    )


def _verdict(benchmark: Benchmark, goal: Goal, spread: Spread) -> str:
    if not benchmark.comparison.is_met(spread.median, goal.limit):
        return "missed"
    if goal.stretch is not None and benchmark.comparison.is_met(spread.median, goal.stretch):
        return "met, stretch too"
    return "met"


def _values(results: Results) -> Iterator[tuple[str, str, str, str]]:
    for benchmark in BENCHMARKS:
        for contender in benchmark.contenders:
            value, compared = results.value(benchmark, contender), results.compared(benchmark, contender)
            if value is None or compared is None:
                why_not = results.unavailable.get(benchmark.name, {}).get(contender, "")
                yield benchmark.title, contender, f"not measured: {why_not}", ""
                continue
            text = f"{_number(value.median)} {benchmark.unit} ({_number(value.low)} to {_number(value.high)})"
            is_compared = benchmark.baseline not in (None, contender)
            yield benchmark.title, contender, text, _format_spread(benchmark, compared) if is_compared else ""


def _profile(name: str, profile: Profile) -> str:
    packages = [(package, f"{share:.1%}") for package, share in profile.packages.items()]
    functions = [(f"`{function}`", f"{share:.1%}") for function, share in profile.functions.items()]
    introduction = (
        f"{_number(profile.microseconds)} µs of CPU time for each call, looked at {profile.samples} times."
        f" The garbage collector's share is {profile.garbage_collection:.1%}; it is part of whatever it interrupts."
    )
    return "\n".join(
        [
            f"### {name}\n\n{introduction}\n",
            _markdown_table(("Package", "Share"), packages),
            _markdown_table(("Function, without those that it calls", "Share"), functions),
        ]
    )


def _format(benchmark: Benchmark, compared: float) -> str:
    match benchmark.comparison:
        case Comparison.RATIO:
            return f"{compared:.2f}x"
        case Comparison.SPEEDUP:
            return f"{compared:.1f}x faster"
        case Comparison.DIFFERENCE:
            return f"{compared:+.1f} {benchmark.unit}"
        case Comparison.NONE:
            return f"{_number(compared)} {benchmark.unit}"


def _format_spread(benchmark: Benchmark, spread: Spread) -> str:
    text = _format(benchmark, spread.median)
    if spread.low == spread.high:
        return text
    return f"{text} ({spread.low:.2f} to {spread.high:.2f})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


__all__ = ["PAGE", "as_markdown", "as_text", "table", "write"]

"""Writes results as tables and charts, for the terminal and for docs/performance.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .benchmark import BENCHMARKS, CHARTS, ROOT, Benchmark, Contender
from .results import CANNOT_TELL, Outcome, Results

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"
_THEMES = {"light": "#1f2328", "dark": "#e6edf3"}
_OURS, _OTHERS, _BASELINE = "#5b5bd6", "#8b949e", "#d29922"
_WIDTH = 5.6  # inches: narrow enough for the text to be readable on a phone
_LINE = 72  # characters


class Row(NamedTuple):
    """A row of the table."""

    what: str
    who: str
    ratio: str
    goal: str
    verdict: str


HEADINGS = Row("What", "Who", "Cost", "Goal", "Verdict")


def rows(results: Results, benchmarks: Iterable[Benchmark] = BENCHMARKS) -> list[Row]:
    """Return the rows of the table, without the headings."""
    return [_row(benchmark, contender, results) for benchmark in benchmarks for contender in benchmark.contenders]


def _row(benchmark: Benchmark, contender: Contender, results: Results) -> Row:
    outcome, ratio = results.outcome(benchmark, contender), "not measured"
    if outcome:
        ratio = f"{outcome.ratio:.2f} times {benchmark.baseline.name} ({outcome.low:.2f} to {outcome.high:.2f})"
    goal = "" if contender.goal is None else f"{contender.goal:g}"
    if contender.stretch is not None:
        goal += f" (stretch {contender.stretch:g})"
    return Row(benchmark.what, contender.name, ratio, goal, results.verdict(benchmark, contender))


def as_text(results: Results, benchmarks: Iterable[Benchmark]) -> str:
    """Return the table for a terminal."""
    lines = [HEADINGS, *rows(results, benchmarks)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    cells = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in cells)


def as_markdown(results: Results) -> str:
    """Return the results for docs/performance.md: what users ask first, then a chart and a table for each group."""
    verdicts = [row.verdict for row in rows(results) if row.verdict]
    met, missed, unclear = (sum(one.startswith(kind) for one in verdicts) for kind in ("met", "missed", CANNOT_TELL))
    parts = [
        "### What does it cost me?\n",
        _table(("What you do", "What it costs"), _answers(results)),
        f"Of {len(verdicts)} goals {met} are met, {missed} missed; {unclear} can't be told. All figures follow.\n",
    ]
    for chart, title in CHARTS.items():
        shown = [benchmark for benchmark in BENCHMARKS if benchmark.chart == chart]
        images = (f"![{title}](performance/{chart}-{theme}.svg#only-{theme})" for theme in _THEMES)
        parts += [f"### {title}\n", *images, "", _table(HEADINGS, rows(results, shown)), *_misses(results, shown)]
    parts += ["### The machine\n", *(f"- {name}: {text}" for name, text in results.setting.items())]
    return "\n".join(parts)


def _answers(results: Results) -> Iterator[tuple[str, str]]:
    for benchmark in BENCHMARKS:
        outcome = results.outcome(benchmark, benchmark.contenders[0])
        if benchmark.asked and outcome:
            yield benchmark.asked, f"{outcome.ratio:.2f} times {benchmark.baseline.name}{_in_words(outcome)}"


def _in_words(outcome: Outcome) -> str:
    if outcome.low <= 1 <= outcome.high:
        return ": about the same"
    share = round((outcome.ratio - 1) * 100)
    return f": {abs(share)}% {'more' if share > 0 else 'less'}" if share < 100 else ""


def _misses(results: Results, benchmarks: Iterable[Benchmark]) -> Iterator[str]:
    """Yield for each missed goal what that means for users, and the floor if it is known."""
    for benchmark in benchmarks:
        ratios = {who.name: found.ratio for who in benchmark.contenders if (found := results.outcome(benchmark, who))}
        for contender in benchmark.contenders:
            if results.verdict(benchmark, contender) == "missed":
                cost = f"{ratios[contender.name]:.2f} times {benchmark.baseline.name}"
                miss = (
                    f"**Missed: {benchmark.what}, {contender.name}.** {cost}, where {contender.goal:g} was the goal. "
                )
                if contender.floor in ratios:
                    floor = ratios[contender.floor]
                    miss += f"The least that it could take is {floor:.2f} times, for {contender.floor}. "
                yield f"{miss}{benchmark.means}\n"


def _table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in [headings, ["---"] * len(headings), *lines])


def write(results: Results, page: Path = PAGE) -> None:
    """Write results into docs/performance.md, between its markers, and draw the charts next to it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{as_markdown(results)}\n\n{END}{after}", encoding="utf-8")
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    for chart in CHARTS:
        for theme in _THEMES:
            draw(chart, theme, results, folder / f"{chart}-{theme}.svg")


def draw(chart: str, theme: str, results: Results, path: Path) -> None:
    """Draw a chart: for each row of the table a bar below its text, with whiskers for the interval, and a mark at 1."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    ink = _THEMES[theme]
    style: dict[Any, object] = {"svg.fonttype": "none", "svg.hashsalt": "clerk", "font.size": 10}  # keys are literals
    style |= dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), ink)
    with mpl.rc_context(style):
        figure = Figure(layout="constrained")
        axes = figure.subplots()
        place, longest = -1, 0.0
        for words, outcome, color in _bars(chart, results):
            for text, weight in words:
                place += 1
                axes.text(0.01, place, text, transform=axes.get_yaxis_transform(), va="center", weight=weight)
            place += 1
            whiskers = [[outcome.ratio - outcome.low], [outcome.high - outcome.ratio]]
            axes.barh(place, outcome.ratio, xerr=whiskers, color=color, ecolor=ink)
            axes.plot([1, 1], [place - 0.5, place + 0.5], color=_BASELINE)
            longest = max(longest, outcome.ratio)
        axes.set_yticks([])
        axes.set_ylim(place + 0.7, -0.7)
        if longest > 10:
            axes.set_xscale("log")
        axes.spines[["top", "right"]].set_visible(False)
        figure.set_size_inches(_WIDTH, 0.26 * place + 0.8)
        figure.savefig(path, transparent=True, metadata={"Date": None})


def _bars(chart: str, results: Results) -> Iterator[tuple[list[tuple[str, str]], Outcome, str]]:
    """Yield the bars of a chart: the lines of text above each, with their weights, what was measured, and its color."""
    for benchmark in BENCHMARKS:
        words = [(line, "bold") for line in textwrap.wrap(benchmark.what, _LINE)]
        for contender in benchmark.contenders:
            outcome = results.outcome(benchmark, contender)
            if benchmark.chart == chart and outcome:
                text = f"{contender.name}: {_row(benchmark, contender, results).ratio}"
                words += [(line, "normal") for line in textwrap.wrap(text, _LINE)]
                yield words, outcome, _OURS if contender.name.startswith(("clerk-client", "LocalClerk")) else _OTHERS
                words = []

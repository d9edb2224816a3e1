"""Writes results as tables and charts, for the terminal and for docs/performance.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .benchmark import CANNOT_TELL, ROOT, Benchmark, Contender, Outcome
from .catalogue import BENCHMARKS
from .results import Results

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"
CHARTS = {
    "starting": "What a new process pays",
    "calling": "Calls over loopback",
    "decoding": "Decoding and memory",
    "paging": "Long lists, page by page",
    "identity": "Tokens and webhooks",
    "testing": "Tests with LocalClerk",
}
_THEMES = {"light": "#1f2328", "dark": "#e6edf3"}
_OURS, _OTHERS, _BASELINE = "#5b5bd6", "#8b949e", "#d29922"
_WIDTH = 5.6  # inches
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
    return [
        _row(benchmark, contender, results.outcome(benchmark, contender))
        for benchmark in benchmarks
        for contender in benchmark.contenders
    ]


def _row(benchmark: Benchmark, contender: Contender, outcome: Outcome | None) -> Row:
    goal = "" if contender.goal is None else f"{contender.goal:g}"
    if contender.stretch is not None:
        goal += f" (stretch {contender.stretch:g})"
    if outcome is None:
        return Row(benchmark.what, contender.name, "not measured", goal, "")
    ratio = f"{outcome.ratio:.2f} times {benchmark.baseline[0]} ({outcome.low:.2f} to {outcome.high:.2f})"
    return Row(benchmark.what, contender.name, ratio, goal, outcome.verdict(contender))


def as_text(results: Results, benchmarks: Iterable[Benchmark]) -> str:
    """Return the table for a terminal."""
    lines = [HEADINGS, *rows(results, benchmarks)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def as_markdown(results: Results) -> str:
    """Return the results for docs/performance.md: what users ask first, then a chart and a table for each group."""
    parts = ["### What does it cost me?\n", _table(("What you do", "What it costs"), _answers(results))]
    verdicts = [row.verdict for row in rows(results) if row.verdict]
    met, unclear = sum(verdict.startswith("met") for verdict in verdicts), verdicts.count(CANNOT_TELL)
    goals = f"Of {len(verdicts)} goals {met} are met, {verdicts.count('missed')} missed; {unclear} can't be told."
    parts += [f"{goals} All figures follow.\n"]
    for chart, title in CHARTS.items():
        shown = [benchmark for benchmark in BENCHMARKS if benchmark.chart == chart]
        if not shown:
            continue
        images = (f"![{title}](performance/{chart}-{theme}.svg#only-{theme})" for theme in _THEMES)
        parts += [f"### {title}\n", *images, "", _table(HEADINGS, rows(results, shown))]
        parts += [f"{line}\n" for line in _misses(results, shown)]
    parts += ["### The machine\n", *(f"- {name}: {text}" for name, text in results.setting.items())]
    return "\n".join(parts)


def _answers(results: Results) -> Iterator[tuple[str, str]]:
    for benchmark in BENCHMARKS:
        contender = benchmark.contenders[0]
        outcome = results.outcome(benchmark, contender)
        if benchmark.asked and outcome:
            ratio = f"{outcome.ratio:.2f} times {benchmark.baseline[0]}"
            yield benchmark.asked, ratio + _in_words(outcome)


def _in_words(outcome: Outcome) -> str:
    if outcome.low <= 1 <= outcome.high:
        return ": about the same"
    share = round((outcome.ratio - 1) * 100)
    return f": {abs(share)}% {'more' if share > 0 else 'less'}" if share < 100 else ""


def _misses(results: Results, benchmarks: Iterable[Benchmark]) -> Iterator[str]:
    """Yield for each missed goal what that means for users."""
    for benchmark in benchmarks:
        for contender in benchmark.contenders:
            outcome = results.outcome(benchmark, contender)
            if outcome and outcome.verdict(contender) == "missed":
                figures = f"{outcome.ratio:.2f} times {benchmark.baseline[0]}, where {contender.goal:g} was the goal"
                floor = _floor(benchmark, contender, results)
                yield f"**Missed: {benchmark.what}, {contender.name}.** {figures}. {floor}{benchmark.means}"


def _floor(benchmark: Benchmark, contender: Contender, results: Results) -> str:
    for other in benchmark.contenders:
        outcome = results.outcome(benchmark, other)
        if other.name == contender.floor and outcome:
            return f"The least that it could take is {outcome.ratio:.2f} times, for {other.name}. "
    return ""


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
    shown = [benchmark for benchmark in BENCHMARKS if benchmark.chart == chart]
    bars = list(_bars(shown, results))
    if not bars:
        return
    import matplotlib as mpl
    from matplotlib.figure import Figure

    ink = _THEMES[theme]
    style: dict[Any, object] = {  # matplotlib types the keys
        "svg.fonttype": "none",
        "svg.hashsalt": "clerk",
        "font.size": 10,
    }
    style |= dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), ink)
    with mpl.rc_context(style):
        # Narrow enough for the text to be readable on a phone.
        figure = Figure(figsize=(_WIDTH, 0.26 * bars[-1].place + 0.8), layout="constrained")
        axes = figure.subplots()
        for bar in bars:
            low, high = bar.outcome.ratio - bar.outcome.low, bar.outcome.high - bar.outcome.ratio
            color = _OURS if bar.is_ours else _OTHERS
            axes.barh(bar.place, bar.outcome.ratio, xerr=[[low], [high]], color=color, ecolor=ink)
            axes.plot([1, 1], [bar.place - 0.5, bar.place + 0.5], color=_BASELINE)
            for line, (text, weight) in enumerate(reversed(bar.words), 1):
                at = axes.get_yaxis_transform()
                axes.text(0.01, bar.place - line, text, transform=at, va="center", weight=weight)
        axes.set_yticks([])
        axes.set_ylim(bars[-1].place + 0.7, -0.7)
        if max(bar.outcome.ratio for bar in bars) > 10:
            axes.set_xscale("log")
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, transparent=True, metadata={"Date": None})


class Bar(NamedTuple):
    """A bar of a chart.

    Attributes:
        place: The line of the bar, counted from the top.
        words: The lines of text above it, each with its weight.
        outcome: The outcome that it shows.
        is_ours: Whether it belongs to this project.
    """

    place: int
    words: list[tuple[str, str]]
    outcome: Outcome
    is_ours: bool


def _bars(benchmarks: Iterable[Benchmark], results: Results) -> Iterator[Bar]:
    place = -1
    for benchmark in benchmarks:
        words = [(line, "bold") for line in textwrap.wrap(benchmark.what, _LINE)]
        for contender in benchmark.contenders:
            outcome = results.outcome(benchmark, contender)
            if outcome is None:
                continue
            row = _row(benchmark, contender, outcome)
            words += [(line, "normal") for line in textwrap.wrap(f"{row.who}: {row.ratio}", _LINE)]
            place += len(words) + 1
            yield Bar(place, words, outcome, contender.name.startswith(("clerk-client", "LocalClerk")))
            words = []


__all__ = ["PAGE", "as_markdown", "as_text", "draw", "rows", "write"]

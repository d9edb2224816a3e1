"""Puts results into tables and charts, for the terminal and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .benchmark import ROOT, Benchmark, Contender, Outcome
from .catalogue import BENCHMARKS
from .results import Results

PAGE = ROOT / "docs" / "performance.md"
NO_RUN = "No run of this version has been published yet."
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


class Row(NamedTuple):
    """A line of the table."""

    what: str
    who: str
    ratio: str
    goal: str
    verdict: str


HEADINGS = Row("What", "Who", "Cost", "Goal", "Verdict")


def rows(results: Results, benchmarks: Iterable[Benchmark] = BENCHMARKS) -> list[Row]:
    """Return the lines of the table, without the headings."""
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
    """Return what docs/performance.md says about results: a chart and a table for each group."""
    verdicts = [row.verdict for row in rows(results) if row.verdict]
    met, unclear = sum(verdict.startswith("met") for verdict in verdicts), verdicts.count("can't tell")
    parts = [f"Of {len(verdicts)} goals {met} are met, {verdicts.count('missed')} missed; {unclear} can't be told.\n"]
    for chart, title in CHARTS.items():
        shown = [benchmark for benchmark in BENCHMARKS if benchmark.chart == chart]
        if not shown:
            continue
        images = (f"![{title}](performance/{chart}-{theme}.svg#only-{theme})" for theme in _THEMES)
        parts += [f"### {title}\n", *images, "", _table(HEADINGS, rows(results, shown))]
    parts += ["### The machine\n", *(f"- {name}: {text}" for name, text in results.setting.items())]
    return "\n".join(parts)


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in [headings, ["---"] * len(headings), *lines])


def write(results: Results, page: Path = PAGE) -> None:
    """Write results into docs/performance.md, between its markers, and draw the charts beside it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{as_markdown(results)}\n\n{END}{after}", encoding="utf-8")
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    for chart in CHARTS:
        for theme in _THEMES:
            draw(chart, theme, results, folder / f"{chart}-{theme}.svg")


def draw(chart: str, theme: str, results: Results, path: Path) -> None:
    """Draw a chart: a bar for each contender, whiskers for its interval, a line at 1 for the baseline."""
    bars = [
        (f"{benchmark.what}\n{contender.name}, times {benchmark.baseline[0]}", contender, outcome)
        for benchmark in BENCHMARKS
        if benchmark.chart == chart
        for contender in benchmark.contenders
        if (outcome := results.outcome(benchmark, contender))
    ]
    if not bars:
        return
    import matplotlib as mpl
    from matplotlib.figure import Figure

    ink = _THEMES[theme]
    style: dict[Any, object] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "clerk",
        "font.size": 9,
    }  # keys that matplotlib types
    style |= dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), ink)
    with mpl.rc_context(style):
        figure = Figure(figsize=(9, 0.55 * len(bars) + 0.6), layout="constrained")
        axes = figure.subplots()
        ratios = [outcome.ratio for _, _, outcome in bars]
        axes.barh(
            range(len(bars)),
            ratios,
            color=[_OURS if contender.name.startswith("clerk-client") else _OTHERS for _, contender, _ in bars],
            xerr=[
                [outcome.ratio - outcome.low for _, _, outcome in bars],
                [outcome.high - outcome.ratio for _, _, outcome in bars],
            ],
            ecolor=ink,
        )
        axes.axvline(1, color=_BASELINE)
        axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
        axes.invert_yaxis()
        axes.set_xscale("log" if max(ratios) > 10 else "linear")
        axes.spines[["top", "right"]].set_visible(False)
        for place, ratio in enumerate(ratios):
            axes.annotate(f" {ratio:.2f}", (ratio, place), xytext=(8, -3), textcoords="offset points")
        figure.savefig(path, transparent=True, metadata={"Date": None})


__all__ = ["PAGE", "as_markdown", "as_text", "draw", "rows", "write"]

"""Draws results as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from .benchmark import CLERK, CLERK_AIOHTTP, CLERK_SPEED, OFFICIAL, Benchmark, Comparison
from .catalogue import BENCHMARKS, CLERK_CALL_LOADED, CLERK_TASKS, CLERK_THREADS
from .results import Results, Spread

WIDTH = 720
_LABEL = 230
_PLOT = WIDTH - _LABEL - 90
_ROW = 22
_OURS, _THEIRS, _REFERENCE = "#3949ab", "#e07b39", "#9aa0a6"
_COLOURS = {
    CLERK: _OURS,
    CLERK_SPEED: _OURS,
    CLERK_AIOHTTP: _OURS,
    CLERK_CALL_LOADED: _OURS,
    CLERK_TASKS: _OURS,
    CLERK_THREADS: _OURS,
    OFFICIAL: _THEIRS,
}


@dataclass(frozen=True)
class Chart:
    """Bars for the contenders of some benchmarks.

    Attributes:
        name: The file's name without its ending.
        title: What it shows.
        benchmarks: The names of the benchmarks; none for the overview of all ratios.
    """

    name: str
    title: str
    benchmarks: tuple[str, ...] = ()


CHARTS = (
    Chart("overview", "How many times the baseline each takes"),
    Chart("starting", "Until the first call can be made", ("ready-cpu", "import-cpu", "ready-memory")),
    Chart("decoding", "Decoding", ("decode-many", "decode-one", "memory-many")),
    Chart("calling", "Calls over loopback", ("call-one", "call-many", "call-async")),
    Chart("paging", "All users, page by page", ("paging-cpu", "paging-wall-10", "paging-wall-500")),
)


def draw(chart: Chart, results: Results) -> str:
    """Return a chart as SVG."""
    named = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    drawing = _Drawing(chart.title)
    if chart.benchmarks:
        for name in chart.benchmarks:
            _draw_bars(drawing, named[name], results)
    else:
        _draw_overview(drawing, results)
    return drawing.text()


class _Drawing:
    """Shapes from the top down."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shapes: list[str] = []
        self.y = 6
        self.write(12, title, size=15, bold=True)
        self.y = 38

    def write(
        self, x: float, text: str, *, size: int = 12, bold: bool = False, anchor: str = "start", colour: str = "#202124"
    ) -> None:
        weight = ' font-weight="600"' if bold else ""
        self._shapes.append(
            f'<text x="{x:.1f}" y="{self.y + 16}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}>'
            f"{escape(text)}</text>"
        )

    def line(self, x: float, top: float, bottom: float, colour: str, width: float = 1) -> None:
        self._shapes.append(f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{colour}" stroke-width="{width}"/>')

    def bar(self, x: float, width: float, colour: str) -> None:
        self._shapes.append(
            f'<rect x="{x:.1f}" y="{self.y + 5}" width="{max(width, 1):.1f}" height="14" rx="2" fill="{colour}"/>'
        )

    def whisker(self, low: float, high: float) -> None:
        middle = self.y + 12
        self._shapes.append(
            f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 3}v6M{high:.1f} {middle - 3}v6"'
            ' stroke="#202124" fill="none"/>'
        )

    def dot(self, x: float, colour: str) -> None:
        self._shapes.append(f'<circle cx="{x:.1f}" cy="{self.y + 12}" r="5" fill="{colour}"/>')

    def text(self) -> str:
        height = self.y + 12
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            ' font-family="system-ui, sans-serif" role="img">\n'
            f"<title>{escape(self._title)}</title>\n"
            f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>\n'
            + "\n".join(self._shapes)
            + "\n</svg>\n"
        )


def _draw_bars(drawing: _Drawing, benchmark: Benchmark, results: Results) -> None:
    values = {contender: results.value(benchmark, contender) for contender in benchmark.contenders}
    present = {contender: value for contender, value in values.items() if value is not None}
    if not present:
        return
    drawing.write(12, f"{benchmark.title.replace('`', '')} ({benchmark.unit})", bold=True)
    drawing.y += _ROW
    scale = _PLOT / max(value.high for value in present.values())
    for contender, value in present.items():
        drawing.write(_LABEL - 8, contender, anchor="end")
        drawing.bar(_LABEL, value.median * scale, _COLOURS.get(contender, _REFERENCE))
        drawing.whisker(_LABEL + value.low * scale, _LABEL + value.high * scale)
        drawing.write(_LABEL + value.high * scale + 6, _number(value.median), size=11)
        drawing.y += _ROW
    drawing.y += 10


def _draw_overview(drawing: _Drawing, results: Results) -> None:
    rows = list(_ratios(results))
    if not rows:
        return
    ratios = [spread.median for _, _, spread, limit in rows] + [limit for *_, limit in rows if limit is not None]
    low, high = math.log2(min(*ratios, 1.0)) - 0.3, math.log2(max(*ratios, 1.0)) + 0.3

    def x(ratio: float) -> float:
        return _LABEL + 90 + (math.log2(ratio) - low) / (high - low) * (_PLOT - 60)

    top = drawing.y + _ROW
    for power in range(math.ceil(low), math.floor(high) + 1):
        drawing.write(x(2.0**power), f"{2.0**power:g}x", size=11, anchor="middle", colour="#5f6368")
        drawing.line(x(2.0**power), top, top + len(rows) * _ROW, "#202124" if power == 0 else "#e8eaed")
    drawing.y = top
    for title, contender, spread, limit in rows:
        drawing.write(_LABEL + 84, title, anchor="end", size=11)
        if limit is not None:
            drawing.line(x(limit), drawing.y + 3, drawing.y + 21, "#188038", 3)
        drawing.whisker(x(spread.low), x(spread.high))
        drawing.dot(x(spread.median), _COLOURS[contender])
        drawing.write(x(max(spread.high, limit or 0)) + 9, f"{spread.median:.2f}x", size=11)
        drawing.y += _ROW
    drawing.write(12, "Green: the target. Whiskers: quartiles. Logarithmic.", size=11, colour="#5f6368")
    drawing.y += _ROW


def _ratios(results: Results) -> Iterator[tuple[str, str, Spread, float | None]]:
    for benchmark in BENCHMARKS:
        if benchmark.comparison is not Comparison.RATIO:
            continue
        limits = {goal.contender: goal.limit for goal in benchmark.goals}
        for contender in benchmark.contenders:
            spread = results.compared(benchmark, contender)
            if contender in _COLOURS and spread is not None:
                yield f"{benchmark.name}: {contender}", contender, spread, limits.get(contender)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


__all__ = ["CHARTS", "Chart", "draw"]

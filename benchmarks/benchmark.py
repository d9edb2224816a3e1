"""The benchmarks of catalogue.toml: contenders that do the same work as a baseline, and goals for their costs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Work = Callable[[], object]
"""Does the work that is measured, once."""


@dataclass(frozen=True)
class Contender:
    """A program that is compared with a baseline, or the baseline itself: catalogue.toml explains its attributes."""

    name: str
    subject: str
    given: Mapping[str, object] = field(default_factory=dict)
    goal: float | None = None
    stretch: float | None = None
    needs: str = "sys"
    floor: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether it can be measured here."""
        return find_spec(self.needs) is not None


@dataclass(frozen=True)
class Benchmark:
    """A baseline, and contenders that do the same work: catalogue.toml explains its attributes."""

    name: str
    what: str
    chart: str
    baseline: Contender
    contenders: tuple[Contender, ...]
    cost: str = "cpu"
    count: int = 1
    turns: int = 9
    given: Mapping[str, object] = field(default_factory=dict)
    asked: str = ""
    means: str = ""

    def work(self, contender: Contender) -> Work:
        """Return the work of one of them, ready to be measured."""
        module, _, function = contender.subject.partition(".")
        make = getattr(import_module(f"benchmarks.subjects.{module}"), function)
        work: Work = make(**self.given, **contender.given)
        return work


def _catalogue() -> tuple[dict[str, str], tuple[Benchmark, ...]]:
    charts = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
    titles = {chart: described.pop("title") for chart, described in charts.items()}
    benchmarks = []
    for chart, described in charts.items():
        for name, fields in described.items():
            baseline = Contender(**fields.pop("baseline"))
            contenders = tuple(Contender(who, **those) for who, those in fields.pop("contenders").items())
            benchmarks.append(Benchmark(name, chart=chart, baseline=baseline, contenders=contenders, **fields))
    return titles, tuple(benchmarks)


CHARTS, BENCHMARKS = _catalogue()
"""The titles of the charts, and the benchmarks, in the order of the page."""


def check(condition: bool) -> None:
    """Check that a subject does the same as the others, even with `python -O`."""
    if not condition:
        raise RuntimeError("a subject did not do its work")

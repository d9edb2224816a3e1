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
    """A program that is compared with a baseline, or the baseline itself.

    Attributes:
        name: The name in tables and charts.
        subject: The function in `subjects` that makes its work, as `module.function`.
        given: The keyword arguments of that function, in addition to those of the benchmark.
        goal: The highest acceptable ratio to the baseline's cost; None if there is no goal.
        stretch: A more ambitious goal.
        needs: A module that has to be installed. orjson is hidden from contenders that don't need it.
        floor: The name of another contender, which does only what any solution has to do; empty if none is known.
    """

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
    """A baseline, and contenders that do the same work.

    Attributes:
        name: Its name on the command line.
        what: The work that all of them do.
        chart: The chart that shows it.
        baseline: What the others are compared with.
        contenders: The contenders.
        cost: What a turn of the work costs: the name of a function in `costs`.
        count: How often each does its work in one turn.
        turns: How many turns of each a process measures.
        given: The keyword arguments of all subjects.
        asked: The work in the words of a user who asks what it costs; empty if few do.
        means: Who is affected by a higher cost; empty if there is no goal.
    """

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

"""The results, as stored in results.json, and the rounds of measuring that give them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from itertools import accumulate
from math import comb
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .benchmark import BENCHMARKS, ROOT, Benchmark, Contender
from .measuring import measure
from .server import serving

PROCESSES, MORE, FEW = 7, 8, 3
"""How many processes measure a contender, how many more if its goal can't be told, and how many if it has no goal."""
CANNOT_TELL = "can't tell"
RESULTS = ROOT / "benchmarks" / "results.json"
_RUNS = 50
"""One in this many runs may give an interval without the true median."""


class Outcome(NamedTuple):
    """The median of the ratios that several processes measured, and the interval that holds the true median.

    The interval leaves out the k lowest and the k highest ratios, where k is as large as possible while the interval
    contains the true median in 98 of 100 runs: with 7 processes k is 0, with 15 it is 2.
    """

    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, ratios: Sequence[float]) -> Outcome:
        """Return the outcome of ratios, each the median over the turns of a process."""
        # A ratio is as likely to be above the true median as below it, so the number above it follows coin tosses.
        count, ordered = len(ratios), sorted(ratios)
        chances = accumulate(comb(count, rank) for rank in range(count // 2 + 1))
        cut = max(0, sum(2 * chance * _RUNS <= 1 << count for chance in chances) - 1)
        return cls(median(ordered), ordered[cut], ordered[-1 - cut])

    def verdict(self, contender: Contender) -> str:
        """Return whether a goal is met; that can't be told if the goal is within the interval."""
        if contender.goal is None:
            return ""
        if self.low > contender.goal:
            return "missed"
        if self.high > contender.goal:
            return CANNOT_TELL
        return "met, stretch too" if contender.stretch is not None and self.high <= contender.stretch else "met"


@dataclass(frozen=True)
class Results:
    """One run of benchmarks.

    Attributes:
        setting: The machine and the versions, by name.
        ratios: What each process measured, by benchmark and contender.
    """

    setting: dict[str, str]
    ratios: dict[str, dict[str, list[float]]]

    def outcome(self, benchmark: Benchmark, contender: Contender) -> Outcome | None:
        """Return what was measured; None if it was not."""
        found = self.ratios.get(benchmark.name, {}).get(contender.name)
        return Outcome.of(found) if found else None

    def verdict(self, benchmark: Benchmark, contender: Contender) -> str:
        """Return whether the goal is met, or that it can't be told; empty if there is none, or nothing was measured."""
        outcome = self.outcome(benchmark, contender)
        return outcome.verdict(contender) if outcome else ""

    def dump(self, path: Path) -> None:
        """Write the results to a file."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read results from a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def run(benchmarks: Iterable[Benchmark], say: Callable[[str], object], *, quick: bool = False) -> Results:
    """Run benchmarks in rounds that go through all of them; then repeat those whose goals can't be told yet.

    Contenders without a goal take part in the first rounds only, with fewer turns. A quick run measures as little as
    possible: its figures mean nothing.
    """
    results = Results(_setting(), {})
    pairs = [(one, contender) for one in benchmarks for contender in one.contenders if contender.is_installed]
    with serving(20 if quick else 20_000) as service:
        for number in range(1 if quick else PROCESSES + MORE):
            if number == FEW:
                pairs = [(benchmark, contender) for benchmark, contender in pairs if contender.goal is not None]
            if number == PROCESSES:
                pairs = [pair for pair in pairs if results.verdict(*pair) == CANNOT_TELL]
            for benchmark, contender in pairs:
                say(f"{number + 1}: {benchmark.name}, {contender.name}")
                turns = min(benchmark.turns, 3) if contender.goal is None else benchmark.turns
                work = {"count": 1, "turns": 1} if quick else {"count": benchmark.count, "turns": turns}
                found = measure(benchmark, contender, service, process=number, **work)
                results.ratios.setdefault(benchmark.name, {}).setdefault(contender.name, []).append(round(found, 4))
    return results


def _setting() -> dict[str, str]:
    needed = {contender.needs.replace("_", "-") for benchmark in BENCHMARKS for contender in benchmark.contenders}
    named = {"attrs", "cryptography", "httpx", "pydantic", *needed}
    versions = sorted(f"{one.name.lower()} {one.version}" for one in distributions() if one.name.lower() in named)
    return {
        "Date": datetime.now(UTC).date().isoformat(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "System": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores",
        "Processes": f"{PROCESSES}, and {MORE} more where a goal could not be told; {FEW} where there is no goal",
        "Versions": ", ".join(versions),
    }

"""What was measured, as it is kept in results.json, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles

from .benchmark import ROOT, Benchmark
from .profiling import Profile

RESULTS = ROOT / "benchmarks" / "results.json"


@dataclass(frozen=True)
class Spread:
    """A median and the quartiles on both sides of it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Sum up values."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(median(values), low, high)


@dataclass(frozen=True)
class Results:
    """One run of all benchmarks.

    Attributes:
        setting: Where and with what it ran: a name for each fact.
        samples: The values of each contender of each benchmark, one for each round.
        unavailable: Why a contender could not be measured.
        profiles: Where the time went, by name.
    """

    setting: dict[str, str]
    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    unavailable: dict[str, dict[str, str]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def value(self, benchmark: Benchmark, contender: str) -> Spread | None:
        """Sum up what a contender's measurements gave, in the benchmark's unit; None if there were none."""
        values = self.samples.get(benchmark.name, {}).get(contender)
        return Spread.of(values) if values else None

    def compared(self, benchmark: Benchmark, contender: str) -> Spread | None:
        """Sum up a contender's values, each compared with the baseline's of the same round; None if there were none."""
        samples = self.samples.get(benchmark.name, {})
        values = samples.get(contender)
        baselines = samples.get(benchmark.baseline) if benchmark.baseline else values
        if not values or not baselines:
            return None
        return Spread.of(
            [benchmark.comparison.apply(value, baseline) for value, baseline in zip(values, baselines, strict=True)]
        )

    def dump(self, path: Path) -> None:
        """Write the results to a file."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read results from a file."""
        content = json.loads(path.read_text(encoding="utf-8"))
        profiles = {name: Profile(**profile) for name, profile in content.pop("profiles").items()}
        return cls(**content, profiles=profiles)


__all__ = ["RESULTS", "Results", "Spread"]

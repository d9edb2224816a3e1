"""The results, as stored in results.json, and the rounds of measuring that give them."""

from __future__ import annotations

import compileall
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from .benchmark import CANNOT_TELL, ROOT, Benchmark, Contender, Outcome, Task
from .measuring import measure
from .server import serving

MORE = 8
"""How many more processes measure a contender whose goal can't be told."""
FEW = 3
"""How many processes measure a contender that has no goal."""
RESULTS = ROOT / "benchmarks" / "results.json"
_COMPARED = "aiohttp attrs clerk-backend-api cryptography httpx httpx2 msgspec orjson pydantic".split()  # noqa: SIM905


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
        return Outcome(tuple(found)) if found else None

    def verdict(self, benchmark: Benchmark, contender: Contender) -> str:
        """Return whether the goal is met, or that it can't be told."""
        outcome = self.outcome(benchmark, contender)
        return "" if outcome is None else outcome.verdict(contender)

    def dump(self, path: Path) -> None:
        """Write the results to a file."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read results from a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def pairs(benchmarks: Sequence[Benchmark]) -> Iterator[tuple[Benchmark, Contender]]:
    """Yield every contender that can be measured here, with its benchmark."""
    for benchmark in benchmarks:
        for contender in benchmark.contenders:
            if contender.is_installed:
                yield benchmark, contender


def run(
    benchmarks: Sequence[Benchmark], processes: int, say: Callable[[str], object], *, quick: bool = False
) -> Results:
    """Run benchmarks in rounds that go through all of them; then repeat those whose goals can't be told yet.

    Contenders without a goal take part in the first rounds only.

    Args:
        benchmarks: Which benchmarks.
        processes: How many processes measure each contender.
        say: Called with lines about the progress, and at the end about how long each benchmark took.
        quick: Whether to measure as little as possible, to check that everything runs; the figures mean nothing.

    Raises:
        RuntimeError: A measurement failed.
    """
    for package in ("clerk", "clerk_generated"):  # as for an installed package
        compileall.compile_dir(ROOT / package, quiet=1)
    results, seconds = Results(_setting(processes), {}), dict.fromkeys((one.name for one in benchmarks), 0.0)
    chosen = list(pairs(benchmarks))
    with serving(20 if quick else 20_000) as service:
        for number in range(processes + (0 if quick else MORE)):
            if number == FEW:
                chosen = [pair for pair in chosen if pair[1].goal is not None]
            if number == processes:
                chosen = [pair for pair in chosen if results.verdict(*pair) == CANNOT_TELL]
            for benchmark, contender in chosen:
                say(f"{number + 1}: {benchmark.name}, {contender.name}")
                start = time.monotonic()
                found = measure(benchmark, contender, Task(1 if quick else benchmark.count, service), benchmark.turns)
                seconds[benchmark.name] += time.monotonic() - start
                results.ratios.setdefault(benchmark.name, {}).setdefault(contender.name, []).append(round(found, 4))
    for name, took in seconds.items():
        say(f"{name} took {took:.1f} s")
    return results


def _setting(processes: int) -> dict[str, str]:
    versions = {distribution.name.lower(): distribution.version for distribution in distributions()}
    return {
        "Date": datetime.now(UTC).date().isoformat(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "System": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores",
        "Processes": f"{processes}, and {MORE} more where a goal could not be told; {FEW} where there is no goal",
        "Versions": ", ".join(f"{name} {versions[name]}" for name in _COMPARED if name in versions),
    }


__all__ = ["RESULTS", "Results", "pairs", "run"]

"""What was measured, as it is kept in results.json; and how it is measured, in rounds."""

from __future__ import annotations

import compileall
import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from .benchmark import ROOT, Benchmark, Contender, Outcome, Task
from .measuring import measure
from .server import serving

RESULTS = ROOT / "benchmarks" / "results.json"
_COMPARED = "aiohttp attrs clerk-backend-api cryptography httpx httpx2 msgspec orjson pydantic".split()  # noqa: SIM905


@dataclass(frozen=True)
class Results:
    """One run of benchmarks.

    Attributes:
        setting: Where and with what it ran: a name for each fact.
        ratios: By benchmark and contender what each process measured.
    """

    setting: dict[str, str]
    ratios: dict[str, dict[str, list[float]]]

    def outcome(self, benchmark: Benchmark, contender: Contender) -> Outcome | None:
        """Return what was measured; None if it was not."""
        found = self.ratios.get(benchmark.name, {}).get(contender.name)
        return Outcome(tuple(found)) if found else None

    def dump(self, path: Path) -> None:
        """Write the results to a file."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read results from a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def pairs(benchmarks: Sequence[Benchmark]) -> Iterator[tuple[Benchmark, Contender]]:
    """Yield every contender that can be measured here with its benchmark."""
    for benchmark in benchmarks:
        for contender in benchmark.contenders:
            if contender.is_installed:
                yield benchmark, contender


def run(
    benchmarks: Sequence[Benchmark], processes: int, say: Callable[[str], object], *, quick: bool = False
) -> Results:
    """Run benchmarks, in rounds that go through all of them.

    Args:
        benchmarks: Which benchmarks.
        processes: How many processes measure each contender.
        say: Takes lines that tell how far it is.
        quick: Whether to measure as little as can be, to see that everything runs; the figures tell nothing.

    Raises:
        RuntimeError: A measurement failed.
    """
    for package in ("clerk", "clerk_generated"):  # an installed package is compiled
        compileall.compile_dir(ROOT / package, quiet=1)
    results = Results(_setting(processes), {})
    with serving(20 if quick else 20_000) as service:
        for number in range(processes):
            for benchmark, contender in pairs(benchmarks):
                say(f"{number + 1} of {processes}: {benchmark.name}, {contender.name}")
                found = measure(benchmark, contender, Task(1 if quick else benchmark.count, service), benchmark.turns)
                results.ratios.setdefault(benchmark.name, {}).setdefault(contender.name, []).append(round(found, 4))
    return results


def _setting(processes: int) -> dict[str, str]:
    versions = {distribution.name.lower(): distribution.version for distribution in distributions()}
    return {
        "Date": datetime.now(UTC).date().isoformat(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "System": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores",
        "Processes": str(processes),
        "Versions": ", ".join(f"{name} {versions[name]}" for name in _COMPARED if name in versions),
    }


__all__ = ["RESULTS", "Results", "pairs", "run"]

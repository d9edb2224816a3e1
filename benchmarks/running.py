"""Runs benchmarks in rounds, so that what disturbs the machine disturbs all contenders alike."""

from __future__ import annotations

import compileall
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from .benchmark import ROOT, Benchmark, Task, Unavailable
from .profiling import profile
from .results import Results
from .sampling import sample
from .server import serving

_COMPARED = ("aiohttp", "attrs", "clerk-backend-api", "httpx", "httpx2", "msgspec", "orjson", "pydantic")
_SMALLEST_USERS = 20
_USERS = 20_000
_PROFILE_SECONDS = 8.0


def run(
    benchmarks: Sequence[Benchmark],
    paths: Sequence[str],
    rounds: int,
    say: Callable[[str], object],
    *,
    smallest: bool = False,
) -> Results:
    """Run benchmarks, and profile hot paths.

    Args:
        benchmarks: Which benchmarks.
        paths: Which hot paths, by their names in `profiling.PATHS`.
        rounds: How often each contender is measured; less often where the benchmark says so.
        say: Takes lines that tell how far it is.
        smallest: Whether to measure as little as can be: what comes out tells nothing.

    Raises:
        RuntimeError: A measurement failed.
    """
    for package in ("clerk", "clerk_generated"):  # as an installed package has it
        compileall.compile_dir(ROOT / package, quiet=1)
    results = Results(setting=_setting(rounds))
    with serving(_SMALLEST_USERS if smallest else _USERS) as service:
        for number in range(rounds):
            for benchmark in benchmarks:
                say(f"round {number + 1} of {rounds}: {benchmark.name}")
                task = Task(benchmark.smallest if smallest else benchmark.count, service)
                run_round(benchmark, task, number, results)
        for path in paths:
            say(f"profile: {path}")
            results.profiles[path] = profile(path, 0.1 if smallest else _PROFILE_SECONDS, service)
    return results


def run_round(benchmark: Benchmark, task: Task, number: int, results: Results) -> None:
    """Measure every contender of a benchmark once, unless the benchmark has had its rounds.

    Args:
        benchmark: The benchmark.
        task: What the measurements get to know.
        number: The round's number, from 0.
        results: Takes the values.

    Raises:
        RuntimeError: A measurement failed.
    """
    if number >= benchmark.rounds:
        return
    samples = results.samples.setdefault(benchmark.name, {})
    unavailable = results.unavailable.setdefault(benchmark.name, {})
    contenders = [contender for contender in benchmark.contenders if contender not in unavailable]
    # Nobody is always the first, or always comes after the same one.
    begin = number % len(contenders)
    for contender in contenders[begin:] + contenders[:begin]:
        try:
            samples.setdefault(contender, []).append(sample(benchmark, contender, task))
        except Unavailable as reason:
            unavailable[contender] = str(reason)
            del samples[contender]


def _setting(rounds: int) -> dict[str, str]:
    versions = {distribution.name.lower(): distribution.version for distribution in distributions()}
    return {
        "Date": datetime.now(UTC).date().isoformat(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "System": f"{platform.system()}, {platform.machine()}, {_processor()}, {os.cpu_count()} cores",
        "Rounds": str(rounds),
        "Versions": ", ".join(f"{name} {versions[name]}" for name in _COMPARED if name in versions),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


__all__ = ["run", "run_round"]

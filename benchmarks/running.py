"""Runs benchmarks in rounds, so that what disturbs the machine disturbs all contenders alike."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from .benchmark import Benchmark, Service, Task, Unavailable
from .profiling import PATHS, profile
from .results import Results
from .sampling import sample
from .server import serving

_COMPARED = ("aiohttp", "attrs", "clerk-backend-api", "httpx", "httpx-aiohttp", "msgspec", "orjson", "pydantic")
_SMALLEST_USERS = 20
_USERS = 20_000
_PROFILE_SECONDS = 8.0


def run(
    benchmarks: Sequence[Benchmark], rounds: int, say: Callable[[str], object], *, smallest: bool = False
) -> Results:
    """Run benchmarks, and profile the hot paths.

    Args:
        benchmarks: Which.
        rounds: How often each contender is measured; less often where the benchmark says so.
        say: Takes lines that tell how far it is.
        smallest: Whether to measure as little as can be: what comes out tells nothing.

    Raises:
        RuntimeError: A measurement failed.
    """
    results = Results(setting=_setting(rounds))
    with serving(_SMALLEST_USERS if smallest else _USERS) as service:
        for number in range(rounds):
            for benchmark in benchmarks:
                if number < benchmark.rounds:
                    say(f"round {number + 1} of {min(rounds, benchmark.rounds)}: {benchmark.name}")
                    task = Task(benchmark.smallest if smallest else benchmark.count, service)
                    _run_round(benchmark, task, number, results)
        _run_profiles(service, 0.2 if smallest else _PROFILE_SECONDS, say, results)
    return results


def _run_round(benchmark: Benchmark, task: Task, number: int, results: Results) -> None:
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


def _run_profiles(service: Service, seconds: float, say: Callable[[str], object], results: Results) -> None:
    for name in PATHS:
        say(f"profile: {name}")
        results.profiles[name] = profile(name, seconds, service)


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


__all__ = ["run"]

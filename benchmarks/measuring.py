"""Measures a contender: `python -m benchmarks.measuring BENCHMARK CONTENDER COUNT TURNS` prints the ratio.

Baseline and contender take turns in one process, so that whatever slows the machine down slows down both, and each turn
is compared with the neighbouring turn of the other. Differences between processes, such as the memory layout, show in
the ratios of several processes.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from statistics import median

from . import costs
from .benchmark import BENCHMARKS, ROOT, Benchmark, Contender
from .server import VARIABLE, Service

Turn = Callable[[], float]
"""Does the work of a subject, and returns the cost."""


def measure(
    benchmark: Benchmark, contender: Contender, service: Service, *, count: int, turns: int, process: int = 0
) -> float:
    """Measure a contender in a separate process, and return its cost as a multiple of the baseline's.

    The number of the process is the seed of its hashes: each run of the benchmarks meets the same layouts of sets.

    Raises:
        RuntimeError: The measurement failed.
    """
    command = [sys.executable, "-m", "benchmarks.measuring", benchmark.name, contender.name, str(count), str(turns)]
    environment = {**os.environ, VARIABLE: json.dumps(asdict(service)), "PYTHONHASHSEED": str(process)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{benchmark.name}, {contender.name}:\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def ratio(baseline: Turn, contender: Turn, turns: int) -> float:
    """Take turns in this process, and return the median ratio of the contender's cost to the baseline's."""
    ratios = []
    for turn in (baseline, contender) if turns > 1 else ():
        turn()  # a warm-up: first uses load modules and fill caches
    for number in range(turns):
        # They take turns in going first, and leave no garbage to each other.
        first_to_last = (baseline, contender) if number % 2 else (contender, baseline)
        cost = {}
        for turn in first_to_last:
            gc.collect()
            cost[turn] = turn()
        ratios.append(cost[contender] / cost[baseline])
    return median(ratios)


def main(name: str, contender_name: str, count: str, turns: str) -> float:
    """Measure a contender, given its name, in this process."""
    (benchmark,) = (benchmark for benchmark in BENCHMARKS if benchmark.name == name)
    (contender,) = (contender for contender in benchmark.contenders if contender.name == contender_name)
    if contender.needs != "orjson":
        sys.modules["orjson"] = None  # type: ignore[assignment]  # makes importing it fail
    cost = getattr(costs, benchmark.cost)
    first, second = (partial(cost, benchmark.work(one), int(count)) for one in (benchmark.baseline, contender))
    return ratio(first, second, int(turns))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")
    sys.stdout.flush()

"""Measures a contender: `python -m benchmarks.measuring BENCHMARK CONTENDER TASK TURNS` prints the ratio.

Baseline and contender take turns in one process, so that whatever slows the machine down slows down both, and each turn
is compared with the neighbouring turn of the other. Differences between processes, such as the memory layout, show in
the ratios of several processes.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from dataclasses import asdict
from statistics import median

from .benchmark import ROOT, Benchmark, Contender, Service, Subject, Task


def measure(benchmark: Benchmark, contender: Contender, task: Task, turns: int) -> float:
    """Measure a contender in a separate process.

    Returns:
        Its cost, as a multiple of the baseline's cost.

    Raises:
        RuntimeError: The measurement failed.
    """
    given = (benchmark.name, contender.name, json.dumps(asdict(task)), str(turns))
    command = [sys.executable, "-m", "benchmarks.measuring", *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{benchmark.name}, {contender.name}:\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def ratio(baseline: Subject, contender: Subject, task: Task, turns: int) -> float:
    """Measure two subjects in this process, and return the median ratio of the second's cost to the first's."""
    ratios = []
    with baseline(task) as first, contender(task) as second:
        for turn in (first, second) if turns > 1 else ():
            turn()  # a warm-up: first uses load modules and fill caches
        for number in range(turns):
            gc.collect()
            # They take turns in going first.
            cost, base = (second(), first()) if number % 2 else (first(), second())[::-1]
            ratios.append(cost / base)
    return median(ratios)


def main(name: str, contender_name: str, task_text: str, turns: str) -> float:
    """Measure a contender, given its name, in this process."""
    from .catalogue import BENCHMARKS

    (benchmark,) = (benchmark for benchmark in BENCHMARKS if benchmark.name == name)
    (contender,) = (contender for contender in benchmark.contenders if contender.name == contender_name)
    if contender.needs != "orjson":
        sys.modules["orjson"] = None  # type: ignore[assignment]  # makes importing it fail
    given = json.loads(task_text)
    task = Task(given["count"], Service(**given["service"]))
    return ratio(benchmark.baseline[1], contender.subject, task, int(turns))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")

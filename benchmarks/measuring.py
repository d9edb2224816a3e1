"""Measures a contender: `python -m benchmarks.measuring BENCHMARK CONTENDER TASK TURNS` prints what a process finds.

Baseline and contender take turns in one process, so that whatever slows the machine down slows both of them down, and
each turn of one is compared with the other's next to it. What differs from process to process, such as where objects
come to lie in memory, shows in the ratios of several processes.
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
    """Measure a contender in a process of its own.

    Returns:
        What it costs in times of the baseline's cost.

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
    """Measure two subjects in this process, and return the median of what the second costs in times of the first."""
    ratios = []
    with baseline(task) as first, contender(task) as second:
        for turn in (first, second) if turns > 1 else ():
            turn()  # what is loaded on first use, or gets faster with use, is not what repeats
        for number in range(turns):
            gc.collect()
            # Nobody always comes after the other.
            cost, base = (second(), first()) if number % 2 else (first(), second())[::-1]
            ratios.append(cost / base)
    return median(ratios)


def main(name: str, contender_name: str, task_text: str, turns: str) -> float:
    """Measure the contender of a name in this process."""
    from .catalogue import BENCHMARKS

    (benchmark,) = (benchmark for benchmark in BENCHMARKS if benchmark.name == name)
    (contender,) = (contender for contender in benchmark.contenders if contender.name == contender_name)
    if contender.needs != "orjson":
        sys.modules["orjson"] = None  # type: ignore[assignment]  # how importing it is made to fail
    given = json.loads(task_text)
    task = Task(given["count"], Service(**given["service"]))
    return ratio(benchmark.baseline[1], contender.subject, task, int(turns))


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")

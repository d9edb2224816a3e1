"""Measures one contender once, in a process of its own: `python -m benchmarks.sampling BENCHMARK CONTENDER TASK`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from .benchmark import ROOT, Benchmark, Service, Task, Unavailable


def sample(benchmark: Benchmark, contender: str, task: Task) -> float:
    """Measure a contender once.

    Args:
        benchmark: The benchmark.
        contender: Who is measured.
        task: What the measurement gets to know.

    Returns:
        The value, in the benchmark's unit.

    Raises:
        Unavailable: The contender cannot be measured here.
        RuntimeError: The measurement failed.
    """
    text = json.dumps(asdict(task), default=str)
    command = [sys.executable, "-m", "benchmarks.sampling", benchmark.name, contender, text]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{benchmark.name}, {contender}:\n{done.stderr}")
    outcome = json.loads(done.stdout.splitlines()[-1])
    if "unavailable" in outcome:
        raise Unavailable(outcome["unavailable"])
    return float(outcome["value"])


def main(name: str, contender: str, task_text: str) -> str:
    """Measure a contender in this process; return the outcome as JSON."""
    from .catalogue import BENCHMARKS

    (benchmark,) = (benchmark for benchmark in BENCHMARKS if benchmark.name == name)
    task = json.loads(task_text)
    try:
        value = benchmark.contenders[contender](
            Task(count=task["count"], service=Service(**task["service"]), tree=Path(task["tree"]))
        )
    except Unavailable as reason:
        return json.dumps({"unavailable": str(reason)})
    return json.dumps({"value": value})


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]) + "\n")

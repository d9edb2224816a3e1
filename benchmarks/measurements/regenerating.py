"""`make regenerate`, in a copy of the tree: seconds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ..benchmark import ROOT, Task

# The generator's own dependencies are in the environment of development.
_PYTHON = ROOT / ".venv" / "bin" / "python"


def wall(task: Task) -> float:
    """Measure how long it takes."""
    return _measure(task, time.perf_counter)


def cpu(task: Task) -> float:
    """Measure its CPU time, that of the programs that it starts included."""
    return _measure(task, _cpu_of_children)


def _measure(task: Task, clock: Callable[[], float]) -> float:
    python = _PYTHON if _PYTHON.exists() else Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "generator", copy / "generator")
        shutil.copytree(task.tree / "openapi", copy / "openapi")
        start = clock()
        subprocess.run([python, "-m", "generator", "regenerate"], cwd=copy, stdout=subprocess.DEVNULL, check=True)
        return clock() - start


def _cpu_of_children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

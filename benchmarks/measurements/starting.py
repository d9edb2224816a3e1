"""What it takes until the first call can be made: each in an interpreter of its own that has loaded nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from .. import payloads
from ..benchmark import ROOT, Task
from .timing import require

HTTPX = "import httpx; client = httpx.Client()"
CLERK_IMPORT = "import clerk"
# `clerk_client` makes its `httpx.Client` on the first call, which would hide what the others show.
CLERK = "from clerk import clerk_client; users = clerk_client.users; client = clerk_client._setup().pool.client()"
# The official SDK has its models loaded by then; the client loads those of a call with the call.
CLERK_CALL_LOADED = f"{CLERK}; from clerk_generated.api.users import get_user"
OFFICIAL_IMPORT = "import clerk_backend_api"
OFFICIAL = "from clerk_backend_api import Clerk; users = Clerk(bearer_auth='sk_test_benchmark').users"

# Read from /proc where there is one: the other figure includes the process that this one was forked from.
_REPORT = """
cpu = time.process_time() - start
httpx = sum(name.partition(".")[0] == "httpx" for name in sys.modules)
try:
    with open("/proc/self/status") as status:
        kibibytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    import resource
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(f'{{"cpu": {cpu}, "memory": {kibibytes / 1024}, "httpx_modules": {httpx}}}')
"""


@dataclass(frozen=True)
class _Started:
    cpu: float
    memory: float
    httpx_modules: int


@dataclass(frozen=True)
class CPU:
    """Measures the CPU time of statements in milliseconds, without the interpreter's own start.

    Args:
        statements: What is measured.
        module: What has to be installed for it.
    """

    statements: str
    module: str = "sys"

    def __call__(self, task: Task) -> float:
        """Measure it in fresh interpreters, and return the median."""
        require(self.module)
        return median(_start(self.statements).cpu for _ in range(task.count)) * 1000


@dataclass(frozen=True)
class Memory:
    """Measures the peak of the resident memory of a process that ran statements, in MiB.

    Args:
        statements: What is measured.
        module: What has to be installed for it.
    """

    statements: str
    module: str = "sys"

    def __call__(self, task: Task) -> float:
        """Measure it in fresh interpreters, and return the median."""
        require(self.module)
        return median(_start(self.statements).memory for _ in range(task.count))


@dataclass(frozen=True)
class HTTPXModules:
    """Counts the modules of httpx that statements load.

    Args:
        statements: What is measured.
        module: What has to be installed for it.
    """

    statements: str
    module: str = "sys"

    def __call__(self, task: Task) -> float:
        """Count them in a fresh interpreter."""
        require(self.module)
        return max(_start(self.statements).httpx_modules for _ in range(task.count))


def _start(statements: str) -> _Started:
    program = f"import sys, time\nstart = time.process_time()\n{statements}\n{_REPORT}"
    environment = {**os.environ, "CLERK_SECRET_KEY": payloads.SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return _Started(**json.loads(done.stdout))

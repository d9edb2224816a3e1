"""The cost of starting: programs that each run in a new process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from .. import payloads
from ..benchmark import ROOT, Subject, Task, Turn

IMPORT_HTTPX = "import httpx"
IMPORT_CLERK = "import clerk"
IMPORT_OFFICIAL = "import clerk_backend_api"

ANSWER_HTTPX = """
import httpx, json
with httpx.Client(base_url=URL, headers={"authorization": "Bearer sk_test_benchmark"}) as client:
    user = json.loads(client.get(f"/v1/users/{USER}").content)
"""
ANSWER_CLERK = """
from clerk import clerk_client
user = clerk_client.users.get_user(USER)
"""
ANSWER_OFFICIAL = """
from clerk_backend_api import Clerk
with Clerk(bearer_auth="sk_test_benchmark", server_url=f"{URL}/v1") as client:
    user = client.users.get(user_id=USER)
"""
ANSWER_LOCAL = """
from clerk.testing import LocalClerk
with LocalClerk() as local:
    count = local.client().users.get_count()
"""

# Read from /proc if it exists: the other figure includes the process that this one was forked from.
_REPORT = """
cpu = time.process_time() - start
try:
    with open("/proc/self/status") as status:
        kibibytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    import resource
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(f'{{"cpu": {cpu}, "memory": {kibibytes}}}')
"""


def cpu(program: str) -> Subject:
    """Run a program; a turn costs its CPU time, without starting the interpreter."""
    return _fresh(program, "cpu")


def memory(program: str) -> Subject:
    """Run a program; a turn costs the peak of its resident memory."""
    return _fresh(program, "memory")


def _fresh(program: str, cost: str) -> Subject:
    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        lines = ("import sys, time", f"URL, USER = {task.service.fixed!r}, {payloads.USER_ID!r}")
        source = "\n".join((*lines, "start = time.process_time()", program, _REPORT))
        environment = {
            **os.environ,
            "CLERK_SECRET_KEY": payloads.SECRET_KEY,
            "CLERK_API_URL": task.service.fixed,
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def turn() -> float:
            done = subprocess.run(
                [sys.executable, "-c", source], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            return float(json.loads(done.stdout)[cost])

        # pip compiles what it installs. Everything that a program here imports is compiled too, after its first turn.
        with tempfile.TemporaryDirectory() as compiled:
            environment["PYTHONPYCACHEPREFIX"] = compiled
            yield turn

    return subject

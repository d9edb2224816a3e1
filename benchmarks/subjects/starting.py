"""The cost of starting: programs that each run in a new process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Literal

from .. import payloads
from ..benchmark import ROOT
from ..server import service

PROGRAMS = {
    "import httpx": "import httpx",
    "import clerk": "import clerk",
    "import SDK": "import clerk_backend_api",
    "call httpx": """
import httpx, json
with httpx.Client(base_url=URL, headers={"authorization": "Bearer sk_test_benchmark"}) as client:
    user = json.loads(client.get(f"/v1/users/{USER}").content)
""",
    "call clerk": """
from clerk import clerk_client
user = clerk_client.users.get_user(USER)
""",
    "call SDK": """
from clerk_backend_api import Clerk
with Clerk(bearer_auth="sk_test_benchmark", server_url=f"{URL}/v1") as client:
    user = client.users.get(user_id=USER)
""",
    "call LocalClerk": """
from clerk.testing import LocalClerk
with LocalClerk() as local:
    count = local.client().users.get_count()
""",
}

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


def run(program: str, cost: Literal["cpu", "memory"]) -> Callable[[], float]:
    """Run a program, and tell its CPU time without the start of the interpreter, or the peak of its resident memory."""
    url = service().fixed
    lines = ("import sys, time", f"URL, USER = {url!r}, {payloads.USER_ID!r}", "start = time.process_time()")
    source = "\n".join((*lines, PROGRAMS[program], _REPORT))
    environment = {**os.environ, "CLERK_SECRET_KEY": payloads.SECRET_KEY, "CLERK_API_URL": url}
    # The first turn compiles what is not compiled yet, as pip does when it installs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def process() -> float:
        done = subprocess.run(
            [sys.executable, "-c", source], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return float(json.loads(done.stdout)[cost])

    return process

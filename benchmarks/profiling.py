"""Where the CPU time of a hot path goes: `python -m benchmarks.profiling PATH SECONDS SERVICE`.

The kernel interrupts the process at even steps of its CPU time, and what runs then is written down: that adds nothing
to a call, so that many short functions look no dearer than they are.
"""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from . import payloads
from .benchmark import ROOT, Service
from .measurements.timing import without_orjson

_INTERVAL = 0.001
_FUNCTIONS = 15
_SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True)
class Profile:
    """Where CPU time went, in shares of it.

    Attributes:
        microseconds: The CPU time of one call.
        samples: How often it was looked.
        packages: The shares of packages, each with what it calls of no other package; the largest first.
        functions: The shares of functions without those that they call; the largest first.
        garbage_collection: The share of the garbage collector, which is also in the others.
    """

    microseconds: float
    samples: int
    packages: dict[str, float]
    functions: dict[str, float]
    garbage_collection: float


def profile(name: str, seconds: float, service: Service) -> Profile:
    """Profile a hot path, in a process of its own.

    Args:
        name: Its name in `PATHS`.
        seconds: For how long it is called again and again.
        service: The loopback server.
    """
    command = [sys.executable, "-m", "benchmarks.profiling", name, str(seconds), json.dumps(asdict(service))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Profile(**json.loads(done.stdout))


@contextmanager
def _one_user(service: Service) -> Iterator[Callable[[], object]]:
    from clerk import ClerkClient

    with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=service.fixed) as client:
        yield lambda: client.users.get_user(payloads.USER_ID)


@contextmanager
def _many_users(service: Service) -> Iterator[Callable[[], object]]:
    from clerk import ClerkClient

    with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=service.fixed) as client:
        yield lambda: client.users.get_user_list(limit=payloads.USERS_A_PAGE)


PATHS = {"One call: `get_user`": _one_user, "500 users: `get_user_list(limit=500)`": _many_users}


class _Sampler:
    """Writes down what runs."""

    def __init__(self) -> None:
        self.packages: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        self.collecting = 0.0
        self._collection_start = 0.0

    def look(self, _signal: int, frame: FrameType | None) -> None:
        if frame is not None:
            self.packages[_package(frame)] += 1
            self.functions[_function(frame)] += 1

    def note_collection(self, phase: str, _details: object) -> None:
        now = time.process_time()
        if phase == "start":
            self._collection_start = now
        else:
            self.collecting += now - self._collection_start


def _run(call: Callable[[], object], seconds: float) -> Profile:
    for _ in range(20):
        call()
    sampler = _Sampler()
    signal.signal(signal.SIGPROF, sampler.look)
    gc.callbacks.append(sampler.note_collection)
    calls, start = 0, time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    while time.process_time() < start + seconds:
        call()
        calls += 1
    signal.setitimer(signal.ITIMER_PROF, 0)
    spent = time.process_time() - start
    samples = sampler.packages.total()
    return Profile(
        microseconds=round(spent / calls * 1_000_000, 1),
        samples=samples,
        packages=_shares(sampler.packages, samples),
        functions=_shares(sampler.functions, samples),
        garbage_collection=round(sampler.collecting / spent, 4),
    )


def _shares(counter: Counter[str], samples: int) -> dict[str, float]:
    return {name: round(count / samples, 4) for name, count in counter.most_common(_FUNCTIONS)}


def _package(frame: FrameType) -> str:
    return _place(frame)[0]


def _function(frame: FrameType) -> str:
    package, module = _place(frame)
    return f"`{frame.f_code.co_qualname}` in {module or package}"


def _place(frame: FrameType) -> tuple[str, str]:
    """Return the package and the module of a frame."""
    path = Path(frame.f_code.co_filename)
    for folder in (ROOT, _SITE_PACKAGES, _STANDARD_LIBRARY):
        if path.is_relative_to(folder) and not (folder is not _SITE_PACKAGES and "site-packages" in path.parts):
            parts = path.relative_to(folder).with_suffix("").parts
            return (parts[0] if folder is not _STANDARD_LIBRARY else "standard library"), ".".join(parts)
    # attrs compiles the methods that it makes.
    return (frame.f_globals.get("__name__", "?").partition(".")[0], str(frame.f_globals.get("__name__", "?")))


def main(name: str, seconds: str, service: str) -> str:
    """Profile a hot path in this process; return the profile as JSON."""
    without_orjson()
    with PATHS[name](Service(**json.loads(service))) as call:
        return json.dumps(asdict(_run(call, float(seconds))))


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]) + "\n")

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
from types import CodeType, FrameType
from typing import NamedTuple

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
        self.seen: Counter[CodeType] = Counter()
        self.collecting = 0.0
        self._collection_start = 0.0

    def look(self, _signal: int, frame: FrameType | None) -> None:
        if frame is not None:
            self.seen[frame.f_code] += 1

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
    return Profile(
        microseconds=round(spent / calls * 1_000_000, 1),
        samples=sampler.seen.total(),
        packages=_shares(sampler.seen, lambda code: _place(code).package),
        functions=_shares(sampler.seen, lambda code: f"{_place(code).module}: {code.co_qualname}"),
        garbage_collection=round(sampler.collecting / spent, 4),
    )


def _shares(seen: Counter[CodeType], name_of: Callable[[CodeType], str]) -> dict[str, float]:
    shares: Counter[str] = Counter()
    for code, count in seen.items():
        shares[name_of(code)] += count
    return {name: round(count / seen.total(), 4) for name, count in shares.most_common(_FUNCTIONS)}


class _Place(NamedTuple):
    package: str
    module: str


def _place(code: CodeType) -> _Place:
    path = Path(code.co_filename)
    for folder in (_SITE_PACKAGES, _STANDARD_LIBRARY, ROOT):
        if path.is_relative_to(folder):
            package, *modules = path.relative_to(folder).with_suffix("").parts
            module = ".".join([package, *modules])
            return _Place(f"{package} (standard library)" if folder is _STANDARD_LIBRARY else package, module)
    # attrs compiles the methods that it makes, and tells so in place of a path.
    return _Place(code.co_filename.strip("<>"), code.co_filename.strip("<>"))


def main(name: str, seconds: str, service: str) -> str:
    """Profile a hot path in this process; return the profile as JSON."""
    without_orjson()
    with PATHS[name](Service(**json.loads(service))) as call:
        return json.dumps(asdict(_run(call, float(seconds))))


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]) + "\n")

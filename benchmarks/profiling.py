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
_FEWEST_SAMPLES = 100
_LARGEST = 15
_SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True)
class Profile:
    """Where CPU time went, in shares of it.

    Attributes:
        microseconds: The CPU time of one call.
        samples: How often it was looked.
        packages: The shares of packages, each without what it calls of others; the largest first, from half a percent.
        functions: The shares of functions without those that they call; likewise.
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
        seconds: For how long it is called again and again, at least; it goes on until that tells something.
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


def _run(call: Callable[[], object], seconds: float) -> Profile:
    for _ in range(20):
        call()
    seen: Counter[CodeType] = Counter()
    calls, start = 0, time.process_time()
    with _looking(seen):
        # Kernels differ in how often they interrupt.
        while not calls or seen.total() < _FEWEST_SAMPLES:
            end = time.process_time() + seconds
            while time.process_time() < end:
                discard_result([call()])
                calls += 1
    spent = time.process_time() - start
    return Profile(
        microseconds=round(spent / calls * 1_000_000, 1),
        samples=seen.total(),
        packages=_shares(seen, lambda code: _place(code).package),
        functions=_shares(seen, lambda code: f"{_place(code).module}: {code.co_qualname}"),
        garbage_collection=round(_garbage_collection(call, calls // 4 + 1), 4),
    )


def discard_result(held: list[object]) -> None:
    """Free what a call returned: a function of its own, so that it shows."""
    held.clear()


@contextmanager
def _looking(seen: Counter[CodeType]) -> Iterator[None]:
    def look(_signal: int, frame: FrameType | None) -> None:
        if frame is not None:
            seen[frame.f_code] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)


def _garbage_collection(call: Callable[[], object], calls: int) -> float:
    """Return the garbage collector's share of CPU time: a run of its own, as these callbacks draw the looks to them."""
    collecting, begin = 0.0, 0.0

    def note(phase: str, _details: object) -> None:
        nonlocal collecting, begin
        if phase == "start":
            begin = time.process_time()
        else:
            collecting += time.process_time() - begin

    gc.callbacks.append(note)
    start = time.process_time()
    for _ in range(calls):
        discard_result([call()])
    spent = time.process_time() - start
    gc.callbacks.remove(note)
    return collecting / spent


def _shares(seen: Counter[CodeType], name_of: Callable[[CodeType], str]) -> dict[str, float]:
    shares: Counter[str] = Counter()
    for code, count in seen.items():
        shares[name_of(code)] += count
    total = seen.total()
    return {name: round(count / total, 4) for name, count in shares.most_common(_LARGEST) if count / total >= 0.005}


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
    # What has no file tells so in place of a path: `<frozen abc>`, `<attrs generated init ...>`.
    kind, _, module = code.co_filename.strip("<>").partition(" ")
    return _Place(
        f"{module} (standard library)" if kind == "frozen" else f"{kind}, compiled at run time", module or kind
    )


def main(name: str, seconds: str, service: str) -> str:
    """Profile a hot path in this process; return the profile as JSON."""
    without_orjson()
    with PATHS[name](Service(**json.loads(service))) as call:
        return json.dumps(asdict(_run(call, float(seconds))))


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]) + "\n")

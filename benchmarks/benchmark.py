"""Defines a benchmark: contenders that do the same work as a baseline, and goals for the ratios of their costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from math import comb
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
CANNOT_TELL = "can't tell"

_RUNS = 50
"""One in this many runs may give an interval without the true median."""

Turn = Callable[[], float]
"""Does the work of a subject once, and returns the cost."""


@dataclass(frozen=True)
class Service:
    """The URLs of the loopback server.

    Attributes:
        fixed: The URL that always returns the same user, or the same page of users.
        local: The URL with the users of a `LocalClerk`.
        late: The URL with the same users, which delays each response by 20 ms.
        users: The number of users in the `LocalClerk`.
    """

    fixed: str
    local: str
    late: str
    users: int


@dataclass(frozen=True)
class Task:
    """The parameters of a subject.

    Attributes:
        count: How many times to do the work in one turn.
        service: The loopback server.
    """

    count: int
    service: Service


Subject = Callable[[Task], AbstractContextManager[Turn]]
"""Sets up what is measured, and tears it down afterwards."""


@dataclass(frozen=True)
class Contender:
    """A contender, which is compared with a baseline.

    Attributes:
        name: The name in tables and charts.
        subject: The work to measure.
        goal: The highest acceptable ratio to the baseline's cost; None if there is no goal.
        stretch: A more ambitious goal.
        needs: A module that has to be installed. orjson is hidden from contenders that don't need it.
        floor: The name of another contender, which does only what any solution has to do; empty if none is known.
    """

    name: str
    subject: Subject
    goal: float | None = None
    stretch: float | None = None
    needs: str = "sys"
    floor: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether it can be measured here."""
        return find_spec(self.needs) is not None


@dataclass(frozen=True)
class Benchmark:
    """A baseline, and contenders that do the same work.

    Attributes:
        name: Its name on the command line.
        what: The work that all of them do.
        chart: The chart that shows it.
        baseline: The name of the baseline, and its work.
        contenders: The contenders.
        count: How often each does its work in one turn.
        turns: How many turns of each a process measures.
        asked: The work in the words of a user who asks what it costs; empty if few do.
        means: Who is affected by a higher cost; empty if there is no goal.
    """

    name: str
    what: str
    chart: str
    baseline: tuple[str, Subject]
    contenders: tuple[Contender, ...]
    count: int = 1
    turns: int = 15
    asked: str = ""
    means: str = ""


@dataclass(frozen=True)
class Outcome:
    """The ratios that several processes measured, each the median over its turns.

    The interval leaves out the k lowest and the k highest ratios, where k is as large as possible while the interval
    contains the true median in 98 of 100 runs: with 7 processes k is 0, with 15 it is 2.
    """

    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median."""
        return median(self.ratios)

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return sorted(self.ratios)[self._cut]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return sorted(self.ratios)[-1 - self._cut]

    @property
    def _cut(self) -> int:
        # A ratio is as likely to be above the true median as below it, so the number above it follows coin tosses.
        count = len(self.ratios)
        chances = accumulate(comb(count, rank) for rank in range(count // 2 + 1))
        return max(0, sum(2 * chance * _RUNS <= 1 << count for chance in chances) - 1)

    def verdict(self, contender: Contender) -> str:
        """Return whether a goal is met; that can't be told if the goal is within the interval."""
        if contender.goal is None:
            return ""
        if self.low > contender.goal:
            return "missed"
        if self.high > contender.goal:
            return CANNOT_TELL
        return "met, stretch too" if contender.stretch is not None and self.high <= contender.stretch else "met"


def check(condition: bool) -> None:
    """Check that a subject does the same as the others, even with `python -O`."""
    if not condition:
        raise RuntimeError("a subject did not do its work")

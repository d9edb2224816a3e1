"""What a benchmark is: contenders that do the same beside a baseline, and the ratios that are to be reached."""

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
CLERK = "clerk-client"
OFFICIAL = "clerk-backend-api"
CANNOT_TELL = "can't tell"

_RUNS = 50
"""In one of so many runs the interval may miss the true median."""

Turn = Callable[[], float]
"""Does a subject's work once and returns what it cost."""


@dataclass(frozen=True)
class Service:
    """Where the loopback server answers.

    Attributes:
        fixed: The URL where every user and every page of users is the same.
        local: The URL where the users of a `LocalClerk` are.
        late: The URL where the same users are, each answer 20 ms late.
        users: How many users the `LocalClerk` has.
    """

    fixed: str
    local: str
    late: str
    users: int


@dataclass(frozen=True)
class Task:
    """What a subject gets to know.

    Attributes:
        count: How often it does its work in one turn.
        service: The loopback server.
    """

    count: int
    service: Service


Subject = Callable[[Task], AbstractContextManager[Turn]]
"""Makes ready what is measured, and takes it down afterwards."""


@dataclass(frozen=True)
class Contender:
    """Who is measured beside a baseline.

    Attributes:
        name: The name that tables and charts show.
        subject: What it does.
        goal: The ratio to the baseline's cost that is to be reached; None where the ratio is only of interest.
        stretch: The ratio that would be better still.
        needs: A module that has to be installed. orjson is hidden from those that don't need it.
    """

    name: str
    subject: Subject
    goal: float | None = None
    stretch: float | None = None
    needs: str = "sys"

    @property
    def is_installed(self) -> bool:
        """Whether it can be measured here."""
        return find_spec(self.needs) is not None


@dataclass(frozen=True)
class Benchmark:
    """Contenders that do the same, each beside the baseline.

    Attributes:
        name: Its name on the command line.
        what: What all of them do.
        chart: The chart that shows it.
        baseline: Who the others are compared with: its name, and what it does.
        contenders: The others.
        count: How often each does its work in one turn.
        turns: How many turns of both a process measures.
        asked: What somebody does who asks what it costs; empty where few do.
        means: Who feels it where it costs more; empty where there is no goal.
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

    The interval goes from the least but k to the greatest but k, with k as large as it can be for the interval to hold
    the true median in 98 of 100 runs: with 7 processes k is 0, with 15 it is 2.
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
        # Each ratio is above the true median as likely as below: how many are, is a matter of tossing coins.
        count = len(self.ratios)
        chances = accumulate(comb(count, rank) for rank in range(count // 2 + 1))
        return max(0, sum(2 * chance * _RUNS <= 1 << count for chance in chances) - 1)

    def verdict(self, contender: Contender) -> str:
        """Tell whether a goal is met; it can't be told where the goal lies within the interval."""
        if contender.goal is None:
            return ""
        if self.low > contender.goal:
            return "missed"
        if self.high > contender.goal:
            return CANNOT_TELL
        return "met, stretch too" if contender.stretch is not None and self.high <= contender.stretch else "met"


def check(condition: bool) -> None:
    """Make sure that a subject does what the others do, with or without `python -O`."""
    if not condition:
        raise RuntimeError("a subject did something else than it was to do")

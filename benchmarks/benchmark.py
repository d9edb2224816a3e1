"""What a benchmark is: contenders that do the same, the one they are compared with, and goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLERK = "clerk-client"
CLERK_SPEED = "clerk-client[speed]"
CLERK_AIOHTTP = "clerk-client[aiohttp]"
OFFICIAL = "clerk-backend-api"


class Unavailable(Exception):  # noqa: N818  # nothing is wrong
    """A contender cannot be measured here; the text says what is missing."""


@dataclass(frozen=True)
class Service:
    """Where the loopback server answers.

    Attributes:
        fixed: The URL where every user and every page of users is the same.
        local: The URL where the users of a `LocalClerk` are.
        late: The URL where the same users are, each answer `LATENCY` seconds late.
        users: How many users the `LocalClerk` has.
    """

    fixed: str
    local: str
    late: str
    users: int


@dataclass(frozen=True)
class Task:
    """What a measurement gets to know.

    Attributes:
        count: How often it does what it measures, or how many users it does it with.
        service: The loopback server.
        tree: The project's folder.
    """

    count: int
    service: Service
    tree: Path = ROOT


Measurement = Callable[[Task], float]
"""Measures one contender once, in a process of its own; raises `Unavailable` where it cannot be measured."""


class Comparison(Enum):
    """How a contender's value is compared with the baseline's."""

    RATIO = "times the baseline"
    DIFFERENCE = "more than the baseline"
    SPEEDUP = "times as fast as the baseline"
    NONE = "not compared"

    def apply(self, value: float, baseline: float) -> float:
        """Compare a value with the baseline's."""
        match self:
            case Comparison.RATIO:
                return value / baseline
            case Comparison.DIFFERENCE:
                return value - baseline
            case Comparison.SPEEDUP:
                return baseline / value
            case Comparison.NONE:
                return value

    def is_met(self, compared: float, limit: float) -> bool:
        """Tell whether a compared value is as good as a limit."""
        return compared >= limit if self is Comparison.SPEEDUP else compared <= limit


@dataclass(frozen=True)
class Goal:
    """What a contender is to reach.

    Attributes:
        contender: Whose goal it is.
        limit: The compared value that is good enough.
        stretch: The one that would be better still, or None.
    """

    contender: str
    limit: float
    stretch: float | None = None


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Contenders that do the same.

    Attributes:
        name: Its name on the command line.
        title: What is measured.
        unit: The unit of the values.
        contenders: A measurement for each.
        goals: What is to be reached.
        comparison: How values are compared with the baseline's.
        baseline: The contender that the others are compared with; None where nothing is compared.
        count: The count of a measurement that is to tell something.
        smallest: The count of one that only shows that it works.
        rounds: How often each contender is measured at most.
    """

    name: str
    title: str
    unit: str
    contenders: Mapping[str, Measurement]
    goals: tuple[Goal, ...]
    comparison: Comparison = Comparison.RATIO
    baseline: str | None = None
    count: int = 1
    smallest: int = 1
    rounds: int = 1_000


__all__ = [
    "CLERK",
    "CLERK_AIOHTTP",
    "CLERK_SPEED",
    "OFFICIAL",
    "ROOT",
    "Benchmark",
    "Comparison",
    "Goal",
    "Measurement",
    "Service",
    "Task",
    "Unavailable",
]

"""Why goals were missed, and what was tried; `make bench` prints the reason where the goal is missed."""

from __future__ import annotations

from .benchmark import CLERK, CLERK_SPEED

_NEAR = (
    "near the goal, on either side of it in different runs ({}) on a virtual machine with two cores, whose speed varies"
    " by a third"
)

REASONS: dict[tuple[str, str], str] = {
    ("ready-cpu", CLERK): _NEAR.format("1.08x, 1.24x"),
    ("decode-many", CLERK): _NEAR.format("1.50x, 1.77x"),
    ("call-many", CLERK_SPEED): _NEAR.format("0.94x, 1.05x"),
    ("paging-cpu", CLERK): _NEAR.format("1.22x to 1.42x"),
    ("decode-many", CLERK_SPEED): (
        "orjson alone takes more than half of what `json.loads` takes; eight models a user, with about a hundred"
        " properties that are read one by one and checked for their type, do not fit into the rest. Tried: no checks"
        " (0.06x less, not kept), the dict of additional properties made only when asked for (0.1x less), loops for"
        " comprehensions and empty lists kept (0.05x less), one user at a time through msgspec.Raw or the standard"
        " library's scanner, so that its dicts stay in the processor's cache (no less)"
    ),
}
"""By the names of benchmark and contender."""

__all__ = ["REASONS"]

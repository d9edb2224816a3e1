"""Why goals were missed, and what was tried; `make bench` prints the reason where the goal is missed."""

from __future__ import annotations

REASONS: dict[tuple[str, str], str] = {}
"""By the names of benchmark and contender."""

__all__ = ["REASONS"]

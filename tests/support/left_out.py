"""What a run of the tests left out and why, in one line at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest


def left_out(skipped: Iterable[pytest.TestReport | pytest.CollectReport], deselected: int) -> str:
    """Say in one line what was left out, what was left out most often first."""
    counted = Counter(_reason(report) for report in skipped)
    parts = [f"{_tests(count)} ({reason})" for reason, count in counted.most_common()]
    if deselected:
        parts.append(f"{_tests(deselected)} (deselected)")
    return f"Left out: {'; '.join(parts) or 'nothing'}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr[2] if isinstance(report.longrepr, (tuple, list)) else report.longreprtext
    return " ".join(told.removeprefix("Skipped: ").split())


def _tests(count: int) -> str:
    return "1 test" if count == 1 else f"{count} tests"


__all__ = ["left_out"]

"""What a worker reports."""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

_LONG = 0.005  # seconds; --durations leaves out what took less


def run_and_report(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Run a test, and report all but a short setup or teardown that went well.

    pytest would report each of the three, which takes longer than many a test, above all in the process that hears
    them from all workers.
    """
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed or report.duration >= _LONG:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


__all__ = ["run_and_report"]

"""Programs that serve until somebody presses Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


def press_ctrl_c(process: subprocess.Popen[str], *, group: bool = False) -> int:
    """Press Ctrl-C until a program ends, and return its exit code.

    Once is not always enough: wsgiref swallows it while it answers a request.

    Args:
        process: The program.
        group: Whether all programs of its group get it, as in a terminal; it has to lead one.
    """
    for _ in range(12):
        if group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("Ctrl-C does not end it")


def wait_until_it_answers(browser: httpx.Client, seconds: float = 60) -> None:
    """Wait until a server has started."""
    ends_at = time.monotonic() + seconds
    while True:
        try:
            browser.get("/nowhere")
        except httpx.ConnectError:
            assert time.monotonic() < ends_at, "it does not start"
            time.sleep(0.05)
        else:
            return


@contextmanager
def killed_at_the_end(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Let no program outlive a test that fails."""
    with process:
        try:
            yield process
        finally:
            process.kill()


__all__ = ["killed_at_the_end", "press_ctrl_c", "wait_until_it_answers"]

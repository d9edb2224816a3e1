"""The example that updates metadata from a Dask cluster."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.testing import LocalClerk
from examples import bulk_metadata_dask as example

ROOT = Path(__file__).parents[2]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Answer:
    """An actor's answer, as Dask gives it."""

    def __init__(self, value: float | None) -> None:
        self.value = value

    def result(self) -> float | None:
        return self.value


class Turns:
    """A rate limit that gives every turn at once, and notes the pauses."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def turn(self) -> Answer:
        return Answer(0.0)

    def pause(self, seconds: float) -> Answer:
        self.pauses.append(seconds)
        return Answer(None)


@pytest.fixture
def worker(local: LocalClerk) -> Iterator[LocalClerk]:
    """A service for code that runs on a worker, in this process."""
    example.worker_client.cache_clear()
    with example.worker_client():
        yield local


def test_turns_keep_to_the_rate() -> None:
    clock = Clock()
    limit = example.RateLimit(4, clock)
    assert [limit.turn() for _ in range(3)] == [0, 0.25, 0.5]
    clock.now = 10
    assert [limit.turn() for _ in range(2)] == [0, 0.25]


def test_pause_is_for_everybody() -> None:
    clock = Clock()
    limit = example.RateLimit(4, clock)
    limit.pause(30)
    assert [limit.turn() for _ in range(2)] == [30, 30.25]
    limit.pause(1)
    assert limit.turn() == 30.5


def test_worker_pauses_all_after_429_and_tries_again(worker: LocalClerk) -> None:
    (user_id,) = worker.seed_users(1)
    worker.fail_next(status=429, retry_after=7)
    worker.fail_next(status=429)
    turns = Turns()
    assert example.update_batch([(user_id, "pro")], turns) == [(user_id, "done")]
    assert turns.pauses == [7, example.PAUSE]
    assert worker.client().users.get_user(user_id).public_metadata == {"plan": "pro"}


def test_user_who_is_refused_is_told(worker: LocalClerk) -> None:
    ((user_id, outcome),) = example.update_batch([("user_missing", "pro")], Turns())
    assert user_id == "user_missing"
    assert outcome.startswith("404 ")


# Its processes are many for a machine that runs other tests too.
@pytest.mark.xdist_group("dask")
def test_cluster_updates_everybody_and_a_second_run_only_the_rest(local: LocalClerk, tmp_path: Path) -> None:
    ids = local.seed_users(120)
    first, rest = ids[:70], ids[70:]
    progress = tmp_path / "progress.csv"

    assert "70 updated, 0 failed, 0 were done before" in run(tmp_path, progress, first)
    assert "50 updated, 0 failed, 70 were done before" in run(tmp_path, progress, ids)

    assert Counter(request.path.split("/")[-2] for request in local.requests) == Counter(ids)
    users = local.client().users.get_user_list(limit=500)
    assert [user.public_metadata for user in users] == [{"plan": "pro"}] * len(ids)
    assert set(progress.read_text().split()) == set(first) | set(rest)


def run(folder: Path, progress: Path, ids: list[str]) -> str:
    """Run the script for some users, and return what it prints."""
    changes = folder / "changes.csv"
    with changes.open("w", newline="") as file:
        csv.writer(file).writerows([("user_id", "plan"), *((user_id, "pro") for user_id in ids)])
    done = subprocess.run(
        [sys.executable, "examples/bulk_metadata_dask.py", str(changes), "--progress", str(progress)]
        + ["--workers", "2", "--rate", "1000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

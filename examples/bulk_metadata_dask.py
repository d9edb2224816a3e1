"""Update the metadata of very many users from a Dask cluster.

    pip install distributed
    python examples/bulk_metadata_dask.py plans.csv --progress done.csv --workers 4 --rate 80

The file has the columns `user_id` and `plan`; the plan goes into the user's public metadata. Without `--scheduler` the
cluster is a local one.

It can be stopped at any time: the progress file gets a line for each user that is done, and another run with the same
file does the rest. What was under way is done again, which changes nothing. All workers together keep to one rate: an
actor on the cluster gives each request its turn, and when the service answers 429, everybody waits. The key is not sent
through the cluster: each worker takes `CLERK_SECRET_KEY` from its own environment.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import distributed

from clerk import ClerkAPIResponseError, ClerkClient, RateLimitError, create_clerk_client

dask: Any = distributed  # its functions have no annotations

Change = tuple[str, str]
"""A user's id and the new plan."""
Outcome = tuple[str, str]
"""A user's id, and `done` or what went wrong."""

BATCH = 50
PAUSE = 10.0
"""The seconds to wait after a 429 that does not say how long."""


class RateLimit:
    """Gives turns at a steady rate; lives on one worker, and all of them ask it.

    Args:
        rate: Turns a second.
        clock: Seconds that only ever grow.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 1 / rate
        self._clock = clock
        self._next = clock()

    def turn(self) -> float:
        """Return the seconds until the caller's turn."""
        now = self._clock()
        start = max(now, self._next)
        self._next = start + self._interval
        return start - now

    def pause(self, seconds: float) -> None:
        """Give no turn for some time. Turns that were given stay."""
        self._next = max(self._next, self._clock() + seconds)


class Turns(Protocol):
    """`RateLimit` as the workers see it: answers come from afar."""

    def turn(self) -> Any:  # Dask's futures have no types
        """See `RateLimit.turn`."""

    def pause(self, seconds: float) -> Any:  # the same
        """See `RateLimit.pause`."""


@cache
def worker_client() -> ClerkClient:
    """Return this worker's client. It does not wait after a 429 by itself: the others have to hear of it."""
    return create_clerk_client(max_retries=0)


def update_batch(batch: Sequence[Change], turns: Turns) -> list[Outcome]:
    """Update some users; runs on a worker."""
    return [(user_id, update(user_id, plan, turns)) for user_id, plan in batch]


def update(user_id: str, plan: str, turns: Turns) -> str:
    """Update one user when it is its turn, and return the outcome."""
    while True:
        time.sleep(turns.turn().result())
        try:
            worker_client().users.update_user_metadata(user_id, public_metadata={"plan": plan})
        except RateLimitError as error:
            turns.pause(PAUSE if error.retry_after is None else error.retry_after).result()
        except ClerkAPIResponseError as error:
            return str(error)
        else:
            return "done"


def main(arguments: Sequence[str] | None = None) -> int:
    """Update, and return the exit code: 0, or 1 where some users could not be updated."""
    options = _parser().parse_args(arguments)
    finished = read_progress(options.progress)
    changes = [change for change in read_changes(options.changes) if change[0] not in finished]
    with _cluster(options) as cluster, options.progress.open("a", newline="", encoding="utf-8") as file:
        progress = csv.writer(file)
        failed = 0
        for user_id, outcome in run(cluster, changes, options.rate):
            if outcome == "done":
                progress.writerow([user_id])
                file.flush()
            else:
                failed += 1
                print(f"{user_id}: {outcome}", file=sys.stderr)
    print(f"{len(changes) - failed} updated, {failed} failed, {len(finished)} were done before")
    return 1 if failed else 0


def run(cluster: Any, changes: Iterable[Change], rate: float) -> Iterator[Outcome]:  # Dask's client has no types
    """Have the cluster make all changes, and yield each outcome as its batch is done."""
    turns = cluster.submit(RateLimit, rate, actor=True).result()
    futures = [cluster.submit(update_batch, batch, turns, pure=False) for batch in in_batches(changes)]
    for future in dask.as_completed(futures):
        yield from future.result()
        future.release()


def in_batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Yield changes in lists, each the work of one task."""
    remaining = iter(changes)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def read_changes(path: Path) -> list[Change]:
    """Read the file; the last line of a user counts."""
    with path.open(newline="", encoding="utf-8") as file:
        return list({line["user_id"]: line["plan"] for line in csv.DictReader(file)}.items())


def read_progress(path: Path) -> set[str]:
    """Return the ids of the users that are done."""
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8") as file:
        return {line[0] for line in csv.reader(file) if line}


def _cluster(options: argparse.Namespace) -> Any:  # Dask's client has no types
    if options.scheduler:
        return dask.Client(options.scheduler)
    return dask.Client(n_workers=options.workers, threads_per_worker=1, dashboard_address=None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Update the metadata of very many users from a Dask cluster.")
    parser.add_argument("changes", type=Path, help="CSV with the columns user_id and plan")
    parser.add_argument("--progress", type=Path, required=True, help="CSV that keeps track of who is done")
    parser.add_argument("--rate", type=float, default=80.0, help="requests a second, over all workers")
    parser.add_argument("--workers", type=int, default=4, help="processes of the local cluster")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a cluster of your own, as tcp://host:8786")
    return parser


if __name__ == "__main__":
    sys.exit(main())

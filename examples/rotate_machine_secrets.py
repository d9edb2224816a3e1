"""Give every machine a new secret key, and write the keys to files for whoever deploys them.

    python examples/rotate_machine_secrets.py secrets --grace-period 3600

The file of a machine is named after its id and can be read by its owner alone. The old key goes on working for the
grace period: deploy the new ones within that time. Keys are never printed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from clerk import ClerkAPIResponseError, ClerkClient, create_clerk_client

LONGEST_GRACE_PERIOD = 28_800
"""The longest time, in seconds, that the service lets an old key go on working."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Rotate, and return the exit code: 0, or 1 where a machine kept its old key."""
    parser = argparse.ArgumentParser(description="Give every machine a new secret key.")
    parser.add_argument("folder", type=Path, help="where to write the keys; it is made if there is none")
    parser.add_argument("--grace-period", type=int, default=3600, help="seconds that the old keys go on working")
    parser.add_argument("--only", metavar="TEXT", help="a machine's id, or a part of the names of some")
    options = parser.parse_args(arguments)
    if not 0 <= options.grace_period <= LONGEST_GRACE_PERIOD:
        parser.error(f"--grace-period must be from 0 to {LONGEST_GRACE_PERIOD}")

    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    failed = 0
    with create_clerk_client() as clerk:
        chosen = {"query": options.only} if options.only else {}
        # All of them first: a list should not be read while it is changed.
        for machine in list(clerk.machines.list(limit=500, **chosen).auto_paging_iter()):
            try:
                rotate(clerk, machine.id, options.folder, options.grace_period)
            except ClerkAPIResponseError as error:
                failed += 1
                print(f"{machine.name}: {error}", file=sys.stderr)
            else:
                print(f"{machine.name}: rotated")
    return 1 if failed else 0


def rotate(clerk: ClerkClient, machine_id: str, folder: Path, grace_period: int) -> None:
    """Give one machine a new key, and write it to the machine's file."""
    key = clerk.machines.rotate_secret_key(machine_id, previous_token_ttl=grace_period)
    # A file of its own first: a key that was issued must not be lost to a half-written file.
    fresh = folder / f".{machine_id}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(key.secret)
    fresh.replace(folder / machine_id)


if __name__ == "__main__":
    sys.exit(main())

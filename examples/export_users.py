"""Write all users to a CSV file, with a progress bar.

    pip install tqdm
    python examples/export_users.py users.csv

Users come in the order of their creation, so that none is missed or comes twice, whatever happens meanwhile.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from clerk import create_clerk_client, models, to_datetime

COLUMNS = ("id", "email_address", "phone_number", "username", "first_name", "last_name", "created_at", "banned")


def main(arguments: Sequence[str] | None = None) -> int:
    """Export, and return the exit code."""
    parser = argparse.ArgumentParser(description="Write all users to a CSV file.")
    parser.add_argument("file", type=Path, help="the CSV to write")
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")
    options = parser.parse_args(arguments)

    with create_clerk_client() as clerk, options.file.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        users = clerk.users.get_user_list(limit=500, order_by="created_at").auto_paging_iter()
        for user in tqdm(users, total=clerk.users.get_count(), unit=" users", disable=options.quiet):
            table.writerow(row(user))
    return 0


def row(user: models.User) -> list[object]:
    """Return a user's line, in the order of `COLUMNS`."""
    return [
        user.id,
        primary_email_address(user),
        primary_phone_number(user),
        user.username,
        user.first_name,
        user.last_name,
        to_datetime(user.created_at).isoformat(timespec="milliseconds"),
        user.banned,
    ]


def primary_email_address(user: models.User) -> str | None:
    """Return a user's primary e-mail address."""
    found = (item.email_address for item in user.email_addresses if item.id == user.primary_email_address_id)
    return next(found, None)


def primary_phone_number(user: models.User) -> str | None:
    """Return a user's primary phone number."""
    found = (item.phone_number for item in user.phone_numbers if item.id == user.primary_phone_number_id)
    return next(found, None)


if __name__ == "__main__":
    sys.exit(main())

"""Invite everybody in a CSV file.

    python examples/bulk_invite.py people.csv --report invited.csv

The file has a column `email_address`; the columns `redirect_url` and `plan` are optional. The plan goes into the public
metadata of the future user. The report gets a line for each person as soon as the outcome is known, and who is in it
already is left out: after an interruption, or when the service says that it was too much for an hour, run it again.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from clerk import BadRequestError, ClerkClient, RateLimitError, UnprocessableEntityError, create_clerk_client

if TYPE_CHECKING:
    from clerk_generated.typed_dicts import InvitationParamsDict

BATCH = 10
"""How many people one request can invite."""

Person = dict[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Invite, and return the exit code: 0, or 1 where somebody is still to be invited."""
    parser = argparse.ArgumentParser(description="Invite everybody in a CSV file.")
    parser.add_argument("people", type=Path, help="CSV with the column email_address")
    parser.add_argument("--report", type=Path, required=True, help="CSV to add the outcomes to")
    options = parser.parse_args(arguments)

    known = read_report(options.report)
    people = [person for person in read_people(options.people) if person["email_address"] not in known]
    with create_clerk_client() as clerk, options.report.open("a", newline="", encoding="utf-8") as file:
        report = csv.writer(file)
        if not known:
            report.writerow(["email_address", "outcome"])
        try:
            for email_address, outcome in invite(clerk, people):
                report.writerow([email_address, outcome])
                file.flush()
                print(f"{email_address}: {outcome}")
        except RateLimitError as error:
            when = "later" if error.retry_after is None else f"in {error.retry_after:.0f} s"
            print(f"too many invitations for now; run this again {when}", file=sys.stderr)
            return 1
    return 0


def invite(clerk: ClerkClient, people: Iterable[Person]) -> Iterator[tuple[str, str]]:
    """Invite people, and yield each address with `invited` or the reason why not."""
    for batch in in_batches(people):
        try:
            clerk.invitations.create_invitation_bulk(body=[invitation(person) for person in batch])
        except (BadRequestError, UnprocessableEntityError):
            # One of them is refused, and all with them: go one by one to find out who.
            yield from invite_singly(clerk, batch)
        else:
            for person in batch:
                yield person["email_address"], "invited"


def invite_singly(clerk: ClerkClient, people: Iterable[Person]) -> Iterator[tuple[str, str]]:
    """Invite people one by one; yields the same as `invite`."""
    for person in people:
        try:
            clerk.invitations.create_invitation_bulk(body=[invitation(person)])
        except (BadRequestError, UnprocessableEntityError) as error:
            yield person["email_address"], ", ".join(item.code for item in error.errors)
        else:
            yield person["email_address"], "invited"


def invitation(person: Person) -> InvitationParamsDict:
    """Return the invitation for a line of the file."""
    params: InvitationParamsDict = {"email_address": person["email_address"]}
    if redirect_url := person.get("redirect_url"):
        params["redirect_url"] = redirect_url
    if plan := person.get("plan"):
        params["public_metadata"] = {"plan": plan}
    return params


def in_batches(people: Iterable[Person]) -> Iterator[list[Person]]:
    """Yield people in lists that one request can take."""
    remaining = iter(people)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def read_people(path: Path) -> list[Person]:
    """Read the lines of the file, each address once."""
    with path.open(newline="", encoding="utf-8") as file:
        people = {person["email_address"].strip(): person for person in csv.DictReader(file)}
    return [{**person, "email_address": email_address} for email_address, person in people.items()]


def read_report(path: Path) -> set[str]:
    """Return the addresses whose outcome is known."""
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8") as file:
        return {line["email_address"] for line in csv.DictReader(file)}


if __name__ == "__main__":
    sys.exit(main())

"""Runs a client that others wrote through a story against the local service, and hears what it tells."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from clerk.testing import LocalClerk, ReceivedRequest
from clerk.testing._document.operations import Operation, load_document

ROOT = Path(__file__).parents[2]


class Refusal(NamedTuple):
    """What a client says about a call that fails.

    Attributes:
        status: The HTTP status, where it tells.
        code: The code of the first error.
        parameter: The parameter that the first error is about.
    """

    status: int | None
    code: str | None
    parameter: str | None = None


@dataclass(frozen=True)
class Story:
    """What came of a story.

    Attributes:
        steps: Name -> nothing, or what went wrong.
        refusals: Name -> what the client said.
        received: What the service received.
    """

    steps: dict[str, str]
    refusals: dict[str, Refusal]
    received: list[ReceivedRequest]

    @property
    def operations(self) -> set[str]:
        """The operations that were carried out."""
        succeeded = (operation_of(request) for request in self.received if (request.status or 500) < 300)
        return {operation.id for operation in succeeded if operation is not None}

    @property
    def refused(self) -> list[ReceivedRequest]:
        """What the service refused."""
        return [request for request in self.received if (request.status or 500) >= 400]


def run(command: Sequence[str | Path]) -> Story:
    """Run a program that tells a story, with a service of its own; it finds one user there, with an OAuth token."""
    with LocalClerk(check_answers=True) as local, local.client() as client:
        (user_id,) = local.seed_users(1)
        application = client.oauth_applications.create(name="Seeded", redirect_uris=["https://example.com/back"])
        token = local.create_oauth_access_token(application.id, user_id)
        before = len(local.requests)
        with local.serve() as url:
            environment = {
                "PATH": os.environ["PATH"],
                "CLERK_API_URL": url,
                "CLERK_SECRET_KEY": local.secret_key,
                "OAUTH_ACCESS_TOKEN": token,
            }
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return _heard(done.stdout, local.requests[before:])


def operation_of(request: ReceivedRequest) -> Operation | None:
    """Return the operation that a request is for, or None where the document has none."""
    place = load_document().route(request.path.removeprefix("/v1"))
    return place[0].get(request.method) if place else None


def do_without(reason: str) -> NoReturn:
    """Skip the tests of a client that is not there; where all checks are made, they fail instead."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI cannot do without it")
    pytest.skip(reason)


def _heard(told: str, received: list[ReceivedRequest]) -> Story:
    steps: dict[str, str] = {}
    refusals: dict[str, Refusal] = {}
    for line in map(json.loads, told.splitlines()):
        if "refused" in line:
            refusals[line["refused"]] = Refusal(line.get("status"), line.get("code"), line.get("parameter"))
        else:
            assert line["step"] not in steps, f"two steps are called {line['step']!r}"
            steps[line["step"]] = "" if line["ok"] else line["error"]
    return Story(steps, refusals, received)

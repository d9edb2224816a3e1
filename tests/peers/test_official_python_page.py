"""What README and docs say of Clerk's SDK for Python is tried on that SDK, and the code beside it on this client."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

import clerk
from clerk import NotFoundError, reset_default_clients
from clerk.testing import LocalClerk

from .cells import Row, rows_of, run
from .stories import ROOT, do_without

pytestmark = pytest.mark.xdist_group("official SDK for Python")

PAGE = (ROOT / "docs/from-official-sdk.md").read_text(encoding="utf-8")
PYTHON = ROOT / ".peers/official_python/bin/python"
ROWS = list(rows_of(PAGE))


def peer(module: str, given: str, **environment: str) -> dict[str, Any]:  # outcomes of any kind
    """Run a module in the SDK's environment, and return the JSON that it prints."""
    if not (ROOT / ".peers/official_python/stamp").exists():
        do_without("clerk-backend-api is not installed: run `make env`")
    done = subprocess.run(
        [PYTHON, "-m", f"tests.peers.official_python.{module}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outcomes: dict[str, Any] = json.loads(done.stdout)
    return outcomes


@pytest.fixture
def local() -> Iterator[LocalClerk]:
    """A service with one user."""
    with LocalClerk(secret_key="sk_test_...") as running:
        running.seed_users(1)
        yield running


@pytest.fixture
def theirs(local: LocalClerk) -> dict[str, Any]:  # see `peer`
    cells = [code for row in ROWS for code in row.theirs]
    with local.serve() as url:
        return peer("cells", json.dumps(cells), CLERK_API_URL=url, CLERK_SECRET_KEY=local.secret_key)


async def ours(local: LocalClerk) -> dict[str, Any]:  # see `peer`
    with local.as_default():
        request = {"Authorization": "Bearer forged"}
        with pytest.raises(NotFoundError) as caught:
            clerk.clerk_client.users.get_user("user_missing")
        names = {name: getattr(clerk, name) for name in clerk.__all__} | {
            "error": caught.value,
            "json": json,
            "logging": logging,
            "picture": b"\x89PNG\r\n\x1a\n",
            "request": request,
            "state": clerk.clerk_client.authenticate_request(request),
            "user": clerk.clerk_client.users.get_user_list()[0],
        }
        outcomes = await run([code for row in ROWS for code in row.ours if code != "attrs.asdict"], names)
    reset_default_clients()
    return outcomes


async def test_the_code_of_every_row_does_the_same(theirs: dict[str, Any]) -> None:  # see `peer`
    assert len(ROWS) > 20
    with LocalClerk() as another:
        another.seed_users(1)
        mine = await ours(another)
    wrong = {code: said for code, said in (theirs | mine).items() if isinstance(said, str) and ": " in said}
    assert wrong == {}
    compared = [row for row in ROWS if len(row.theirs) == len(row.ours) and is_plain(theirs[row.theirs[0]])]
    assert [row for row in compared if theirs[row.theirs[0]] != mine[row.ours[0]]] == []
    assert Row(["state.is_signed_in"], ["state.is_authenticated"]) in compared
    assert len(compared) >= 5


def is_plain(value: object) -> bool:
    """Tell whether a value is the same wherever it comes from."""
    return value is None or isinstance(value, bool | int)


def test_what_is_claimed_is_so() -> None:
    claims = peer("claims", "")
    assert len(claims) >= 14
    assert {name: outcome for name, outcome in claims.items() if outcome is not True} == {}


def test_every_section_of_its_readme_has_a_counterpart() -> None:
    found = list((ROOT / ".peers/official_python").glob("lib/*/site-packages/clerk_backend_api-*/METADATA"))
    if not found:
        do_without("clerk-backend-api is not installed: run `make env`")
    sections = set(re.findall(r"^## (.+?)(?: \[.*)?$", found[0].read_text(encoding="utf-8"), re.MULTILINE))
    assert len(sections) > 12
    listed = PAGE.partition("## Where the sections of its README are\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"\*\*(.+?)\*\*", listed)) == sections - {"Summary", "Table of Contents"}

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clerk import InternalServerError
from clerk.testing import LocalClerk
from examples import on_local_clerk, quickstart


def users_of(local: LocalClerk) -> dict[str, str]:
    """Return all users, each as its whole JSON."""
    with local.client() as client:
        found = client.users.get_user_list().auto_paging_iter()
        return {user.id: json.dumps(user.to_dict(), sort_keys=True) for user in found}


def test_the_quickstart_tells_its_story() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "examples.on_local_clerk", "examples/quickstart.py"],
        cwd=on_local_clerk.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    for told in (
        "There are 3 users\nCreated Ada Byron, user_",
        "Updated: now Ada Lovelace\nTheir email address is ada-",
        "Found Ada Lovelace in the list\nDeleted again\nCaught NotFoundError: 404 GET /v1/users/user_",
        "There are 3 users\nCreated Joan, user_",
        "Updated: now Joan Clarke\nTheir email address is joan-",
        "Found Joan Clarke in the list\nDeleted again\nCaught NotFoundError: 404 GET /v1/users/user_",
    ):
        assert told in done.stdout


@pytest.mark.parametrize("people", [0, 3])
async def test_it_runs_twice_and_leaves_everything_as_it_was(local: LocalClerk, people: int) -> None:
    local.seed_users(people)
    before = users_of(local)
    for _ in range(2):
        quickstart.tour()
        await quickstart.async_tour()
        assert users_of(local) == before


async def test_it_cleans_up_after_a_call_that_failed(local: LocalClerk) -> None:
    local.seed_users(1)
    before = users_of(local)
    local.fail_next(status=500, method="PATCH", times=2)
    with pytest.raises(InternalServerError):
        quickstart.tour()
    with pytest.raises(InternalServerError):
        await quickstart.async_tour()
    assert users_of(local) == before


def test_the_exit_code_is_that_of_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(7)")
    assert on_local_clerk.run(str(script)) == 7

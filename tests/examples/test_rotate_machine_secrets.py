"""The example that gives every machine a new secret key."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk.testing import LocalClerk
from examples import rotate_machine_secrets


def test_every_machine_gets_a_new_key_that_its_owner_alone_can_read(
    local: LocalClerk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machines = local.client().machines
    before = {machine.id: machine.secret_key for machine in (machines.create(name=f"worker {n}") for n in range(12))}
    assert rotate_machine_secrets.main([str(tmp_path / "keys"), "--grace-period", "60"]) == 0

    written = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert written == {machine_id: machines.get_secret_key(machine_id).secret for machine_id in before}
    assert all(written[machine_id] != old for machine_id, old in before.items())
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    shown = "".join(capsys.readouterr())
    assert not any(key in shown for key in written.values())


def test_one_can_be_chosen(local: LocalClerk, tmp_path: Path) -> None:
    machines = local.client().machines
    chosen, _ = machines.create(name="mailer"), machines.create(name="indexer")
    assert rotate_machine_secrets.main([str(tmp_path), "--only", "mailer"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [chosen.id]


def test_failure_is_told_and_the_others_go_on(
    local: LocalClerk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machines = local.client().machines
    machines.create(name="first")
    machines.create(name="second")
    local.fail_next(status=500, method="POST")
    assert rotate_machine_secrets.main([str(tmp_path)]) == 1
    output = capsys.readouterr()
    assert output.err.startswith("second: 500 ")
    assert output.out == "first: rotated\n"


def test_grace_period_that_the_service_refuses_is_refused_at_once(local: LocalClerk, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        rotate_machine_secrets.main([str(tmp_path), "--grace-period", "30000"])
    assert not local.requests

"""The example that invites everybody in a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clerk.testing import LocalClerk
from examples import bulk_invite


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


def invite(tmp_path: Path, report: Path, *lines: str) -> int:
    people = tmp_path / "people.csv"
    people.write_text("\n".join(["email_address,plan", *lines]) + "\n")
    return bulk_invite.main([str(people), "--report", str(report)])


def outcomes(report: Path) -> dict[str, str]:
    with report.open(encoding="utf-8", newline="") as file:
        return {line["email_address"]: line["outcome"] for line in csv.DictReader(file)}


def test_everybody_is_invited_ten_at_a_time(local: LocalClerk, tmp_path: Path, report: Path) -> None:
    assert invite(tmp_path, report, *(f"person{number}@example.com,pro" for number in range(23))) == 0
    assert [len(request.json) for request in local.requests] == [10, 10, 3]
    invitations = local.client().invitations.get_invitation_list(limit=100)
    assert {invitation.email_address for invitation in invitations} == outcomes(report).keys()
    assert all(invitation.public_metadata == {"plan": "pro"} for invitation in invitations)


def test_who_is_refused_does_not_keep_others_out(local: LocalClerk, tmp_path: Path, report: Path) -> None:
    local.client().invitations.create_invitation(email_address="known@example.com")
    assert invite(tmp_path, report, "ada@example.com,", "known@example.com,", "grace@example.com,") == 0
    assert outcomes(report) == {
        "ada@example.com": "invited",
        "known@example.com": "duplicate_record",
        "grace@example.com": "invited",
    }


def test_another_run_goes_on_where_the_first_one_stopped(
    local: LocalClerk, tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [f"person{number}@example.com," for number in range(15)]
    invite(tmp_path, report, *people[:10])
    local.fail_next(status=429, retry_after=1800)
    assert invite(tmp_path, report, *people) == 1
    assert "run this again in 1800 s" in capsys.readouterr().err
    assert invite(tmp_path, report, *people) == 0
    assert len(outcomes(report)) == 15
    assert local.client().invitations.get_invitation_list().total_count == 15

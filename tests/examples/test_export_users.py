"""The example that writes all users to a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clerk.testing import LocalClerk
from examples import export_users


def export(path: Path, *options: str) -> list[dict[str, str]]:
    assert export_users.main([str(path), *options]) == 0
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_user_is_a_line_in_order_of_creation(local: LocalClerk, tmp_path: Path) -> None:
    ids = local.seed_users(1001)
    assert [line["id"] for line in export(tmp_path / "users.csv", "--quiet")] == ids


def test_line_holds_what_identifies_a_user(local: LocalClerk, tmp_path: Path) -> None:
    local.client().users.create_user(
        email_address=["ada@example.com", "second@example.com"],
        phone_number=["+15555550100"],
        username="countess",
        first_name="Ada",
        last_name="Lovelace",
        password="correct horse battery",
        created_at="2025-01-02T03:04:05.678Z",
    )
    (line,) = export(tmp_path / "users.csv", "--quiet")
    assert line.pop("id").startswith("user_")
    assert line == {
        "email_address": "ada@example.com",
        "phone_number": "+15555550100",
        "username": "countess",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "created_at": "2025-01-02T03:04:05.678+00:00",
        "banned": "False",
    }


def test_progress_is_shown(local: LocalClerk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    local.seed_users(3)
    export(tmp_path / "users.csv")
    assert "3/3" in capsys.readouterr().err

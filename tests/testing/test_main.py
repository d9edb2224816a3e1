"""`python -m clerk.testing`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from clerk.testing.__main__ import main
from clerk.testing._core import handler_of
from clerk.testing._document.operations import load_document
from tests.support.programs import killed_at_the_end


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    command = [sys.executable, "-m", "clerk.testing", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with killed_at_the_end(process):
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(2)]
        yield process, dict(line.split("=", 1) for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C goes to all processes of the console")
def test_it_prints_what_to_set_and_ends_with_ctrl_c() -> None:
    with started("--secret-key", "sk_test_mine", "--seed-users", "3") as (process, variables):
        assert list(variables) == ["CLERK_API_URL", "CLERK_SECRET_KEY"]
        headers = {"authorization": f"Bearer {variables['CLERK_SECRET_KEY']}"}
        answer = httpx.get(f"{variables['CLERK_API_URL']}/v1/users/count", headers=headers)
        assert answer.json()["total_count"] == 3
        assert variables["CLERK_SECRET_KEY"] == "sk_test_mine"
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
        assert (process.returncode, out, errors) == (0, "", "")


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"error: cannot serve on 127.0.0.1:{port}: ")


def test_ports_and_counts_that_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "70000"]) == 2
    for wrong in (["--seed-users", "-1"], ["--seed-users", "x"], ["--port", "x"]):
        with pytest.raises(SystemExit):
            main(wrong)
    assert "invalid" in capsys.readouterr().err


def test_the_table_of_operations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--table"]) == 0
    head, rule, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("| Operation |")
    assert rule == "| --- | --- | --- |"
    operations = load_document().operations
    assert len(rows) == len(operations)
    assert "| `CreateUser` | `POST /users` | stateful |" in rows
    for operation in operations.values():
        row = f"| `{operation.id}` | `{operation.method} {operation.path}` | {handler_of(operation)[0]} |"
        assert row in rows


def test_what_backends_use_most_behaves() -> None:
    kinds = {operation.id: handler_of(operation)[0] for operation in load_document().operations.values()}
    behaving = ("User", "Session", "Organization", "Invitation", "Machine", "M2M", "ApiKey", "Waitlist", "JWTTemplate")
    kept = {"GetUserBillingSubscription", "ListUserTrustedDevices", "RevokeUserTrustedDevice", "UserPasskeyDelete"}
    for name, kind in kinds.items():
        if any(part in name for part in behaving) and "Billing" not in name and name not in kept:
            assert kind == "stateful", name

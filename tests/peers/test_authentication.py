"""Who is calling, by us and by Clerk's client for Node.js: the same cases, and differences only for a reason."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.auth.conftest import Checker
from tests.support.clients import KINDS, Kind

from .authentication import (
    handshake_cases,
    key_cases,
    machine_cases,
    permission_cases,
    request_cases,
    token_cases,
)
from .authentication.cases import Case
from .authentication.outcomes import outcome_of
from .stories import ROOT, do_without

HOME = ROOT / "tests/peers/node"
CASES = [
    case
    for module in (token_cases, key_cases, request_cases, permission_cases, machine_cases, handshake_cases)
    for case in module.cases()
]

ONLY_REQUESTS = ("header before keys", "retries", "unknown keys")
"""Differences that only change the requests to the service."""

pytestmark = pytest.mark.xdist_group("authentication by Node.js")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    node = shutil.which("node")
    if node is None:
        do_without("there is no Node.js here")
    if not (HOME / "node_modules/@clerk/backend").is_dir():
        do_without("@clerk/backend is not installed: run `make env`")
    told: Path = tmp_path_factory.mktemp("cases") / "cases.json"
    told.write_text(
        json.dumps([{"client": case.client, "steps": [asdict(step) for step in case.steps]} for case in CASES]),
        encoding="utf-8",
    )
    run = subprocess.run(
        [node, HOME / "authentication.mjs", told], check=False, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    results: list[list[dict[str, Any]]] = json.loads(run.stdout)
    return results


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case.name for case in CASES])
def test_both_say_the_same(theirs: list[list[dict[str, Any]]], index: int) -> None:
    case = CASES[index]
    for kind in KINDS:
        ours = ours_of(kind, case)
        if case.why:
            assert ours != theirs[index], "the results are the same after all"
        if case.why in ONLY_REQUESTS:
            assert without_requests(ours) == without_requests(theirs[index])
        elif not case.why:
            assert ours == theirs[index]


def without_requests(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in outcome.items() if name != "sent"} for outcome in outcomes]


def ours_of(kind: Kind, case: Case) -> list[dict[str, Any]]:
    """Return what our client says to each step."""
    answers: dict[str, list[Any]] = {}
    checker = Checker(kind, answering(lambda: answers), case.client)
    outcomes = []
    try:
        for step in case.steps:
            checker.time, answers = step.time, step.answers
            checker.requests.clear()
            outcomes.append({**outcome_of(checker, step), "sent": [place_of(sent) for sent in checker.requests]})
    finally:
        checker.close()
    return outcomes


def answering(answers: Callable[[], dict[str, list[Any]]]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        found = answers().get(place_of(request).partition("?")[0])
        if found is None:
            raise httpx.ConnectError("no connection")
        status, body, *types = found
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(status, text=content, headers={"content-type": types[0] if types else "application/json"})

    return answer


def place_of(request: httpx.Request) -> str:
    return f"{request.method} {request.url.raw_path.decode().removeprefix('/v1')}"


def test_there_are_many_cases() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert len(CASES) >= 1000


def test_the_page_tells_each_difference_and_no_other() -> None:
    page = (ROOT / "docs/session-tokens.md").read_text()
    table = page.partition("## Differences from")[2]
    told = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]

    assert sorted(told[1:]) == sorted({case.why for case in CASES if case.why})
    assert f"{len(CASES):,} cases" in table

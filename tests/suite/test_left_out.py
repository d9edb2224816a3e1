"""A run of the tests ends with a line that says what it left out, and has said in which order it ran."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import test_browser
from tests.peers import test_node_peer
from tests.support.left_out import left_out

ROOT = Path(__file__).parents[2]

TESTS = """
import pytest

@pytest.mark.parametrize("number", range(30))
def test_that_runs(number): print("ran", number)

@pytest.mark.parametrize("number", range(3))
def test_that_needs_a_browser(number): pytest.skip("there is no browser: apt-get install chromium")

@pytest.mark.skipif(True, reason="there is no npm")
def test_that_needs_npm(): pass
"""


def run(folder: Path, *options: str) -> list[str]:
    """Run these tests with what the tests of this project have in common; return the lines."""
    for name in ("tests", "clerk", "clerk_generated"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (folder / "test_these.py").write_text(TESTS, encoding="utf-8")
    settings = re.search(r"^addopts = (\[.*?\])$", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert settings
    (folder / "pytest.toml").write_text(f"[pytest]\naddopts = {settings[1]}\npythonpath = ['.']\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "pytest_randomly", *options, "test_these.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def order(lines: list[str]) -> list[int]:
    return [int(number) for number in re.findall(r"ran (\d+)", "\n".join(lines))]


def test_the_last_line_says_what_was_left_out(tmp_path: Path) -> None:
    *_, before, last = run(tmp_path, "--numprocesses=2")
    assert "30 passed, 4 skipped" in before
    assert last == "Left out: 3 tests (there is no browser: apt-get install chromium); 1 test (there is no npm)"


@pytest.mark.parametrize("options", [(), ("--randomly-seed=1",)])
def test_the_order_is_random_and_the_seed_is_told(options: tuple[str, ...], tmp_path: Path) -> None:
    lines = run(tmp_path, "--numprocesses=0", "--capture=no", "-k", "runs", *options)
    seed = 1 if options else 20251110
    assert f"Using --randomly-seed={seed}" in lines
    assert sorted(order(lines)) == list(range(30))
    assert order(lines) != list(range(30))
    assert lines[-1] == "Left out: 4 tests (deselected)"


def test_nothing_was_left_out() -> None:
    assert left_out([], 0) == "Left out: nothing"


def test_without_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match=r"^there is no chromium and no chromedriver: apt-get install "):
        test_browser.programs()


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ([], "there is no Node.js: apt-get install nodejs npm"),
        (["node"], "there is no npm: apt-get install npm"),
        (["node", "npm"], "@clerk/backend is not installed: run `make env`"),
    ],
)
def test_without_the_client_for_node(
    there: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    monkeypatch.setattr(test_node_peer, "HOME", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"^{re.escape(reason)}$"):
        test_node_peer.program()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"^{re.escape(reason)}, and CI cannot do without it$"):
        test_node_peer.program()

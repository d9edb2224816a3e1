"""What make says to somebody who is new to it, and to somebody whose machine lacks something."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = ROOT / "Makefile"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with the Makefile, and an environment to make that needs a distribution."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")
    return tmp_path


@pytest.fixture
def nobody() -> Iterator[str]:
    """A URL of this machine where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def make(tree: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tree), **environment}
    return subprocess.run(["make", *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False)


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the lines with which make says why it stops."""
    assert done.returncode == 2
    return [line for line in done.stderr.splitlines() if not line.startswith(("make:", "    "))]


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_help_lists_every_target(tree: Path) -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE.read_text(), re.MULTILINE)[0]
    done = make(tree)
    assert done.returncode == 0
    assert re.findall(r"^  make (\S+)  +\S", done.stdout, re.MULTILINE) == phony.split()


@pytest.mark.parametrize("target", ["vendor", "bump"])
def test_a_document_is_asked_for_before_anything_is_made(tree: Path, target: str) -> None:
    message = f"error: which document? Say: make {target} SPEC=<file or URL of a Clerk API document>"
    done = make(tree, target)
    assert errors(done) == [message]
    assert done.stdout == ""
    assert not (tree / ".venv").exists()


def test_exit_code_of_the_generator_passes_through(tree: Path) -> None:
    program(tree / ".venv/bin/python", 'echo "$@"\nexit 2')
    done = make(tree, "--assume-old=.venv/stamp", "vendor", "SPEC=it's here.yml")
    assert done.returncode == 2
    assert "-m generator vendor it's here.yml\n" in done.stdout


def test_no_python_at_all(tree: Path) -> None:
    shell = program(tree / "bin/sh", 'exec /bin/sh "$@"')  # the only program on PATH
    done = make(tree, f"MAKE={shutil.which('make')}", "env", PYTHON="")
    assert errors(done) == ["error: no Python 3.11 or newer on PATH; install one, or say: make PYTHON=/path/to/python"]
    assert shell.exists()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 0", "is not Python 3.11 or newer; say: make PYTHON=/path/to/python"),
        ("exit 1", "is not Python 3.11 or newer; say: make PYTHON=/path/to/python"),
        ("echo False 3.8", "is Python 3.8, not Python 3.11 or newer; say: make PYTHON=/path/to/python"),
        ("echo False 2.7", "is Python 2.7, not Python 3.11 or newer; say: make PYTHON=/path/to/python"),
        (
            'case "$2" in *ensurepip*) exit 1;; *) echo True 3.11;; esac',
            "lacks venv or ensurepip; on Debian: apt-get install python3-venv",
        ),
    ],
)
def test_a_python_that_does_not_do(tree: Path, script: str, message: str) -> None:
    python = program(tree / "a folder/python", script)
    assert errors(make(tree, f"PYTHON={python}", "env")) == [f"error: {python} {message}"]
    assert not (tree / ".venv").exists()


def test_true_is_no_python(tree: Path) -> None:
    true = shutil.which("true")
    assert errors(make(tree, f"PYTHON={true}", "quickstart"))[0].startswith(f"error: {true} is not Python 3.11")
    assert not (tree / ".venv").exists()


def test_an_old_python_is_told_by_what_it_says() -> None:
    """The question that make asks, of this Python: no older one is here."""
    (question,) = re.findall(r"-c '(import sys; print.*?)' 2>", MAKEFILE.read_text())
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "{}.{}".format(*sys.version_info)]
    assert "sys.version_info >= (3, 11)" in question


def test_no_network_for_pip(tree: Path, nobody: str) -> None:
    offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": nobody, "PIP_RETRIES": "0"}
    done = make(tree, f"PYTHON={sys.executable}", "quickstart", **offline)
    (error,) = errors(done)
    assert error.startswith("error: what requirements/dev.txt pins can't be fetched: is there a network?")
    assert error.endswith("Another package index can be named in PIP_INDEX_URL.")
    assert "    ERROR: No matching distribution found for absent==1.0\n" in done.stderr
    assert not (tree / ".venv/stamp").exists()


def node_peer(tree: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    folder = tree / "tests/peers/node"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_text("{}")
    return make(tree, "tests/peers/node/node_modules/.package-lock.json", **environment)


def test_no_network_for_npm(tree: Path) -> None:
    npm = program(tree / "bin/npm", 'echo "npm error code ENOTFOUND" >&2\nexit 1')
    done = node_peer(tree, NPM=str(npm))
    (error,) = errors(done)
    assert error.startswith("error: what tests/peers/node/package-lock.json pins can't be fetched: is there a network?")
    assert error.endswith("To leave it out: make NPM=")
    assert "    npm error code ENOTFOUND\n" in done.stderr


@pytest.mark.parametrize("npm", ["", "/nowhere/npm"])
def test_no_npm(tree: Path, npm: str) -> None:
    done = node_peer(tree, NPM=npm)
    assert done.returncode == 0
    assert done.stdout == "no npm here: the tests leave out the client for Node.js; on Debian: apt-get install npm\n"

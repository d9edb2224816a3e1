"""What make says to somebody who is new to it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with the Makefile alone, and an environment that make takes for finished."""
    shutil.copy(MAKEFILE, tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").touch()
    return tmp_path


def make(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(["make", *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False)


def test_help_lists_every_target(tree: Path) -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE.read_text(), re.MULTILINE)
    done = make(tree)
    assert done.returncode == 0
    assert re.findall(r"^  make (\S+)  +\S", done.stdout, re.MULTILINE) == phony.split()


def test_vendor_without_a_document_says_how(tree: Path) -> None:
    done = make(tree, "--assume-old=.venv/stamp", "vendor")
    assert done.returncode == 2
    assert "make vendor SPEC=" in done.stderr


def test_exit_code_of_the_generator_passes_through(tree: Path) -> None:
    python = tree / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\nexit 2\n')
    python.chmod(0o755)
    done = make(tree, "--assume-old=.venv/stamp", "vendor", "SPEC=it's here.yml")
    assert done.returncode == 2
    assert "-m generator vendor it's here.yml\n" in done.stdout


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("", "error: no Python 3.11 or newer"),
        ("false", "error: false lacks venv or ensurepip"),
    ],
)
def test_what_is_missing_is_named(tree: Path, python: str, message: str) -> None:
    done = make(tree, f"PYTHON={python}", "env")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tree / ".venv").exists()

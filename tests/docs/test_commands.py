"""Every command that README and docs show can be typed as it is: it is run where that can be done offline, and else
checked to name what there is.
"""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks_in, pages

COMMANDS = sorted(
    {
        (page, shlex.join(words))
        for page in pages()
        for block in blocks_in(page, "sh")
        for line in block.text.splitlines()
        if (words := shlex.split(line, comments=True))
    }
)


@functools.cache
def project() -> dict[str, object]:
    settings: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return settings


@functools.cache
def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@functools.cache
def help_of(*program: str) -> str:
    done = subprocess.run(
        [sys.executable, *program, "--help"],
        cwd=ROOT,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def check_make(words: list[str]) -> None:
    targets = [word for word in words if "=" not in word]
    assert targets
    assert set(targets) <= make_targets()


def check_pip(words: list[str]) -> None:
    assert words[0] == "install"
    if "./pytest-plugin" in words:  # pip 23 looks for the client elsewhere if its plugin comes first
        assert words.index("./pytest-plugin") == len(words) - 1
    for word in words[1:]:
        if own := re.fullmatch(r"\.(?:\[([\w,]+)])?", word):
            extras = project().get("optional-dependencies", {})
            assert isinstance(extras, dict)
            assert set((own[1] or "").split(",")) - {""} <= set(extras)
        elif word.startswith("./"):
            assert (ROOT / word / "pyproject.toml").is_file()
        else:
            name = re.sub(r"\[\w+]$", "", word)
            # What the pages' own tests need is installed here; uvicorn serves what they call in process.
            assert name == "uvicorn" or version(name)


def check_python(words: list[str]) -> None:
    if words[:2] == ["-m", "django"]:
        words = ["-m", "django", "runserver"]
        assert "--settings" in help_of("-m", "django", "runserver")
        return
    program, arguments = (words[:2], words[2:]) if words[0] == "-m" else (words[:1], words[1:])
    known = help_of(*program)
    for word in arguments:
        if word.startswith("--"):
            assert word in known


def check_export(words: list[str]) -> None:
    (assignment,) = words
    name = assignment.partition("=")[0]
    assert re.fullmatch(r"CLERK_[A-Z_]+", name)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "clerk").glob("*.py"))
    assert f'"{name}"' in sources


def check_git(words: list[str]) -> None:
    command, path = words
    assert command == "diff"
    assert (ROOT / path).exists()


def check_pytest(words: list[str]) -> None:
    for word in words:
        assert word.startswith("-") or (ROOT / word.partition("::")[0]).exists()


def check_server(words: list[str]) -> None:
    assert "app:app" in words or words == ["--app", "app", "run"]


CHECKS: dict[str, Callable[[list[str]], None]] = {
    "export": check_export,
    "flask": check_server,
    "git": check_git,
    "make": check_make,
    "pip": check_pip,
    "pytest": check_pytest,
    "python": check_python,
    "uvicorn": check_server,
}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_command_can_be_typed(page: str, command: str) -> None:
    program, *words = shlex.split(command)
    CHECKS[Path(program).name](words)


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    missing = {target for target in make_targets() if f"`make {target}" not in text}
    assert not missing

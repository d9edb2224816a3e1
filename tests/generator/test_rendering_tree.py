from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from generator._errors import BuildError
from generator.code import render


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def function(:\n")
    with pytest.raises(BuildError, match=re.compile(r"^ruff check: invalid-syntax: .*module\.py:1:14", re.DOTALL)):
        render.finish(tmp_path)


def test_what_only_the_compiler_sees_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "user.py").write_text("a = 1\n\nfrom __future__ import annotations\n\nprint(annotations)\n")
    with pytest.raises(BuildError, match=r"^models/user\.py:3: from __future__ imports must occur at the beginning"):
        render.finish(tmp_path)


def test_imports_are_sorted_unused_ones_dropped_and_the_code_formatted(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("from os import sep,path\nimport json\nx = { 'a':sep }\n")
    render.finish(tmp_path)
    assert path.read_text() == 'from os import sep\n\nx = {"a": sep}\n'


def a_tree(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "file.txt").write_text(text)
    return folder


@pytest.mark.parametrize("is_first", [True, False])
def test_a_new_tree_takes_the_place_of_the_old_one(tmp_path: Path, is_first: bool) -> None:
    old = tmp_path / "tree"
    if not is_first:
        (a_tree(old, "old") / "more.txt").touch()
    render.replace_tree(a_tree(tmp_path / "new", "new"), old)
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["tree", "tree/file.txt"]
    assert (old / "file.txt").read_text() == "new"


@pytest.mark.parametrize("is_first", [True, False])
def test_the_old_tree_comes_back_if_the_new_one_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    def fail(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "move", fail)
    old, new = tmp_path / "tree", a_tree(tmp_path / "new", "new")
    if not is_first:
        a_tree(old, "old")
    with pytest.raises(KeyboardInterrupt):
        render.replace_tree(new, old)
    assert old.exists() is not is_first
    assert is_first or (old / "file.txt").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == (["new"] if is_first else ["new", "tree"])

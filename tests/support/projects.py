"""Small projects to generate from, each in a folder of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator import build
from generator.document import files, vendor
from generator.document.walk import operations
from generator.names import snake_case
from generator.prepare import layout
from tests.support.openapi import JSONObject

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Project:
    """A folder with `openapi/` in it."""

    root: Path

    @property
    def layout(self) -> Path:
        return self.root / layout.LAYOUT

    @property
    def generated(self) -> Path:
        return self.root / "clerk_generated"

    def vendor(self, document: JSONObject) -> None:
        source = self.root / "source.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        vendor.vendor(source, self.root)

    def write_layout(self, sub_apis: JSONObject) -> None:
        self.layout.write_text(json.dumps({"sub_apis": sub_apis}), encoding="utf-8")

    def write_overlay(self, name: str, *actions: JSONObject) -> Path:
        path = self.root / build.OVERLAYS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        info = {"title": "Corrections", "version": "1"}
        path.write_text(json.dumps({"overlay": "1.0.0", "info": info, "actions": actions}), encoding="utf-8")
        return path

    def run(self, program: str) -> str:
        """Run a Python program that imports `clerk_generated` of this project; return what it prints."""
        command = [sys.executable, "-W", "error", "-c", program]
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def files(self) -> dict[str, bytes]:
        """The content of every file but what the interpreter left, by path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }


_MADE: dict[str, Path] = {}


def copy_of(root: Path, key: str, make: Callable[[Path], object]) -> None:
    """Copy a folder that is made once in each process, as making it takes much longer."""
    if key not in _MADE:
        folder = Path(tempfile.mkdtemp(prefix="made-once-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        make(folder)
        _MADE[key] = folder
    shutil.copytree(_MADE[key], root, dirs_exist_ok=True)


FROZEN = _ROOT / "tests/data/openapi-2025-11-10"
"""`openapi/` as it was for an earlier document, without words and lock: what tests of history begin with."""


def copied_project(root: Path, openapi: Path = _ROOT / "openapi") -> Project:
    """Copy what this project generates from into a folder, with its own `openapi/` or another."""
    for source, name in ((_ROOT / "generator", "generator"), (openapi, "openapi")):
        shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Project(root)


def frozen_project(root: Path) -> Project:
    """Copy what this project generates from into a folder, with the frozen `openapi/` and a lock for it."""
    project = copied_project(root, FROZEN)
    source = FROZEN / "clerk-bapi.yaml"
    frozen = files.load(source)
    vendor.take_over(frozen.value, frozen.content, root, str(source))
    return project


def a_project(root: Path, document: JSONObject) -> Project:
    """Make a project for a document, with all its operations in the sub-API `things`."""
    project = Project(root)
    project.vendor(document)
    project.write_layout({"things": {"methods": one_method_each(document)}})
    return project


def a_built_project(root: Path, document: JSONObject) -> Project:
    """Make the same project, generated."""
    copy_of(root, f"built: {json.dumps(document)}", lambda folder: build.regenerate(a_project(folder, document).root))
    return Project(root)


def one_method_each(document: JSONObject) -> JSONObject:
    """Return the methods of a sub-API that has all operations of a document, each under its own name."""
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    return {snake_case(operation_id): {"operation": operation_id} for operation_id in ids}


IMPORT_EVERYTHING = """
import importlib, pkgutil
import clerk_generated
names = [module.name for module in pkgutil.walk_packages(clerk_generated.__path__, "clerk_generated.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""

__all__ = [
    "FROZEN",
    "IMPORT_EVERYTHING",
    "Project",
    "a_built_project",
    "a_project",
    "copied_project",
    "copy_of",
    "frozen_project",
    "one_method_each",
]

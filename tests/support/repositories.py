"""Small projects in a git repository, generated and committed."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from generator import build
from generator.names import snake_case
from generator.prepare import layout
from tests.support.openapi import JSONObject
from tests.support.projects import Project, copy_of

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Something by hand.
"""

PLUGIN_PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "clerk-client-pytest"
version = "0.1.0"
description = "A plugin"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE"]
requires-python = ">=3.11"
dependencies = [
    "clerk-client>=0.1.0",
]

[project.entry-points.pytest11]
clerk = "clerk_client_pytest"
"""


@dataclass(frozen=True)
class Repository(Project):
    """A project whose files are committed."""

    def git(self, *arguments: str) -> str:
        """Run git as somebody, whatever is configured here."""
        environment = {
            **os.environ,
            **{
                f"GIT_{role}_{what}": "somebody@example.com"
                for role in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "All of it")

    def tree(self) -> dict[str, bytes]:
        """The content of every file but git's own, by path."""
        return {name: content for name, content in self.files().items() if not name.startswith(".git/")}

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def a_repository(root: Path, document: JSONObject) -> Repository:
    """Make a committed project of version 0.1.0 for a document, with all its operations in the sub-API `things`."""
    copy_of(root, f"repository: {json.dumps(document)}", lambda folder: _make_repository(folder, document))
    return Repository(root)


def _make_repository(root: Path, document: JSONObject) -> None:
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch", "main", "--template=")
    repository.vendor(document)
    (root / "source.json").unlink()
    repository.write(str(layout.LAYOUT), a_layout_text(document))
    repository.write("clerk/__init__.py", '"""By hand."""\n')
    repository.write("clerk/_version.py", '__version__ = "0.1.0"\n')
    repository.write("CHANGELOG.md", CHANGELOG)
    repository.write("pytest-plugin/pyproject.toml", PLUGIN_PROJECT)
    repository.write("pytest-plugin/README.md", "A plugin.\n")
    repository.write("pytest-plugin/LICENSE", "MIT\n")
    repository.write("pytest-plugin/clerk_client_pytest/__init__.py", "")
    repository.write("pytest-plugin/clerk_client_pytest/py.typed", "")
    repository.write(".gitignore", "__pycache__/\n/dist/\n/.wheels/\n")
    build.regenerate(root)
    repository.commit()


def a_layout_text(document: JSONObject) -> str:
    """Write a layout as people do, line by line."""
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    lines = [f"      {snake_case(operation_id)}: {{operation: {operation_id}}}" for operation_id in ids]
    return "\n".join(["# Where things are.", "sub_apis:", "  things:", "    methods:", *lines, ""])


def a_document_file(folder: Path, document: JSONObject, version: str = "2026-01-01") -> str:
    """Write a document of some version to a file; return its path."""
    path = folder / f"{version}.json"
    info = {**document["info"], "version": version}
    path.write_text(json.dumps({**document, "info": info}), encoding="utf-8")
    return str(path)


__all__ = ["CHANGELOG", "PLUGIN_PROJECT", "Repository", "a_document_file", "a_layout_text", "a_repository"]

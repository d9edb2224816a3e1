"""Every code block of README and docs does what it shows."""

from __future__ import annotations

import ast
import inspect
import logging
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from clerk import async_clerk_client, reset_default_clients
from clerk.testing import LocalClerk
from docs._generators import awaited
from tests.docs.blocks import ROOT, blocks, blocks_in, pages

SECRET_KEY = "sk_test_..."  # what the pages show
PYTHON_PAGES = [page for page in pages() if any(not block.title for block in blocks_in(page, "python"))]
GUIDES = [page for page in PYTHON_PAGES if re.match(r"docs/(?!reference|async\.md|from-)", page)]
PROJECT_PAGES = [page for page in pages() if any(block.title for block in blocks_in(page, "python"))]
PYTEST_OPTIONS = [
    *("-p", "no:cacheprovider"),
    *("-p", "no:schemathesis"),  # which imports much, and is not what a page is about
    *("-o", "filterwarnings=error"),
    *("-o", "asyncio_default_fixture_loop_scope=function"),
]
if not any(point.value == "clerk_client_pytest" for point in entry_points(group="pytest11")):
    PYTEST_OPTIONS += ["-p", "clerk_client_pytest"]  # where the package is not installed


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalClerk]:
    """A service that the environment leads to."""
    with LocalClerk(secret_key=SECRET_KEY) as local, local.serve() as url:
        local.seed_users(5)
        monkeypatch.setenv("CLERK_API_URL", url)
        monkeypatch.setenv("CLERK_SECRET_KEY", SECRET_KEY)
        monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'pytest-plugin'}")
        yield local
        reset_default_clients()


@pytest.fixture
def _levels_stay() -> Iterator[None]:
    """What a page does to the levels of loggers is for that page only."""
    before = _levels()
    yield
    for name in _levels():
        logging.getLogger(name).setLevel(before.get(name, logging.NOTSET))


def _levels() -> dict[str, int]:
    loggers = logging.root.manager.loggerDict
    return {name: logger.level for name, logger in loggers.items() if isinstance(logger, logging.Logger)}


@pytest.mark.usefixtures("_levels_stay")
@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_python_runs_from_top_to_bottom(
    page: str, local: LocalClerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks_in(page, "python"):
        if not block.title:
            # So that a traceback names the line of the page.
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(ROOT / page), "exec", dont_inherit=True), namespace)


@pytest.mark.usefixtures("_levels_stay")
@pytest.mark.parametrize("page", GUIDES)
async def test_async_tabs_run_from_top_to_bottom(
    page: str, local: LocalClerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for number, code in enumerate(awaited.twins((ROOT / page).read_text(encoding="utf-8"))):
        compiled = compile(code, f"{page}, block {number}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if inspect.isawaitable(result := eval(compiled, namespace)):
            await result
    await async_clerk_client.aclose()


def test_every_guide_that_calls_has_async_tabs() -> None:
    tabs = {page: awaited.with_tabs((ROOT / page).read_text(encoding="utf-8")).count('=== "Async"') for page in GUIDES}
    assert {page for page, count in tabs.items() if count} >= {
        *("docs/index.md", "docs/quickstart.md", "docs/configuration.md", "docs/errors.md", "docs/models.md"),
        *("docs/paging.md", "docs/session-tokens.md", "docs/testing.md", "docs/transports.md", "docs/uploads.md"),
    }


@pytest.mark.parametrize("page", PROJECT_PAGES)
def test_files_pass_their_tests(page: str, tmp_path: Path) -> None:
    for block in blocks_in(page, "python"):
        if block.title:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PYTEST_OPTIONS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "pytest-plugin"), str(tmp_path)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("page", pages())
def test_data_can_be_read(page: str) -> None:
    for block in blocks(page):
        known = ("js", "python", "sh", "text", "toml")
        assert block.language in known, f"{page}:{block.line}: nothing checks such a block"
        if block.language == "toml":
            tomllib.loads(block.text)
        if block.language == "js" and (node := shutil.which("node")):
            command = [node, "--check", "--input-type=module", "-"]
            done = subprocess.run(command, input=block.text, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{page}:{block.line}: {done.stderr}"


def test_blocks_are_found() -> None:
    assert "docs/session-tokens.md" in PROJECT_PAGES
    assert {"README.md", "docs/quickstart.md", "docs/errors.md"} <= set(PYTHON_PAGES)

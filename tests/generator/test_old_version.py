from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import build
from generator._errors import BuildError
from generator.document import files, lock, overlays, vendor
from generator.prepare import layout
from tests.support.projects import FROZEN, IMPORT_EVERYTHING, Project, copied_project

DOCUMENT = Path(__file__).parents[1] / "data" / "clerk-bapi-2025-04-10.yaml"

# What the messages of a build say, as far as there is something to do.
DELETION = re.compile(r"^  ((?:sed|rm) .+)$", re.MULTILINE)
GONE_OPERATION = re.compile(r"^  (\w+) no longer exists; ", re.MULTILINE)
GONE_PLACE = re.compile(r"remove from (\w+)\n +(\w+): \.\.\.$", re.MULTILINE)
STALE_ACTION = re.compile(r"^  (.+\.yaml):\d+: actions\[(\d+)\]: describes ", re.MULTILINE)

pytestmark = pytest.mark.xdist_group("old_version")


@dataclass
class Downgraded:
    """A copy of this project with the oldest document, and what had to go for it to build."""

    project: Project
    vendored: vendor.Vendored
    built: build.Built
    gone_operations: set[str]


def obey(message: str, project: Project) -> None:
    """Take out what a message names."""
    commands, places, stale = (found.findall(message) for found in (DELETION, GONE_PLACE, STALE_ACTION))
    assert commands or places or stale, message
    for command in commands:
        subprocess.run(command, shell=True, check=True, cwd=project.root)
    if places:
        sub_apis = files.load(project.layout).value["sub_apis"]
        for where, name in places:
            del (sub_apis if where == "sub_apis" else sub_apis[where]["methods"])[name]
        project.write_layout(sub_apis)
    for path, index in sorted({(path, int(index)) for path, index in stale}, reverse=True):
        delete_action(Path(path), index)


def delete_action(path: Path, index: int) -> None:
    [overlay] = overlays.load_overlays(path.parent, path.name, reasons=False)
    first, last = overlay.actions[index].lines or (1, 0)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: first - 1] + lines[last:]), encoding="utf-8")


def built_by_obeying(project: Project) -> tuple[build.Built, list[str]]:
    """Build again and again, doing what each message says; return what was built and the messages."""
    messages: list[str] = []
    while True:
        try:
            built = build.regenerate(project.root)
        except BuildError as error:
            messages.append(str(error))
        else:
            return built, messages
        obey(messages[-1], project)


@pytest.fixture(scope="module")
def downgraded(tmp_path_factory: pytest.TempPathFactory) -> Downgraded:
    project = copied_project(tmp_path_factory.mktemp("project"), FROZEN)
    vendored = vendor.vendor(DOCUMENT, project.root)
    built, messages = built_by_obeying(project)
    gone = {name for message in messages for name in GONE_OPERATION.findall(message)}
    return Downgraded(project, vendored, built, gone)


def test_the_facts_of_a_document_are_vendored_as_they_are(downgraded: Downgraded) -> None:
    assert downgraded.vendored == vendor.Vendored("2025-04-10", operations=219, schemas=139)
    assert (downgraded.project.root / lock.VENDORED).read_bytes() == DOCUMENT.read_bytes()


def test_the_older_version_lacks_twenty_operations(downgraded: Downgraded) -> None:
    assert len(downgraded.gone_operations) == 20
    assert {"CreateAgentTask", "ListDirectories", "CreateBulkWaitlistEntries"} <= downgraded.gone_operations


def test_the_older_version_is_generated_whole(downgraded: Downgraded) -> None:
    project, counts = downgraded.project, downgraded.built.lock.counts
    modules = list((project.generated / "api").glob("*/[!_]*.py"))
    models = list((project.generated / "models").glob("[!_]*.py"))
    assert len(modules) == counts["operations"] == 219 + 6
    assert len(models) == counts["models"] > 150
    assert counts["schemas"] == 139
    places = [name for sub_api in layout.load(project.root).sub_apis for name in sub_api.methods]
    assert len(places) >= 219 + 6


def test_the_older_version_can_be_imported(downgraded: Downgraded) -> None:
    project = downgraded.project
    modules = [path for path in project.generated.rglob("*.py") if "__pycache__" not in path.parts]
    assert int(project.run(IMPORT_EVERYTHING)) == len(modules) - 1
    version = project.run("import clerk_generated; print(clerk_generated.API_VERSION)")
    assert version == "2025-04-10\n"

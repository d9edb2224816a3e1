"""`make release-check`: it passes on a tree that can be released, and says what keeps another from it."""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from generator.__main__ import main
from generator._errors import BuildError
from generator.release import check, distribution, drafts, versions
from generator.release.distribution import Distribution
from tests.support.openapi import a_small_api
from tests.support.repositories import PLUGIN_PROJECT, Repository, a_repository

ROOT = Path(__file__).parents[2]

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- All.\n"
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "clerk-client"
description = "A client"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE", "NOTICE"]
requires-python = ">=3.11"
dynamic = ["version"]

[tool.hatch.version]
path = "clerk/_version.py"

[tool.hatch.build.targets.wheel]
packages = ["clerk", "clerk_generated"]
"""


PLUGIN_TEST = """
from pathlib import Path

def test_it():
    import clerk, clerk_client_pytest

    Path({path!r}).touch()
"""


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A small project, committed, that can be released."""
    project = a_repository(tmp_path / "project", a_small_api())
    files = {
        "CHANGELOG.md": CHANGELOG,
        "pyproject.toml": PYPROJECT,
        "clerk/py.typed": "",
        "README.md": "A client.\n",
        "LICENSE": "MIT\n",
        "NOTICE": "Notice.\n",
        "Makefile": "all:\n",
        "generator/__main__.py": "",
        "tests/conftest.py": "",
        str(distribution.SMOKE_TEST): "import clerk, clerk_generated\n",
        str(distribution.REQUIREMENTS): "",
        str(distribution.PLUGIN_TEST): PLUGIN_TEST.format(path=str(tmp_path / "tested")),
    }
    for name, text in files.items():
        project.write(name, text)
    said = [{"target": place.target, "update": place.update} for place in drafts.without_words(project.root)]
    overlay = {"overlay": "1.0.0", "info": {"title": "Words", "version": "1"}, "actions": said}
    project.write("openapi/overlays/90-words.yaml", json.dumps(overlay))
    main(["--root", str(project.root), "regenerate"])
    project.commit()
    (project.root / ".wheels").mkdir()
    return project


def checked(project: Repository, *arguments: str) -> int:
    return main(["--root", str(project.root), "release-check", *arguments])


@pytest.mark.xdist_group("distribution")
def test_a_tree_that_can_be_released_is_built(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "dist").mkdir()
    (project.root / "dist" / "older.whl").touch()
    capsys.readouterr()

    assert checked(project, "--tag", "v0.1.0") == 0, capsys.readouterr().err

    names = ["clerk_client-0.1.0-py3-none-any.whl", "clerk_client-0.1.0.tar.gz"]
    names += [name.replace("client", "client_pytest") for name in names]
    assert capsys.readouterr().out.splitlines() == [
        "clerk-client 0.1.0 can be released:",
        *(f"  dist/{name}" for name in names),
    ]
    assert sorted(path.name for path in (project.root / "dist").iterdir()) == sorted(names)
    assert (project.root.parent / "tested").exists()


@pytest.mark.xdist_group("distribution")
def test_what_depends_on_the_place_of_the_build_is_not_reproducible(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hook of the build writes its folder into the wheel."""
    project.write("pyproject.toml", PYPROJECT + "\n[tool.hatch.build.hooks.custom]\n")
    project.write(
        "hatch_build.py",
        "from pathlib import Path\n"
        "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n\n\n"
        "class Hook(BuildHookInterface):\n"
        "    def initialize(self, version, build_data):\n"
        "        Path(self.root, 'clerk', 'place.py').write_text(repr(self.root))\n"
        "        build_data['artifacts'].append('clerk/place.py')\n",
    )
    project.write(".gitignore", "__pycache__/\n/dist/\n/.wheels/\nplace.py\n")
    project.commit()
    capsys.readouterr()
    assert checked(project) == 2
    assert capsys.readouterr().err.startswith("error: not reproducible: clerk_client-0.1.0-py3-none-any.whl and ")


def test_all_that_can_be_told_before_the_build_is_told_at_once(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("clerk/_version.py", '__version__ = "0.2.0"\n')
    project.write("openapi/layout.yaml", project.layout.read_text() + "# Another input.\n")
    capsys.readouterr()

    assert checked(project, "--tag", "v0.1.0") == 2

    assert capsys.readouterr().err.splitlines() == [
        "error: can't be released:",
        "  the tree is not clean: clerk/_version.py and 1 more; commit or discard the changes first",
        "  out of date; run `make regenerate`:",
        "    openapi/lock.json",
        "  CHANGELOG.md: the newest entry is [0.1.0], and clerk/_version.py says 0.2.0",
        "  the tag is v0.1.0, and clerk/_version.py says 0.2.0: it should be v0.2.0",
        "  pytest-plugin/pyproject.toml: the versions are 0.1.0 and 0.1.0; both must be 0.2.0",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# Changelog\n", "the newest entry is none, and clerk/_version.py says 0.1.0"),
        ("## [0.0.9] - 2025-01-01\n\n- A.\n", r"the newest entry is \[0.0.9\], and clerk/_version.py says 0.1.0"),
        ("## [0.1.0]\n\n- A.\n", r"\[0.1.0\] has no date; write: ## \[0.1.0\] - YYYY-MM-DD"),
        ("## [0.1.0] - soon\n\n- A.\n", r"\[0.1.0\] has no date"),
        ("## [0.1.0] - 2026-01-01\n\n## [0.0.9] - 2025-01-01\n\n- A.\n", r"\[0.1.0\] is empty"),
        (
            "## [Unreleased]\n\n- B.\n\n## [0.1.0] - 2026-01-01\n\n- A.\n",
            r"\[Unreleased\] is not empty: move its content to \[0.1.0\]",
        ),
    ],
)
def test_a_changelog_that_does_not_agree_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(text)
    with pytest.raises(BuildError, match=rf"^CHANGELOG.md: {reason}"):
        check.check_changelog(tmp_path, "0.1.0")


def test_a_tag_may_be_left_out() -> None:
    check.check_tag(None, "0.1.0")
    check.check_tag("v0.1.0", "0.1.0")


METADATA = (
    "Metadata-Version: 2.4\nName: clerk-client\nVersion: 0.1.0\nSummary: A client\nLicense-Expression: MIT\n"
    "Requires-Python: >=3.11\nDescription-Content-Type: text/markdown\n\nA client.\n"
)
INFORMATION = "clerk_client-0.1.0.dist-info"


def a_wheel(folder: Path, metadata: str | None = METADATA, *, without: str = "", more: str = "") -> Path:
    """A wheel of two packages of one module each."""
    names = {"clerk/__init__.py", "clerk/py.typed", "clerk_generated/__init__.py", "clerk_generated/py.typed"}
    names |= {"clerk_generated/corrected_document.json", f"{INFORMATION}/RECORD", f"{INFORMATION}/WHEEL"}
    names |= {f"{INFORMATION}/licenses/LICENSE", f"{INFORMATION}/licenses/NOTICE", more} - {""}
    path = folder / "clerk_client-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(names - {without}):
            archive.writestr(name, "")
        if metadata is not None:
            archive.writestr(f"{INFORMATION}/METADATA", metadata)
    return path


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (None, "no METADATA"),
        (METADATA.replace("Name: clerk-client\n", ""), "the metadata is not valid: 'name' is a required field"),
        (METADATA.replace("Requires-Python: >=3.11", "Requires-Python: new"), "the metadata is not valid: 'new' is"),
        (METADATA.replace("0.1.0", "0.2.0"), "the metadata says version 0.2.0, the package 0.1.0"),
        (METADATA.replace("Summary: A client\n", ""), "the metadata has no summary"),
        (METADATA.replace("License-Expression: MIT\n", ""), "the metadata has no license-expression"),
        (METADATA.replace("\nA client.\n", ""), "the metadata has no description"),
    ],
)
def test_metadata_that_is_not_right_is_refused(metadata: str | None, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=f"^clerk_client-0.1.0-py3-none-any.whl: {reason}"):
        distribution.check_metadata(a_wheel(tmp_path, metadata), "0.1.0")


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for package in ("clerk", "clerk_generated"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def test_a_wheel_of_the_two_packages_passes(modules: Path) -> None:
    wheel = a_wheel(modules)
    distribution.check_metadata(wheel, "0.1.0")
    distribution.check_wheel(wheel, modules)


@pytest.mark.parametrize(
    "name", ["clerk/py.typed", "clerk_generated/corrected_document.json", "clerk_generated/__init__.py"]
)
def test_a_wheel_that_lacks_something_is_refused(name: str, modules: Path) -> None:
    with pytest.raises(BuildError, match=f"^clerk_client-0.1.0-py3-none-any.whl lacks {name}$"):
        distribution.check_wheel(a_wheel(modules, without=name), modules)


@pytest.mark.parametrize("name", ["tests/test_a.py", "generator/__init__.py", "clerk/.cache", "clerk/a.pyc"])
def test_a_wheel_that_holds_something_else_is_refused(name: str, modules: Path) -> None:
    with pytest.raises(BuildError, match=f"^clerk_client-0.1.0-py3-none-any.whl holds {name}$"):
        distribution.check_wheel(a_wheel(modules, more=name), modules)


def test_a_wheel_has_the_entry_points_of_its_project(modules: Path) -> None:
    (modules / "pyproject.toml").write_text(PYPROJECT + '\n[project.entry-points.pytest11]\nclerk = "clerk.plugin"\n')
    distribution.check_wheel(a_wheel(modules, more=f"{INFORMATION}/entry_points.txt"), modules)
    with pytest.raises(BuildError, match=r"lacks clerk_client-0\.1\.0\.dist-info/entry_points\.txt$"):
        distribution.check_wheel(a_wheel(modules), modules)


SOURCES = [
    *("CHANGELOG.md", "LICENSE", "Makefile", "NOTICE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"),
    *("generator/__main__.py", "openapi/clerk-bapi.yaml", "openapi/lock.json", "tests/conftest.py"),
    "pytest-plugin/pyproject.toml",
]


def an_sdist(folder: Path, names: list[str]) -> Path:
    path = folder / "clerk_client-0.1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(f"clerk_client-0.1.0/{name}"), BytesIO())
    return path


def test_an_sdist_is_whole_and_holds_no_litter(tmp_path: Path) -> None:
    distribution.check_sdist(an_sdist(tmp_path, SOURCES))
    with pytest.raises(
        BuildError, match=r"tar.gz lacks pytest-plugin/pyproject.toml and holds .venv/stamp, clerk/__pycache__/a.p"
    ):
        distribution.check_sdist(an_sdist(tmp_path, [*SOURCES[:-1], "clerk/__pycache__/a.pyc", ".venv/stamp"]))


def test_builds_that_differ_by_a_byte_are_refused(tmp_path: Path) -> None:
    files = []
    for folder, content in (("a", b"1"), ("b", b"2")):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / "x.tar.gz")
        files[-1].write_bytes(content)
    wheel = a_wheel(tmp_path)
    distribution.check_reproducible(Distribution(wheel, files[0]), Distribution(wheel, files[0]))
    with pytest.raises(BuildError, match=r"^not reproducible: x.tar.gz and x.tar.gz of a second build differ$"):
        distribution.check_reproducible(Distribution(wheel, files[0]), Distribution(wheel, files[1]))


def test_a_build_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'nothing_of_the_kind'\n")
    with pytest.raises(BuildError, match=r"^the build failed: .*nothing_of_the_kind"):
        distribution.build(tmp_path, tmp_path / "dist", "1")


def installable(folder: Path, module: str, name: str = "clerk_client") -> Path:
    """A wheel of one module that can be installed: `clerk`, or that of the plugin."""
    path = folder / f"{name}-0.1.0-py3-none-any.whl"
    information, file = INFORMATION.replace("clerk_client", name), f"{name.removesuffix('_client')}.py"
    record = f"{file},,\n{information}/METADATA,,\n{information}/WHEEL,,\n{information}/RECORD,,\n"
    tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(file, module)
        metadata = METADATA.replace("clerk-client", name.replace("_", "-"))
        for part, text in (("METADATA", metadata), ("WHEEL", tag), ("RECORD", record)):
            archive.writestr(f"{information}/{part}", text)
    return path


@pytest.fixture
def smoked(tmp_path: Path) -> Path:
    """A project whose smoke test wants the module's `answer`."""
    (tmp_path / "tests/packaging").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".wheels").mkdir()
    (tmp_path / distribution.REQUIREMENTS).touch()
    (tmp_path / distribution.SMOKE_TEST).write_text("import clerk\nassert clerk.answer == 42, 'no answer'\n")
    return tmp_path


def test_a_wheel_of_the_plugin_alone(tmp_path: Path) -> None:
    information = "clerk_client_pytest-0.1.0.dist-info"
    (tmp_path / "pytest-plugin/clerk_client_pytest").mkdir(parents=True)
    (tmp_path / "pytest-plugin/clerk_client_pytest/__init__.py").touch()
    (tmp_path / versions.PLUGIN_FILE).write_text(PLUGIN_PROJECT)
    wheel = tmp_path / "clerk_client_pytest-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE", "entry_points.txt"):
            archive.writestr(f"{information}/{name}", "")
        archive.writestr("clerk_client_pytest/__init__.py", "")
        archive.writestr("clerk/testing/more.py", "")
    with pytest.raises(BuildError, match=r"lacks clerk_client_pytest/py.typed and holds clerk/testing/more.py$"):
        distribution.check_wheel(wheel, tmp_path, distribution.PLUGIN)


def test_a_plugin_that_does_not_work_is_refused(smoked: Path, tmp_path: Path) -> None:
    (smoked / distribution.PLUGIN_TEST).write_text("def test_it():\n    import clerk\n    import clerk_client_pytest\n")
    client, plugin = installable(smoked, ""), installable(smoked, "raise ValueError\n", "clerk_client_pytest")
    with pytest.raises(BuildError, match=r"^the plugin's smoke test fails: .*ValueError"):
        distribution.check_plugin(client, plugin, smoked, tmp_path)


def installed(project: Path, wheel: Path) -> None:
    folder = project / "scratch"
    folder.mkdir()
    distribution.check_installed(wheel, project, folder)


def test_a_smoke_test_that_fails_says_why(smoked: Path) -> None:
    with pytest.raises(BuildError, match=r"^the smoke test fails: AssertionError: no answer$"):
        installed(smoked, installable(smoked, "answer = 41\n"))


def test_a_wheel_that_cannot_be_installed_says_why(smoked: Path) -> None:
    with pytest.raises(BuildError, match=r"^clerk_client-0.1.0-py3-none-any.whl can't be installed: ERROR: .*"):
        installed(smoked, a_wheel(smoked, None))


def test_dependencies_that_are_not_at_hand_are_named(smoked: Path) -> None:
    (smoked / distribution.REQUIREMENTS).write_text(f"nothing-of-the-kind==1 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(BuildError, match=r"^the dependencies can't be installed: ERROR: .*nothing-of-the-kind"):
        installed(smoked, installable(smoked, ""))


def test_wheels_that_are_missing_are_asked_for(smoked: Path) -> None:
    shutil.rmtree(smoked / ".wheels")
    with pytest.raises(BuildError, match=r"^\.wheels is missing: run `make env`$"):
        installed(smoked, installable(smoked, ""))


def test_a_program_that_says_nothing_is_told_of_too(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"^it stopped: no output$"):
        distribution._run("it stopped", (sys.executable, "-c", "raise SystemExit(1)"), tmp_path)

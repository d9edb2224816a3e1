"""The wheel and the sdist: what is in them, and that the wheel works where nothing else is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement

from clerk._version import __version__
from generator.release.distribution import check_plugin

ROOT = Path(__file__).parents[2]
WHEELS = ROOT / ".wheels"
SNIPPET = Path(__file__).with_name("snippet.py")
EPOCH = "1735689600"

pytestmark = pytest.mark.xdist_group("distribution")


class Distribution(NamedTuple):
    wheel: Path
    sdist: Path

    def metadata(self) -> Message:
        with zipfile.ZipFile(self.wheel) as wheel:
            return BytesParser().parsebytes(wheel.read(f"clerk_client-{__version__}.dist-info/METADATA"))

    def dependencies(self) -> list[Requirement]:
        """Return what every installation needs, extras aside."""
        requirements = [Requirement(line) for line in self.metadata().get_all("Requires-Dist", [])]
        return [requirement for requirement in requirements if requirement.marker is None]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program with no more of this environment than it needs; what it printed, should it fail, is the message."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(folder: Path, project: Path = ROOT) -> Distribution:
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder),
        cwd=project,
        SOURCE_DATE_EPOCH=EPOCH,
    )
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Distribution(wheel, sdist)


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    return build(tmp_path_factory.mktemp("distribution"))


def modules_of(package: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*.py")}


def test_names_carry_the_version(distribution: Distribution) -> None:
    assert distribution.wheel.name == f"clerk_client-{__version__}-py3-none-any.whl"
    assert distribution.sdist.name == f"clerk_client-{__version__}.tar.gz"


def test_wheel_holds_the_two_packages_and_nothing_else(distribution: Distribution) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        names = set(wheel.namelist())
    information = f"clerk_client-{__version__}.dist-info"
    assert names == {
        *modules_of("clerk"),
        *modules_of("clerk_generated"),
        "clerk/py.typed",
        "clerk_generated/corrected_document.json",
        "clerk_generated/py.typed",
        f"{information}/METADATA",
        f"{information}/RECORD",
        f"{information}/WHEEL",
        f"{information}/licenses/LICENSE",
        f"{information}/licenses/NOTICE",
    }


def test_sdist_holds_the_sources_and_no_leavings(distribution: Distribution) -> None:
    with tarfile.open(distribution.sdist) as sdist:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in sdist.getnames()}
    expected = {"pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "Makefile", "PKG-INFO"}
    expected |= {"openapi/clerk-bapi.yaml", "openapi/layout.yaml", "openapi/lock.json", "requirements/dev.txt"}
    expected |= {"pytest-plugin/pyproject.toml", "pytest-plugin/clerk_client_pytest/__init__.py"}
    for package in ("clerk", "clerk_generated", "examples", "generator", "tests"):
        expected |= modules_of(package)
    assert expected <= names
    assert not [name for name in names if re.search(r"(^|/)(\.(?!gitignore$)|__pycache__)|\.pyc$", name)]


def test_metadata(distribution: Distribution) -> None:
    metadata = distribution.metadata()
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert str(metadata.get_payload()).startswith("# clerk-client\n")
    assert not re.search(r"\]\((?!https://)", str(metadata.get_payload()))


def test_three_dependencies_without_caps(distribution: Distribution) -> None:
    dependencies = distribution.dependencies()
    assert sorted(dependency.name for dependency in dependencies) == ["attrs", "httpx", "python-dateutil"]
    assert {specifier.operator for item in dependencies for specifier in item.specifier} == {">="}


def test_lowest_dependencies_are_the_declared_bounds(distribution: Distribution) -> None:
    lines = (ROOT / "requirements/lowest.in").read_text().splitlines()
    tested = {line.replace("==", ">=") for line in lines if line and not line.startswith("#")}
    assert tested == {str(dependency) for dependency in distribution.dependencies()}


def test_builds_are_reproducible(distribution: Distribution, tmp_path: Path) -> None:
    again = build(tmp_path)
    assert again.wheel.read_bytes() == distribution.wheel.read_bytes()
    assert again.sdist.read_bytes() == distribution.sdist.read_bytes()


@pytest.mark.parametrize("dependencies", ["lowest", "newest"])
def test_installed_wheel_runs_and_type_checks(distribution: Distribution, dependencies: str, tmp_path: Path) -> None:
    assert (WHEELS / "stamp").exists(), "the wheels to install are missing: run `make env`"
    environment = tmp_path / "environment"
    venv.create(environment)
    python = environment / "bin" / "python"
    snippet = Path(shutil.copy(SNIPPET, tmp_path))
    install(python, "--require-hashes", "--requirement", ROOT / f"requirements/{dependencies}.txt", cwd=tmp_path)
    install(python, "--find-links", distribution.wheel.parent, f"clerk-client=={__version__}", cwd=tmp_path)

    printed = run(python, "-W", "error", snippet, cwd=tmp_path)
    assert printed.startswith(f"clerk-client {__version__} works with httpx {pinned(dependencies, 'httpx')}")
    run(
        *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-executable", python, snippet),
        cwd=tmp_path,
    )
    run(*(sys.executable, "-m", "pyright", "--pythonpath", python, snippet), cwd=tmp_path)


def test_the_plugin_is_a_distribution_of_its_own(distribution: Distribution, tmp_path: Path) -> None:
    """pytest rewrites every module of a distribution with a plugin: none of `clerk` and `clerk_generated`."""
    plugin = build(tmp_path / "dist", ROOT / "pytest-plugin")
    assert plugin.wheel.name == f"clerk_client_pytest-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(plugin.wheel) as wheel:
        assert {name for name in wheel.namelist() if ".dist-info/" not in name} == {
            "clerk_client_pytest/__init__.py",
            "clerk_client_pytest/py.typed",
        }
        information = f"clerk_client_pytest-{__version__}.dist-info"
        metadata = BytesParser().parsebytes(wheel.read(f"{information}/METADATA"))
    needed = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    assert [str(one) for one in needed if one.name == "clerk-client"] == [f"clerk-client>={__version__}"]
    assert (ROOT / "pytest-plugin/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    extras = [Requirement(line) for line in distribution.metadata().get_all("Requires-Dist", [])]
    assert [one.name for one in extras if one.marker and one.marker.evaluate({"extra": "testing"})] == [
        *("clerk-client-pytest", "cryptography", "jsonschema-rs", "pyjwt")
    ]
    check_plugin(distribution.wheel, plugin.wheel, ROOT, tmp_path)


def pinned(dependencies: str, name: str) -> str:
    """Return the version of a distribution in one of the requirements files."""
    found = re.search(rf"^{name}==(\S+)", (ROOT / f"requirements/{dependencies}.txt").read_text(), re.MULTILINE)
    assert found
    return found[1]


def install(python: Path, *requirements: str | Path, cwd: Path) -> None:
    """Install into an environment that has no pip of its own, from local files only."""
    pip = (sys.executable, "-m", "pip", "--isolated", "--python", python, "install")
    # Few of the modules are imported, and those are compiled then.
    run(*pip, "--no-compile", "--no-index", "--find-links", WHEELS, *requirements, cwd=cwd)

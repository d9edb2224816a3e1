"""Builds wheel and sdist, and checks their content and that the wheel works in an empty environment.

`twine check` validates metadata with `packaging`, as `check_metadata` does; it accepts a missing summary and knows
nothing of our version. `check-wheel-contents` compares packages with their folders, as `check_wheel` does, but ignores
`.dist-info`, and complains about two packages in one wheel and about models that are equal in both. Neither would
replace any code here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from packaging.metadata import Metadata

from .._errors import BuildError
from ..build import DOCUMENT
from ..code.render import PACKAGE
from ..document.files import one_line

WHEELS = Path(".wheels")
SMOKE_TEST = Path("tests/packaging/snippet.py")
PLUGIN_TEST = Path("tests/packaging/plugin_snippet.py")
REQUIREMENTS = Path("requirements/newest.txt")

_INFORMATION = ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE")
_LITTER = re.compile(r"(^|/)(\.(?!gitignore$)|__pycache__)|\.pyc$")


class Project(NamedTuple):
    """A project that is released as a distribution of its own.

    Attributes:
        folder: Its folder.
        packages: The packages in its wheel.
        files: Other files in its wheel, below the root or its `.dist-info`.
        sources: Files that its sdist must contain.
    """

    folder: str
    packages: tuple[str, ...]
    files: tuple[str, ...]
    sources: tuple[str, ...]


CLIENT = Project(
    ".",
    ("clerk", PACKAGE),
    (f"{PACKAGE}/{DOCUMENT}", "licenses/NOTICE"),
    (
        *("CHANGELOG.md", "LICENSE", "Makefile", "NOTICE", "PKG-INFO", "README.md", "pyproject.toml"),
        *("generator/__main__.py", "openapi/clerk-bapi.yaml", "openapi/lock.json", "tests/conftest.py"),
        "pytest-plugin/pyproject.toml",
    ),
)
PLUGIN = Project(
    "pytest-plugin",
    ("clerk_client_pytest",),
    (),
    ("LICENSE", "PKG-INFO", "README.md", "clerk_client_pytest/__init__.py", "pyproject.toml"),
)
PROJECTS = (CLIENT, PLUGIN)


class Distribution(NamedTuple):
    """The two files of a release."""

    wheel: Path
    sdist: Path


def build(root: Path, into: Path, epoch: str) -> Distribution:
    """Build wheel and sdist.

    Args:
        root: The project's root.
        into: The folder for the files.
        epoch: The time to write into the archives, in seconds since the Unix epoch.

    Raises:
        BuildError: The build failed.
    """
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into))
    _run("the build failed", command, root, SOURCE_DATE_EPOCH=epoch)
    return Distribution(next(into.glob("*.whl")), next(into.glob("*.tar.gz")))


def check_reproducible(first: Distribution, second: Distribution) -> None:
    """Check that two builds are identical.

    Raises:
        BuildError: They are not.
    """
    for one, other in zip(first, second, strict=True):
        if one.name != other.name or one.read_bytes() != other.read_bytes():
            raise BuildError(f"not reproducible: {one.name} and {other.name} of a second build differ")


def check_metadata(wheel: Path, version: str) -> None:
    """Check the metadata of a wheel.

    Raises:
        BuildError: It is invalid, has another version, or lacks a field.
    """
    information = _information(wheel)
    try:
        with zipfile.ZipFile(wheel) as archive:
            metadata = Metadata.from_email(archive.read(f"{information}/METADATA"), validate=True)
    except KeyError:
        raise BuildError(f"{wheel.name}: no METADATA") from None
    except ExceptionGroup as errors:
        reasons = "; ".join(str(error) for error in errors.exceptions)
        raise BuildError(f"{wheel.name}: the metadata is not valid: {one_line(reasons)}") from errors
    if str(metadata.version) != version:
        raise BuildError(f"{wheel.name}: the metadata says version {metadata.version}, the package {version}")
    for field in ("description", "license_expression", "requires_python", "summary"):
        if not getattr(metadata, field):
            raise BuildError(f"{wheel.name}: the metadata has no {field.replace('_', '-')}")


def check_wheel(wheel: Path, root: Path, released: Project = CLIENT) -> None:
    """Check that a wheel contains its packages, completely, and nothing else.

    Raises:
        BuildError: Files are missing, or there are extra ones.
    """
    folder, information = root / released.folder, _information(wheel)
    paths = [path for package in released.packages for path in (folder / package).rglob("*.py")]
    expected = {path.relative_to(folder).as_posix() for path in paths}
    expected |= {f"{package}/py.typed" for package in released.packages}
    expected |= {name for name in released.files if not name.startswith("licenses/")}
    told = {name for name in released.files if name.startswith("licenses/")}
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if {"entry-points", "scripts"} & project.keys():
        told.add("entry_points.txt")
    expected |= {f"{information}/{name}" for name in {*_INFORMATION, *told}}
    with zipfile.ZipFile(wheel) as archive:
        _compare(wheel.name, expected, set(archive.namelist()))


def check_sdist(sdist: Path, released: Project = CLIENT) -> None:
    """Check that an sdist contains what is needed to build (and to vendor, generate and test), and no litter.

    Raises:
        BuildError: Files are missing, or there is litter.
    """
    with tarfile.open(sdist) as archive:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}
    wanted = {name for name in names if not _LITTER.search(name)}
    _compare(sdist.name, {*released.sources, *wanted}, names)


def check_installed(wheel: Path, root: Path, folder: Path) -> None:
    """Install a wheel from local files into an environment of its own, and run the smoke test there.

    Args:
        wheel: The wheel.
        root: The project's root, with the wheels of the dependencies.
        folder: An empty folder for the environment.

    Raises:
        BuildError: It can't be installed, or the smoke test fails.
    """
    if not (root / WHEELS).is_dir():
        raise BuildError(f"{WHEELS} is missing: run `make env`")
    venv.create(folder / "environment")
    python = str(folder / "environment" / "bin" / "python")
    pip = (sys.executable, "-m", "pip", "--isolated", "--python", python, "install", "--quiet", "--no-index")
    local = ("--find-links", str(root / WHEELS))
    requirements = ("--require-hashes", "--requirement", str(root / REQUIREMENTS))
    _run("the dependencies can't be installed", (*pip, *local, *requirements), folder)
    _run(f"{wheel.name} can't be installed", (*pip, *local, str(wheel)), folder)
    _run("the smoke test fails", (python, "-I", "-W", "error", str(root / SMOKE_TEST)), folder)


def check_plugin(client: Path, plugin: Path, root: Path, folder: Path) -> None:
    """Install both wheels beside this environment's pytest, and run the plugin's smoke test.

    Args:
        client: The wheel of the client.
        plugin: The wheel of the plugin.
        root: The project's root.
        folder: A folder for the installation.

    Raises:
        BuildError: They can't be installed, or the smoke test fails.
    """
    target, test = folder / "both", folder / "test_plugin.py"
    pip = (sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-index", "--no-deps")
    _run(f"{plugin.name} can't be installed", (*pip, "--target", str(target), str(client), str(plugin)), folder)
    test.write_bytes((root / PLUGIN_TEST).read_bytes())
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = (sys.executable, "-m", "pytest", "-qq", "-p", "no:cacheprovider", "-p", "no:schemathesis", str(test))
    _run("the plugin's smoke test fails", command, folder, PYTHONPATH=str(target), PYTHONDONTWRITEBYTECODE="1")


def _information(wheel: Path) -> str:
    return "-".join(wheel.name.split("-")[:2]) + ".dist-info"


def _compare(archive: str, expected: set[str], found: set[str]) -> None:
    missing, others = sorted(expected - found), sorted(found - expected)
    if missing or others:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"holds {', '.join(others)}"] if others else []
        raise BuildError(f"{archive} {one_line(' and '.join(parts))}")


def _run(problem: str, command: tuple[str, ...], folder: Path, **environment: str) -> None:
    """Run a program with only the environment variables it needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no output"]
        raise BuildError(f"{problem}: {one_line(lines[-1])}")


__all__ = [
    "CLIENT",
    "PLUGIN",
    "PROJECTS",
    "Distribution",
    "Project",
    "build",
    "check_installed",
    "check_metadata",
    "check_plugin",
    "check_reproducible",
    "check_sdist",
    "check_wheel",
]

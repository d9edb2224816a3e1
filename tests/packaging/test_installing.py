"""`make` installs what the lock files pin, whatever has been released since, with an old pip and a new one.

The index is on the loopback interface. Its wheels are empty, but they are called and require what the pinned
distributions are called and require.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from requirements.record import FOLDER, RECORD, lock_files, pins
from tests.support.package_index import Wheel, package_index

ROOT = FOLDER.parent
# The pip that a Python brings, by the first Python that brings it; an old pip does not run under a new Python.
PIPS = [version for version, ends in (("22.3", (3, 12)), ("23.2.1", (3, 13))) if sys.version_info < ends]
ENVIRONMENTS = {
    ".venv": "dev",
    ".bench": "bench",
    ".frameworks-lowest": "frameworks-lowest",
    ".peers/official_python": "peers",
}

pytestmark = pytest.mark.xdist_group("installing")


@pytest.fixture(scope="module")
def wheels() -> dict[str, Wheel]:
    """Wheels by the names that the record gives them; pip itself is what installs."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    return {
        key: Wheel(key.partition("==")[0], key.partition("==")[2], tuple(facts.get("requires_dist", ())))
        for key, facts in record.items()
        if not key.startswith("pip==")
    }


@pytest.fixture(scope="module")
def index(wheels: dict[str, Wheel]) -> Iterator[str]:
    with package_index(wheels.values()) as url:
        yield url


@pytest.fixture
def tree(tmp_path: Path, wheels: dict[str, Wheel]) -> Path:
    """A clone's Makefile and lock files, with the hashes of our wheels."""
    tree = tmp_path / "a clone"
    (tree / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", tree)
    for lock in lock_files():
        lines = [
            f"{pin.requirement} --hash=sha256:{wheels[pin.key].sha256}\n" for pin in pins(lock) if pin.key in wheels
        ]
        (tree / "requirements" / lock.name).write_text("".join(lines))
    return tree


def with_pip(folder: Path, version: str) -> Path:
    """Make a Python whose new environments have this pip; "newest" is the pinned one, which is installed here."""
    pip = folder / "pip"
    if version == "newest":
        for name in ("pip", f"pip-{importlib.metadata.version('pip')}.dist-info"):
            shutil.copytree(importlib.metadata.distribution("pip").locate_file(name), pip / name)  # type: ignore[arg-type]  # a path, here
    else:
        with zipfile.ZipFile(ROOT / ".wheels" / f"pip-{version}-py3-none-any.whl") as wheel:
            wheel.extractall(pip)
    site_packages = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    python = folder / "python"
    python.write_text(
        f"""#!/bin/sh
[ "$1 $2 $3" = "-m venv --clear" ] || exec '{sys.executable}' "$@"
'{sys.executable}' -m venv --clear --without-pip "$4" && cp -Rp '{pip}/.' "$4/{site_packages}"
"""
    )
    python.chmod(0o755)
    return python


def make(tree: Path, index: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tree),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index,
    }
    return subprocess.run(["make", *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("pip", [*PIPS, "newest"])
def test_newer_releases_change_nothing(pip: str, tree: Path, index: str, tmp_path: Path) -> None:
    assert (ROOT / ".wheels/stamp").exists(), "the wheels of pip are missing: run `make env`"

    done = make(tree, index, f"PYTHON={with_pip(tmp_path, pip)}", ".venv/stamp")

    assert done.returncode == 0, done.stdout + done.stderr
    assert installed(tree / ".venv") == pinned("dev")


def test_the_other_environments_are_made_in_the_same_way(tree: Path, index: str, tmp_path: Path) -> None:
    (tree / "requirements/dev.txt").write_text("")
    others = [environment for environment in ENVIRONMENTS if environment != ".venv"]
    targets = [f"{environment}/stamp" for environment in (*others, ".wheels")]

    done = make(tree, index, f"PYTHON={with_pip(tmp_path, 'newest')}", *targets)

    assert done.returncode == 0, done.stdout + done.stderr
    for environment in others:
        assert installed(tree / environment) == pinned(ENVIRONMENTS[environment])
    downloaded = {tuple(path.name.split("-")[:2]) for path in (tree / ".wheels").glob("*.whl")}
    needed = pinned("lowest") | pinned("newest")
    assert downloaded == {(name.replace("-", "_"), version) for name, version in needed}


def test_the_lowest_dependencies_take_the_place_of_the_newest(tree: Path, index: str, tmp_path: Path) -> None:
    shutil.copy(tree / "requirements/newest.txt", tree / "requirements/dev.txt")

    done = make(tree, index, f"PYTHON={with_pip(tmp_path, 'newest')}", "DEPENDENCIES=lowest", ".venv/stamp-lowest")

    assert done.returncode == 0, done.stdout + done.stderr
    assert {("httpx", "0.26.0"), ("attrs", "22.2.0")} <= pinned("lowest") <= installed(tree / ".venv")


def test_what_a_lock_file_lacks_is_noticed(tree: Path, index: str, tmp_path: Path) -> None:
    lines = (tree / "requirements/newest.txt").read_text().splitlines(keepends=True)
    (tree / "requirements/dev.txt").write_text("".join(line for line in lines if not line.startswith("idna==")))

    done = make(tree, index, f"PYTHON={with_pip(tmp_path, 'newest')}", ".venv/stamp")

    assert done.returncode == 2
    assert "requires idna, which is not installed" in done.stderr
    assert "error: requirements/dev.txt is incomplete; to compile it again: make requirements" in done.stderr
    assert not (tree / ".venv/stamp").exists()


def installed(environment: Path) -> set[tuple[str, str]]:
    """Return the distributions in an environment, but for what came with it."""
    (site_packages,) = environment.glob("lib/python*/site-packages")
    names = (path.name.removesuffix(".dist-info").split("-") for path in site_packages.glob("*.dist-info"))
    return {(name.replace("_", "-"), version) for name, version in names if name not in ("pip", "setuptools")}


def pinned(lock: str) -> set[tuple[str, str]]:
    """Return what a lock file pins for this Python."""
    held = [pin for pin in pins(FOLDER / f"{lock}.txt") if not (marker := pin.requirement.marker) or marker.evaluate()]
    return {(pin.name, pin.version) for pin in held if pin.name != "pip"}

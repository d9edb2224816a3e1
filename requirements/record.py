"""What the pinned distributions require, written down: `python -m requirements.record`.

The lock files are compiled under one Python and used under several. `requires.json` keeps what each pinned distribution
requires, so that a test can tell offline whether a lock file is complete for every Python that this project supports.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

FOLDER = Path(__file__).parent
RECORD = FOLDER / "requires.json"


class Pin(NamedTuple):
    """A distribution in a lock file.

    Attributes:
        requirement: Name, version and marker.
        hashes: What the file that is installed must have one of, as in `sha256:...`.
    """

    requirement: Requirement
    hashes: list[str]

    @property
    def name(self) -> NormalizedName:
        """The name as it is compared."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The version."""
        return next(iter(self.requirement.specifier)).version

    @property
    def key(self) -> str:
        """How the record calls it."""
        return f"{self.name}=={self.version}"


Facts = dict[str, str]  # an environment, as markers see it
Record = dict[str, dict[str, Any]]  # Any: "requires_python" is a text, "requires_dist" a list of them


def lock_files() -> list[Path]:
    """Return all lock files, in the order of their names."""
    return sorted(FOLDER.glob("*.txt"))


def pins(lock: Path) -> list[Pin]:
    """Read a lock file."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    found = []
    for line in re.findall(r"^[A-Za-z0-9].*$", text, re.MULTILINE):
        requirement, *hashes = line.split(" --hash=")
        found.append(Pin(Requirement(requirement), [one.strip() for one in hashes]))
    return found


def asked_for(source: Path) -> Iterator[Requirement]:
    """Read what a lock file is compiled from, with the files that it includes."""
    for line in source.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            yield from asked_for(source.parent / text.removeprefix("-r ").strip())
        elif text:
            yield Requirement(text)


def supported_pythons() -> list[str]:
    """Return the versions of Python that pyproject.toml names, the oldest first."""
    text = (FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8")
    classifiers = tomllib.loads(text)["project"]["classifiers"]
    found = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line) for line in classifiers]
    return sorted((match[1] for match in found if match), key=lambda version: int(version.partition(".")[2]))


def _here() -> Facts:
    return {name: str(value) for name, value in default_environment().items()}


def environments() -> Iterator[Facts]:
    """Give every environment that the lock files are for, as markers see it."""
    for python in supported_pythons():
        for platform, system in (("linux", "Linux"), ("darwin", "Darwin")):
            for patch in ("0", "99"):
                yield {
                    **_here(),
                    "python_version": python,
                    "python_full_version": f"{python}.{patch}",
                    "implementation_version": f"{python}.{patch}",
                    "sys_platform": platform,
                    "platform_system": system,
                }


def pins_for(lock: Path, places: Iterable[Facts]) -> list[Pin]:
    """Read what a lock file pins for at least one of some environments; there are pins for other platforms too."""
    known = list(places)
    return [pin for pin in pins(lock) if any(_holds(pin.requirement, facts, "") for facts in known)]


def what_is_missing(lock: Path, record: Record) -> list[str]:
    """Say what a lock file lacks for one of the environments, and what of it does not fit another; a line each.

    A requirement counts where its marker holds, the requirements of an extra where somebody asks for the extra.
    """
    lines = (line for environment in environments() for line in _missing(lock, record, environment))
    return list(dict.fromkeys(lines))


def _missing(lock: Path, record: Record, facts: Facts) -> Iterator[str]:
    where = f"on Python {facts['python_full_version']}, {facts['platform_system']}"
    locked = {pin.name: pin for pin in pins(lock) if _holds(pin.requirement, facts, "")}
    open_requirements = [(lock.with_suffix(".in").name, item) for item in asked_for(lock.with_suffix(".in"))]
    seen: set[tuple[str, str]] = set()
    while open_requirements:
        asker, requirement = open_requirements.pop()
        pin = locked.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{asker} needs {requirement} {where}"
            continue
        if not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{asker} needs {requirement} {where}, not {pin.version}"
        if pin.key not in record:
            yield f"nobody has recorded what {pin.key} requires"
            continue
        recorded = record[pin.key]
        if not SpecifierSet(recorded.get("requires_python", "")).contains(facts["python_full_version"]):
            yield f"{pin.key} is not for Python {facts['python_full_version']}"
        for extra in {"", *requirement.extras} - {extra for name, extra in seen if name == pin.name}:
            seen.add((pin.name, extra))
            needed = map(Requirement, recorded.get("requires_dist", ()))
            open_requirements += [(pin.key, item) for item in needed if _holds(item, facts, extra)]


def _holds(requirement: Requirement, facts: Facts, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**facts, "extra": extra})


def _reported(lock: Path, python: str) -> Record:
    """Ask the package index what the wheels of a lock file require; each has to have one for this Python."""
    held = pins_for(lock, [facts for facts in environments() if facts["python_version"] == python])
    with tempfile.TemporaryDirectory() as folder:
        # Without markers: pip holds them against the Python that runs it.
        plain, report = Path(folder) / lock.name, Path(folder) / "report.json"
        plain.write_text("".join(f"{pin.key} --hash={' --hash='.join(pin.hashes)}\n" for pin in held), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "-qq", "--dry-run", "--ignore-installed", "--no-deps"]
        command += ["--require-hashes", "--only-binary=:all:", "--python-version", python, "--target", folder]
        subprocess.run([*command, "--report", str(report), "--requirement", str(plain)], check=True)
        installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {_key(item["metadata"]): _kept(item["metadata"]) for item in installed}


def _key(metadata: dict[str, Any]) -> str:  # Any: pip's report is JSON
    return f"{canonicalize_name(metadata['name'])}=={metadata['version']}"


def _kept(metadata: dict[str, Any]) -> dict[str, Any]:  # Any: pip's report is JSON
    return {key: metadata[key] for key in ("requires_python", "requires_dist") if key in metadata}


def _recorded() -> Record:
    oldest, *_, newest = supported_pythons()
    record: Record = {}
    for lock in lock_files():
        # An old pip runs under no new Python, and needs not.
        for python in (oldest,) if lock.name.startswith("pip-of-") else (oldest, newest):
            for key, facts in _reported(lock, python).items():
                before = record.setdefault(key, facts).get("requires_dist", [])
                if more := [item for item in facts.get("requires_dist", []) if item not in before]:
                    record[key]["requires_dist"] = [*before, *more]
    return dict(sorted(record.items()))


def main() -> int:
    """Write the record, and say which lock files are not complete."""
    try:
        record = _recorded()
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"error: pip can't tell what {error.cmd[-1]} requires: is there a network?\n")
        return 1
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    complaints = [f"{lock.name}: {line}" for lock in lock_files() for line in what_is_missing(lock, record)]
    sys.stderr.write("".join(f"error: {line}\n" for line in complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

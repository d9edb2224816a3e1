"""``openapi/lock.json`` records what the generated tree was made from, so that every difference shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .._errors import BuildError
from . import files

__all__ = [
    "LOCK",
    "VENDORED",
    "VENDORED_EVENTS",
    "Lock",
    "input_hashes",
    "read",
    "serialised",
    "sha256",
    "verify_vendored",
    "write",
]

LOCK = Path("openapi/lock.json")
VENDORED = Path("openapi/clerk-bapi.yaml")
VENDORED_EVENTS = Path("openapi/clerk-webhooks.yaml")

_INPUT_FOLDERS = (Path("openapi/overlays"), Path("generator/templates"), Path("generator/runtime"))
_LAYOUT = Path("openapi/layout.yaml")


@dataclass(frozen=True)
class Lock:
    """The content of the lock file.

    Attributes:
        api_version: The API's version, as the document gives it: a date.
        source_sha256: Of the original document's bytes, hexadecimal.
        vendored_sha256: Of ``openapi/clerk-bapi.yaml``, hexadecimal.
        inputs: sha256 of every other input of generation, by path relative to the project's root.
        generator: Exact versions of the packages that shape the generated code, by name.
        counts: How many operations, events, schemas and models there are.
        webhooks: Of the webhooks' document ``version``, ``source_sha256`` and ``vendored_sha256``; empty without one.
        source: Where the document came from: its `url` or the name of its `file`, and the `commit`, if that is known.
        corrections: The values that overlays replace, by action and place.
    """

    api_version: str
    source_sha256: str
    vendored_sha256: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    generator: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    webhooks: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)  # JSON values


def sha256(content: bytes) -> str:
    """Return the sha256 of some bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def serialised(lock: Lock) -> bytes:
    """Return the bytes of a lock file: JSON with sorted keys, the same for the same lock."""
    return (json.dumps(asdict(lock), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write(root: Path, lock: Lock) -> None:
    """Write the lock file of the project at ``root``.

    Raises:
        BuildError: It can't be written; the file is unchanged.
    """
    files.write_files({root / LOCK: serialised(lock)})


def read(root: Path) -> Lock:
    """Read the lock file of the project at ``root``.

    Raises:
        BuildError: There is none, or it is not one that ``write`` wrote.
    """
    content = files.load(root / LOCK).value
    if not isinstance(content, dict) or not _is_lock(content):
        raise BuildError(f"{root / LOCK}: not a lock file of this generator; run `make vendor SPEC=<file or URL>`")
    return Lock(**content)


def _is_lock(content: dict[str, object]) -> bool:
    texts, tables = ("api_version", "source_sha256", "vendored_sha256"), ("inputs", "generator", "counts")
    later = ("webhooks", "source", "corrections")  # not recorded by earlier releases
    return (
        {*texts, *tables} <= content.keys() <= {*texts, *tables, *later}
        and all(isinstance(content[name], str) for name in texts)
        and all(isinstance(content[name], dict) for name in (*tables, *(content.keys() & {*later})))
    )


def verify_vendored(root: Path) -> Lock:
    """Check that the vendored documents are those that ``make vendor`` wrote.

    Args:
        root: The project's root.

    Returns:
        The lock.

    Raises:
        BuildError: A vendored document was edited, or it or the lock is missing.
    """
    lock = read(root)
    hashes = {VENDORED: lock.vendored_sha256}
    if lock.webhooks:
        hashes[VENDORED_EVENTS] = lock.webhooks["vendored_sha256"]
    for path, expected in hashes.items():
        if sha256(files.read_bytes(root / path)) != expected:
            raise BuildError(f"{root / path} was edited; run `make vendor`, corrections belong in openapi/overlays")
    return lock


def input_hashes(root: Path) -> dict[str, str]:
    """Hash everything the generated tree depends on besides the vendored documents.

    These are the overlays, the layout, the templates and the runtime modules.

    Args:
        root: The project's root.

    Returns:
        sha256, hexadecimal, by path relative to ``root`` with forward slashes, sorted.
    """
    paths = {path.relative_to(root).as_posix(): path for path in _inputs(root)}
    return {name: sha256(files.read_bytes(paths[name])) for name in sorted(paths)}


def _inputs(root: Path) -> Iterator[Path]:
    if (root / _LAYOUT).is_file():
        yield root / _LAYOUT
    for folder in _INPUT_FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file() and not _is_litter(path.relative_to(root)):
                yield path


def _is_litter(path: Path) -> bool:
    """Whether an editor, a tool or the interpreter left the file there."""
    return path.name.endswith("~") or any(part == "__pycache__" or part.startswith(".") for part in path.parts)

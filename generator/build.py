"""The whole build, step by step: from the vendored document to `clerk_generated/`."""

from __future__ import annotations

import filecmp
import json
import tempfile
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ._errors import BuildError
from .code import parse, render
from .code.blueprint import Blueprint
from .code.borrow import borrow_words
from .code.operations import draw
from .code.render_events import EventsProject
from .document import files, lock, overlays
from .document.corrections import Corrections, Doubt, doubts
from .document.strict import make_strict
from .document.walk import Document, operations
from .prepare import events, layout, rules, words

OVERLAYS = Path("openapi/overlays")
EVENT_OVERLAYS = OVERLAYS / "webhooks"
DOCUMENT = "corrected_document.json"  # what `clerk.testing` validates against
_PINNED = ("openapi-python-client", "ruff")


@dataclass(frozen=True)
class Built:
    """The result of a build.

    Attributes:
        lock: The lock file that belongs to it.
        rules: How many places each rule changed.
        blueprint: What was rendered.
        doubts: The corrections of values that have changed since the last build.
    """

    lock: lock.Lock
    rules: dict[str, int]
    blueprint: Blueprint
    doubts: list[Doubt] = field(default_factory=list[Doubt])


def corrected_document(root: Path) -> Document:
    """Return the corrected document: the vendored one with our corrections and additions.

    Raises:
        BuildError: An overlay action matches nothing, or a file is invalid.
    """
    return _corrected(root)[0]


def _corrected(root: Path) -> tuple[Document, Corrections]:
    vendored, noted = files.load(root / lock.VENDORED).value, Corrections()
    layers = overlays.load_overlays(root / OVERLAYS, "1*.yaml")
    corrected = overlays.apply(vendored, layers, noted.watch).document
    make_strict(corrected)
    return corrected, noted


def corrected_events(root: Path) -> Document:
    """Return the corrected document of the webhooks.

    Raises:
        BuildError: An overlay action matches nothing, or a file is invalid.
    """
    vendored = files.load(root / lock.VENDORED_EVENTS).value
    corrected = overlays.apply(vendored, overlays.load_overlays(root / EVENT_OVERLAYS, "1*.yaml")).document
    make_strict(corrected)
    return corrected


def blueprint_of(corrected: Document, client_layout: layout.Layout) -> Blueprint:
    """Draw up the blueprint for a corrected document, without descriptions.

    Args:
        corrected: The corrected document.
        client_layout: A layout that fits it.

    Returns:
        The blueprint.

    Raises:
        BuildError: Something is not supported, or has no good name.
    """
    effective, _ = rules.effective_document(corrected, client_layout)
    with tempfile.TemporaryDirectory() as scratch:
        parsed = parse.parse(effective, parse.config(Path(scratch) / render.PACKAGE))
    return draw(effective, parsed, client_layout)


def regenerate(root: Path) -> Built:
    """Regenerate `clerk_generated/` and `openapi/lock.json` in a project.

    Raises:
        BuildError: The build failed; no file has changed.
    """
    with tempfile.TemporaryDirectory(dir=root, prefix=f".{render.PACKAGE}-") as scratch:
        new = Path(scratch) / render.PACKAGE
        built = _build(root, new)
        render.replace_tree(new, root / render.PACKAGE)
    lock.write(root, built.lock)
    return built


def check(root: Path) -> Built:
    """Compare `clerk_generated/` and `openapi/lock.json` with what the generator makes of the inputs.

    Raises:
        BuildError: They differ; the message lists every file that does.
    """
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / render.PACKAGE
        built = _build(root, new)
        differing = _differences(new, root / render.PACKAGE)
    if lock.read(root) != built.lock:
        differing.append(lock.LOCK.as_posix())
    if differing:
        listed = "\n".join(f"  {name}" for name in differing)
        raise BuildError(f"out of date; run `make regenerate`:\n{listed}")
    return built


def _build(root: Path, into: Path) -> Built:
    locked = lock.verify_vendored(root)
    corrected, noted = _corrected(root)
    client_layout = layout.load(root)
    layout.check(client_layout, corrected)
    blueprint, counts = _render(corrected, client_layout, root / OVERLAYS, into)
    models = {"models": len(blueprint.models)}
    if locked.webhooks:
        document, client_layout = events.as_operations(corrected_events(root), locked.webhooks["version"])
        drawn, _ = _render(document, client_layout, root / EVENT_OVERLAYS, into, beside=blueprint)
        models["event_models"] = len(drawn.models)
    render.finish(into)
    (into / DOCUMENT).write_text(_in_lines(corrected), encoding="utf-8")
    renewed = replace(
        locked,
        inputs=lock.input_hashes(root),
        generator={name: version(name) for name in _PINNED},
        counts={**locked.counts, **models, "operations": sum(1 for _ in operations(corrected))},
        corrections=noted.replaced,
    )
    return Built(renewed, counts, blueprint, doubts(locked.corrections, noted))


def _in_lines(corrected: Document) -> str:
    """Return a document as JSON with a line for each path and each component, so that they can be read one by one."""
    sections = {name: _json_lines(part, {"paths": 1, "components": 2}.get(name, 0)) for name, part in corrected.items()}
    return "{\n" + ",\n".join(f"{json.dumps(name)}:{sections[name]}" for name in sorted(sections)) + "\n}\n"


def _json_lines(value: Any, levels: int) -> str:  # a JSON value
    if not levels:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    lines = (f"{json.dumps(name)}:{_json_lines(part, levels - 1)}" for name, part in sorted(value.items()))
    return "{\n" + ",\n".join(lines) + "\n}"


def _render(
    corrected: Document, client_layout: layout.Layout, layers: Path, into: Path, beside: Blueprint | None = None
) -> tuple[Blueprint, dict[str, int]]:
    """Apply rules and descriptions to a corrected document, and render it.

    Args:
        corrected: The corrected document.
        client_layout: A layout that fits it.
        layers: The folder of the overlays.
        into: The folder to render into.
        beside: The blueprint of the API, if this is the document of the events.

    Returns:
        What was rendered, and how many places each rule changed.
    """
    effective, counts = rules.effective_document(corrected, client_layout)
    effective = words.put(effective, overlays.load_overlays(layers, "9*.yaml", reasons=False))
    settings = parse.config(into)
    parsed = parse.parse(effective, settings)
    blueprint = draw(effective, parsed, client_layout)
    if beside is not None:
        blueprint = borrow_words(blueprint, beside)
    project = render.ClerkProject if beside is None else EventsProject
    project(blueprint, openapi=parsed, config=settings).render()
    return blueprint, counts


def _differences(new: Path, old: Path) -> list[str]:
    paths = {path.relative_to(folder) for folder in (new, old) for path in folder.rglob("*") if _counts(path)}
    return sorted(
        f"{old.name}/{path.as_posix()}"
        for path in paths
        if not (new / path).is_file() or not (old / path).is_file() or not filecmp.cmp(new / path, old / path, False)
    )


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts

"""Finds components and paths that a new document has renamed, so that overlays keep applying to them.

Both documents are walked side by side. If the old one refers to a removed component and the new one, at the same
place, to an added one, then the component was renamed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..document import files
from ..document.overlays import Overlay, load_overlays
from ..document.walk import Document, operations

_Node = Any  # any JSON value
Component = tuple[str, str]  # section of `components`, and name
_Name = TypeVar("_Name", str, Component)


@dataclass(frozen=True)
class Renames:
    """What was renamed.

    Attributes:
        components: The new names, by section and old name.
        paths: The new paths, by the old ones.
    """

    components: Mapping[Component, str] = field(default_factory=dict[Component, str])
    paths: Mapping[str, str] = field(default_factory=dict[str, str])

    def __bool__(self) -> bool:
        return bool(self.components or self.paths)

    @property
    def lines(self) -> list[str]:
        """The renames, one line each."""
        return [
            *(f"components/{section}/{old} is now called {new}" for (section, old), new in self.components.items()),
            *(f"{old} is now at {new}" for old, new in self.paths.items()),
        ]

    def named_in(self, folder: Path) -> Renames:
        """Return the renames whose old names occur in the overlays of a folder, drafts excepted."""
        if not self:
            return self
        texts = [(text, list(spans)) for overlay, text, spans in _overlays(folder) if not overlay.is_draft]

        def is_named(one: Renames) -> bool:
            return any(
                one.reference(text) != text or any(one.target(text[i:j]) != text[i:j] for i, j in spans)
                for text, spans in texts
            )

        components = {old: new for old, new in self.components.items() if is_named(Renames({old: new}))}
        paths = {old: new for old, new in self.paths.items() if is_named(Renames(paths={old: new}))}
        return Renames(components, paths)

    def target(self, text: str) -> str:
        """Return a JSONPath with the new names."""
        for old, new in self.paths.items():
            text = text.replace(f"'{old}'", f"'{new}'")
        for (section, old), new in self.components.items():
            if section in text:
                bracketed = text.replace(f"'{old}'", f"'{new}'")
                text = re.sub(rf"\b{section}\.{re.escape(old)}(?![\w-])", f"{section}['{new}']", bracketed)
        return self.reference(text)

    def reference(self, text: str) -> str:
        """Return a text with its references changed to the new names."""
        for (section, old), new in self.components.items():
            text = re.sub(rf"#/components/{section}/{re.escape(old)}(?![\w.-])", f"#/components/{section}/{new}", text)
        return text

    def place(self, text: str) -> str:
        """Return a JSON pointer with the new names."""
        for old, new in self.paths.items():
            text = text.replace(files.pointer("paths", old) + "/", files.pointer("paths", new) + "/")
        for (section, old), new in self.components.items():
            before, now = (files.pointer("components", section, name) for name in (old, new))
            text = re.sub(rf"^{re.escape(before)}(?=/|$)", now, text)
        return text

    def corrections(self, noted: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return what corrections replaced, under the new names."""
        return {
            self.target(key): {
                self.place(place): json.loads(self.reference(json.dumps(values))) for place, values in places.items()
            }
            for key, places in noted.items()
        }


def find_renames(old: Document, new: Document) -> Renames:
    """Find what was renamed between two documents.

    Args:
        old: The old vendored document.
        new: The new vendored document.

    Returns:
        The renames; each old and each new name occurs once.
    """
    return Renames(_Walk(old, new).components(), _moved(old, new))


def _moved(old: Document, new: Document) -> dict[str, str]:
    """Return the new paths of moved operations, by the old ones."""
    before = {operation["operationId"]: path for path, _, operation in operations(old)}
    now = {operation["operationId"]: path for path, _, operation in operations(new)}
    gone, came = set(old["paths"]) - set(new["paths"]), set(new["paths"]) - set(old["paths"])
    votes = Counter(
        (before[name], now[name]) for name in before.keys() & now.keys() if before[name] in gone and now[name] in came
    )
    return dict(_each_once(votes))


class _Walk:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._votes: Counter[tuple[Component, Component]] = Counter()
        self._seen: set[tuple[str, str]] = set()

    def components(self) -> dict[Component, str]:
        moved = _moved(self._old, self._new)
        for path, item in self._old["paths"].items():
            self._align(item, self._new["paths"].get(moved.get(path, path)))
        for section, named in self._old.get("components", {}).items():
            for name, node in named.items():
                self._align(node, self._new.get("components", {}).get(section, {}).get(name))
        for pair in self._equal():
            self._votes[pair] += 1
        return {old: new for old, (_, new) in _each_once(self._votes)}

    def _align(self, old: _Node, new: _Node) -> None:
        if isinstance(old, dict) and isinstance(new, dict):
            if isinstance(old.get("$ref"), str) and isinstance(new.get("$ref"), str):
                self._refer(old["$ref"], new["$ref"])
            for name in old.keys() & new.keys():
                self._align(old[name], new[name])
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                self._align(one, other)

    def _refer(self, old: str, new: str) -> None:
        one, other = _component(old), _component(new)
        if old == new or one is None or other is None or one[0] != other[0]:
            return
        if not self._is_gone(one) or not self._is_new(other):
            return
        self._votes[one, other] += 1
        if (old, new) not in self._seen:
            self._seen.add((old, new))
            self._align(files.resolve(self._old, old), files.resolve(self._new, new))

    def _equal(self) -> Iterable[tuple[Component, Component]]:
        """Yield removed and added components that are equal except for their names."""
        for section, named in self._old.get("components", {}).items():
            came = self._new.get("components", {}).get(section, {})
            for name, node in named.items():
                same = [other for other, now in came.items() if now == node and other not in named]
                if name not in came and len(same) == 1:
                    yield (section, name), (section, same[0])

    def _is_gone(self, component: Component) -> bool:
        return component[1] not in self._new.get("components", {}).get(component[0], {})

    def _is_new(self, component: Component) -> bool:
        return component[1] not in self._old.get("components", {}).get(component[0], {})


def _component(reference: str) -> Component | None:
    found = re.fullmatch(r"#/components/([^/]+)/([^/]+)", reference)
    return (found[1], found[2]) if found else None


def _each_once(votes: Counter[tuple[_Name, _Name]]) -> list[tuple[_Name, _Name]]:
    pairs: dict[_Name, _Name] = {}
    for (old, new), _ in sorted(votes.items(), key=lambda item: (-item[1], str(item[0]))):
        if old not in pairs and new not in pairs.values():
            pairs[old] = new
    return sorted(pairs.items(), key=str)


def rename_in_overlays(folder: Path, renames: Renames) -> None:
    """Change old names to new ones in the overlays of a folder.

    Args:
        folder: The folder.
        renames: What was renamed.

    Raises:
        BuildError: A file is not a valid overlay.
    """
    written: dict[Path, bytes] = {}
    if not renames:
        return
    for overlay, before, spans in _overlays(folder):
        text = before
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + renames.target(text[start:end]) + text[end:]
        written[overlay.path] = renames.reference(text).encode()
    files.write_files(written)


def _overlays(folder: Path) -> Iterable[tuple[Overlay, str, Iterable[tuple[int, int]]]]:
    """Yield overlays, their texts, and the spans of the targets in the text."""
    for overlay in load_overlays(folder, reasons=False):
        text = files.read_bytes(overlay.path).decode("utf-8-sig")
        yield overlay, text, _targets(files.compose(text.encode(), str(overlay.path)))


def _targets(root: _Node) -> Iterable[tuple[int, int]]:
    """Return the spans of an overlay's targets, or of the places in a table of names."""
    sections = {key.value: value.value for key, value in root.value if key.value in ("actions", "names")}
    pairs = [pair for action in sections.get("actions", ()) for pair in action.value]
    nodes = [value for key, value in pairs if key.value == "target"] + [key for key, _ in sections.get("names", ())]
    return [(node.start_mark.index, node.end_mark.index) for node in nodes]


__all__ = ["Renames", "find_renames", "rename_in_overlays"]

"""Compares the Python surface of two trees, so that changes of templates and hand-written code show too.

griffe finds what is gone and which parameters changed; changed annotations are found here. Whatever the comparison of
the documents reports already, under the same name, is left out: the rest is due to the code, not to the API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import griffe

from ..code.blueprint import Blueprint
from ..code.render import PACKAGE
from .changes import Change, Comparison, Effect

_PACKAGES = (PACKAGE, "clerk")
_SUB_API = re.compile(rf"{PACKAGE}\.(?:async_)?sub_apis\.(?!(?:attributes|declarations)\b)(\w+)(?:\.\w+(?:\.(\w+))?)?$")
_ENDPOINT = re.compile(rf"{PACKAGE}\.api\.(\w+)\.(\w+)(\.\w+)?$")
_KEYWORDS = re.compile(rf"{PACKAGE}\.keywords\b")  # the methods have the same parameters, and are compared themselves
_FOLDER = re.compile(rf"{PACKAGE}\.api\.(\w+)$")
_MODULE = re.compile(rf"{PACKAGE}\.models\.([a-z0-9_]+)$")
_MODEL = re.compile(rf"{PACKAGE}\.(?:models(?:\.[a-z0-9_]+)?|typed_dicts|enums)\.([A-Z]\w*?)(?:Dict)?(?:\.(\w+))?$")


class Finding(NamedTuple):
    """One difference: the object, the parameter if it concerns one, and what changed."""

    path: str
    parameter: str | None
    what: str


def compare(old: Path, new: Path, documents: Comparison, blueprints: tuple[Blueprint, Blueprint]) -> Iterator[Change]:
    """Compare the public names, signatures and annotations of the packages in two trees.

    Args:
        old: The root of the old tree.
        new: The root of the new tree.
        documents: The comparison of the documents.
        blueprints: The blueprints of the old and the new version.

    Yields:
        What breaks callers and is not reported already, each once.
    """
    names = _Names(documents, blueprints)
    told: set[tuple[str, str]] = set()
    for finding in _findings(_load(old), _load(new), names):
        subject = names.subject(finding)
        is_told = (subject, finding.what) in told or names.is_explained(finding)
        if not is_told and not _KEYWORDS.match(finding.path):
            told.add((subject, finding.what))
            yield Change("surface", subject, finding.what, Effect.BREAKING)


def _load(root: Path) -> griffe.ModulesCollection:
    loader = griffe.GriffeLoader(search_paths=[root], allow_inspection=False)
    for package in _PACKAGES:
        loader.load(package, try_relative_path=False)
    loader.resolve_aliases(external=False)
    return loader.modules_collection


def _findings(old: griffe.ModulesCollection, new: griffe.ModulesCollection, names: _Names) -> Iterator[Finding]:
    for package in _PACKAGES:
        yield from _breakages(old[package], new[package])
        yield from _annotations(old[package], new[package], names)


def _breakages(old: griffe.Module, new: griffe.Module) -> Iterator[Finding]:
    for breakage in griffe.find_breaking_changes(old, new):
        yield Finding(breakage.obj.canonical_path, _parameter(breakage), breakage.kind.value.lower())


def _parameter(breakage: griffe.Breakage) -> str | None:
    """Return the parameter that a breakage is about: griffe has it, or its change, in the old or new value."""
    values: list[Any] = [breakage.old_value, breakage.new_value]  # as griffe types them
    return next((str(value.name) for value in values if isinstance(value, griffe.Parameter)), None)


def _annotations(
    old: griffe.Object | griffe.Alias, new: griffe.Object | griffe.Alias, names: _Names
) -> Iterator[Finding]:
    """Yield the annotations that differ between objects that both trees have."""
    for name, before in old.members.items():
        now = new.members.get(name)
        if now is None or before.is_alias or now.is_alias or not before.is_public:
            continue
        if isinstance(before, griffe.Function) and isinstance(now, griffe.Function):
            yield from _signature(before, now, names)
        elif isinstance(before, griffe.Attribute) and isinstance(now, griffe.Attribute):
            yield from _differing(before.path, None, before.annotation, now.annotation, names)
        else:
            yield from _annotations(before, now, names)


def _signature(old: griffe.Function, new: griffe.Function, names: _Names) -> Iterator[Finding]:
    yield from _differing(old.path, None, old.returns, new.returns, names)
    now = {parameter.name: parameter for parameter in new.parameters}
    for parameter in old.parameters:
        if parameter.name in now:
            annotation = now[parameter.name].annotation
            yield from _differing(old.path, parameter.name, parameter.annotation, annotation, names)


def _differing(
    path: str, parameter: str | None, old: str | griffe.Expr | None, new: str | griffe.Expr | None, names: _Names
) -> Iterator[Finding]:
    before, now = str(old), str(new)
    if before != now and names.neutral(before) != names.neutral(now):
        yield Finding(path, parameter, f"type `{old}` is now `{new}`")


def _new_names(change: Change) -> list[str]:
    """Return the new name of a renamed parameter, written as a subject."""
    found = re.match(r"renamed: now `(\w+)`", change.what)
    subject = re.fullmatch(r"(.+)\((\w+)(=?)\)", change.subject)
    return [f"{subject[1]}({found[1]}{subject[3]})"] if found and subject else []


class _Names:
    """The names in the reports, and what is reported already."""

    def __init__(self, documents: Comparison, blueprints: tuple[Blueprint, Blueprint]) -> None:
        self._told = {change.subject for change in documents.changes}
        self._told |= {name for change in documents.changes for name in change.subject.split(", ")}
        self._told |= {name for change in documents.changes for name in _new_names(change)}
        before, now = (
            {model.name for model in blueprint.models} | {enum.name for enum in blueprint.enums}
            for blueprint in blueprints
        )
        self._passing = before ^ now
        self._modules = {
            (operation.sub_api, operation.module): f"{sub_api.name}.{method.name}"
            for blueprint in blueprints
            for sub_api in blueprint.sub_apis
            for method in sub_api.methods
            for operation in (method.operation, method.further)
            if operation is not None
        }
        self._models = {model.module: model.name for blueprint in blueprints for model in blueprint.models}
        self._sub_apis = {sub_api.name for sub_api in blueprints[0].sub_apis}
        self._gone = self._sub_apis - {sub_api.name for sub_api in blueprints[1].sub_apis}

    def neutral(self, annotation: str) -> str:
        """Return an annotation with one placeholder for all names that only one version has."""
        return re.sub(
            r"\w+", lambda word: "_" if word[0].removesuffix("Dict") in self._passing else word[0], annotation
        )

    def subject(self, finding: Finding) -> str:
        """Return the name of a finding's place."""
        name = self._short(finding.path)
        return f"{name}({finding.parameter}=)" if finding.parameter else name

    def is_explained(self, finding: Finding) -> bool:
        """Return whether the comparison of the documents reports it already."""
        name = self._short(finding.path)
        if finding.parameter:
            return bool(self._told & {name, f"{name}({finding.parameter}=)", f"{name}({finding.parameter})"})
        outer = name.rsplit(".", 1)[0] if name.count(".") > 1 else name
        return name in self._gone or bool(self._told & {name, outer, f"{name}()"})

    def _short(self, path: str) -> str:
        if found := _SUB_API.match(path):
            return ".".join(part for part in found.groups() if part)
        if (found := _ENDPOINT.match(path)) and (found[1], found[2]) in self._modules:
            return self._modules[found[1], found[2]]
        if found := _FOLDER.match(path):
            return found[1]
        if (found := _MODULE.match(path)) and found[1] in self._models:
            return f"models.{self._models[found[1]]}"
        if found := _MODEL.match(path):
            return ".".join(("models", *(part for part in found.groups() if part)))
        last = path.rsplit(".", 1)[-1]
        return last if last in self._sub_apis else path


__all__ = ["compare"]

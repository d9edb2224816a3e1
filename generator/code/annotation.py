"""Writes types as annotations of attributes, parameters and return values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .._errors import BuildError
from .blueprint import SCALARS, Blueprint, Operation, Shortcut, Type, Value


def literal(value: object) -> str:
    """Write a constant with double quotes, as the formatter would."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def answer_annotation(
    kind: Type, shadowed: frozenset[str] = frozenset(), *, qualified: bool = False, home: str | None = None
) -> str:
    """Write the type of a value in a response.

    Args:
        kind: The type.
        shadowed: Names of builtins and packages that mean something else in the scope of the annotation.
        qualified: Whether models and enums are written with their package, as in `models.User`.
        home: The package of the model that contains the annotation; that of events has its own enums.
    """
    qualified = qualified or home is not None
    return _Annotations(shadowed, qualified, for_arguments=False, home=home).of(kind)


def argument_annotation(
    kind: Type, shadowed: frozenset[str] = frozenset(), *, milliseconds: bool = False, qualified: bool = False
) -> str:
    """Write the type of an argument.

    Args:
        kind: The type.
        shadowed: Names of builtins that mean something else in the scope of the annotation.
        milliseconds: Whether it is a point in time in milliseconds.
        qualified: Whether models, dicts and enums are written with their package, as in `models.User`.
    """
    annotations = _Annotations(shadowed, qualified, for_arguments=True)
    if milliseconds:
        return f"{annotations.builtin('int')} | datetime | {annotations.builtin('str')}" + _none(kind)
    return annotations.of(kind)


@dataclass(frozen=True)
class _Annotations:
    """Writes the annotations in one scope."""

    shadowed: frozenset[str]
    qualified: bool
    for_arguments: bool
    home: str | None = None

    def of(self, kind: Type) -> str:
        if kind.kind == "any":
            return "Any"
        return self._without_none(kind) + _none(kind)

    def builtin(self, name: str) -> str:
        return _builtin(name, self.shadowed)

    def _without_none(self, kind: Type) -> str:
        if kind.kind == "text" and kind.name:
            return f"{self._of_package('enums', kind.name)} | {self.builtin('str')}"
        if kind.kind in SCALARS:
            return f"Literal[{kind.values[0]}]" if kind.values else self.builtin(SCALARS[kind.kind])
        if kind.kind in ("datetime", "date"):
            loose = {"datetime": "datetime | str | int", "date": "date | str"}
            return loose[kind.kind] if self.for_arguments else kind.kind
        if kind.kind == "file":
            return "FileUpload"
        if kind.kind == "object":
            return "Mapping[str, Any]" if self.for_arguments else f"{self.builtin('dict')}[str, Any]"
        if kind.kind == "enum":
            return self._enum(kind)
        if kind.kind == "model":
            model = self._of_package("models", str(kind.name))
            return f"{model} | {self._of_package('typed_dicts', f'{kind.name}Dict')}" if self.for_arguments else model
        if kind.kind == "union":
            return " | ".join(dict.fromkeys(self.of(member) for member in kind.members))
        return self._container(kind)

    def _container(self, kind: Type) -> str:
        assert kind.item is not None  # the remaining kinds have items
        item = self.of(kind.item)
        if kind.kind == "list":
            # `list` is invariant: a caller could not pass a list of only models or only dicts.
            is_loose = self.for_arguments and kind.core.kind in ("model", "object")
            return f"{'Sequence' if is_loose else self.builtin('list')}[{item}]"
        return f"Mapping[str, {item}]" if self.for_arguments else f"{self.builtin('dict')}[str, {item}]"

    def _enum(self, kind: Type) -> str:
        if kind.name is None:
            return f"Literal[{literal(kind.values[0])}]"
        name = self._of_package("enums", kind.name)
        if self.for_arguments:
            return name
        return f"{name} | {self.builtin('str' if kind.is_text else 'int')}"

    def _of_package(self, package: str, name: str) -> str:
        if not self.qualified:
            return name
        return f"{imported_package('events' if self.home == 'events' else package, self.shadowed)}.{name}"


def imported_package(name: str, shadowed: frozenset[str]) -> str:
    """Return the name that a package is imported as, for annotations."""
    return f"{name}_" if name in shadowed else name


def _none(kind: Type) -> str:
    return " | None" if kind.nullable else ""


def _builtin(name: str, shadowed: frozenset[str]) -> str:
    return f"builtins.{name}" if name in shadowed else name


def shortcut_annotation(shortcut: Shortcut, shadowed: frozenset[str] = frozenset(), home: str = "models") -> str:
    """Write the type of a computed property.

    Args:
        shortcut: The computed property.
        shadowed: Names of builtins and packages that mean something else in the scope of the annotation.
        home: The package of the models.
    """
    found = f"{imported_package(home, shadowed)}.{shortcut.found}" if shortcut.found else _builtin("str", shadowed)
    return f"{found} | None"


def signature(values: Iterable[Value], shadowed: frozenset[str] = frozenset(), *, qualified: bool = False) -> list[str]:
    """Write the keyword parameters of a method, one by one."""
    written: list[str] = []
    for value in values:
        annotation = argument_annotation(value.type, shadowed, milliseconds=value.milliseconds, qualified=qualified)
        written.append(
            f"{value.name}: {annotation}" if value.required else f"{value.name}: {annotation} | Unset = UNSET"
        )
    return written


def keyword_lines(operation: Operation) -> list[str]:
    """Write the keyword parameters of an operation as the items of a `TypedDict`, one by one."""
    names = frozenset(value.name for value in operation.keywords)
    written: list[str] = []
    for value in operation.keywords:
        annotation = argument_annotation(value.type, names, milliseconds=value.milliseconds, qualified=True)
        written.append(f"{value.name}: {f'Required[{annotation}]' if value.required else f'{annotation} | Unset'}")
    return written


def answer_type(
    operation: Operation, page: str, shadowed: frozenset[str] = frozenset(), *, qualified: bool = False
) -> str:
    """Write the type that an operation returns.

    Args:
        operation: The operation.
        page: The class of a page: `Page` or `AsyncPage`.
        shadowed: Names of builtins that mean something else in the scope of the annotation.
        qualified: Whether the page, models and enums are written with their package, as in `models.User`.
    """
    if operation.answer_kind == "nothing":
        return "None"
    if operation.answer_kind == "text":
        return _builtin("str", shadowed)
    if operation.answer_kind == "bytes":
        return _builtin("bytes", shadowed)
    assert operation.answer is not None  # the remaining kinds of response have a type
    annotation = answer_annotation(operation.answer, shadowed, qualified=qualified)
    if operation.answer_kind == "page":
        return f"pages.{page}[{annotation}]" if qualified else f"{page}[{annotation}]"
    return annotation


def method_type(
    operation: Operation,
    page: str,
    blueprint: Blueprint,
    shadowed: frozenset[str] = frozenset(),
    *,
    qualified: bool = False,
) -> str:
    """Write the type that the sub-API's method for an operation returns."""
    if operation.unwrap is None:
        return answer_type(operation, page, shadowed, qualified=qualified)
    assert operation.answer is not None  # only a property of a model can be unwrapped
    model = blueprint.by_name[str(operation.answer.name)]
    found = next((value for value in model.properties if value.wire_name == operation.unwrap), None)
    if found is None:
        raise BuildError(f"{operation.id}: its response has no property {operation.unwrap} to return")
    return answer_annotation(found.type, shadowed, qualified=qualified)

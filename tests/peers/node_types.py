"""What the declarations of the Node.js client's types say: its methods, and the names of what each takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENDPOINTS = Path(__file__).parent / "node/node_modules/@clerk/backend/dist/api/endpoints"
_PAGE = frozenset({"limit", "offset"})
# Types of another package, of which these declarations only say the name.
_IMPORTED = {"ClerkPaginationRequest": _PAGE, "ClerkPaginationParams": _PAGE}
_DECLARATION = re.compile(
    r"^(?:export )?(?:declare )?(?:type|interface) (\w+)(.*?)(?=^(?:export|type|interface|declare)\b|\Z)",
    re.DOTALL | re.MULTILINE,
)
_CLASS = re.compile(r"^export declare class (\w+) extends AbstractAPI {\n(.*?)^}", re.DOTALL | re.MULTILINE)
_METHOD = re.compile(r"^    (\w+)(?:<[^(]*>)?\((.*?)\): Promise", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class DeclaredMethod:
    """A method of the Node.js client.

    Attributes:
        sub_api: The attribute of the client that it belongs to.
        name: Its name.
        parameters: The names of all that it takes in objects, at any depth, in snake_case; what it takes by position
            are ids, whose names don't count.
    """

    sub_api: str
    name: str
    parameters: frozenset[str]


def declared_methods() -> Iterator[DeclaredMethod]:
    """Read every method, overloads as one."""
    factory = (ENDPOINTS.parent / "factory.d.ts").read_text(encoding="utf-8")
    sub_apis = {name: attribute for attribute, name in re.findall(r"^    (\w+): (\w+);", factory, re.MULTILINE)}
    for path in sorted(ENDPOINTS.glob("*.d.ts")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        declarations = {found[1]: found[2] for found in _DECLARATION.finditer(text)}
        for class_name, body in _CLASS.findall(text):
            found: dict[str, set[str]] = {}
            for name, signature in _METHOD.findall(body):
                types = re.sub(r"(?:^|(?<=, ))\w+\??: ", "", signature)
                found.setdefault(name, set()).update(_names(types, declarations, frozenset()))
            for name, parameters in found.items():
                yield DeclaredMethod(sub_apis[class_name], name, frozenset(map(snake_case, parameters)))


def snake_case(name: str) -> str:
    """Return a name as the API writes it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _names(text: str, declarations: dict[str, str], seen: frozenset[str]) -> set[str]:
    names = set(re.findall(r"(\w+)\??: ?(?!never\b)", text)) | set(re.findall(r"Pick<\w+, '(\w+)'", text))
    for reference in re.findall(r"\b[A-Z]\w+\b", text):
        names |= _IMPORTED.get(reference, frozenset())
        if reference in declarations and reference not in seen:
            names |= _names(declarations[reference], declarations, seen | {reference})
    return names

"""The async twin of a page's code: the same calls with the async client, awaited.

The tests run what comes out, as they run what the page says.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from clerk_generated.sub_apis import SUB_APIS

_TWINS = {
    "ClerkClient": "AsyncClerkClient",
    "Page": "AsyncPage",
    "clerk_client": "async_clerk_client",
    "create_clerk_client": "create_async_clerk_client",
}
_NOT_AWAITED = "with_options"
# A block that only the sync client can run says so above itself.
_FENCE = re.compile(r"^(<!-- sync only -->\n\n)?```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class NoTwinError(Exception):
    """A block does what has no async twin of one shape."""


@dataclass
class Awaited:
    """Writes the async twins of a page's blocks, one after the other.

    Attributes:
        clients: The names that stand for clients so far.
        functions: The names of functions that have become coroutines.
    """

    clients: set[str] = field(default_factory=lambda: {"clerk_client"})
    sub_apis: set[str] = field(default_factory=set[str])
    functions: set[str] = field(default_factory=set[str])

    def twin(self, code: str) -> str | None:
        """Return the async twin of a block; None where it would be the same, or there is none."""
        try:
            edits = _Edits(self, ast.parse(code)).found
        except NoTwinError:
            return None
        lines = [line.encode() for line in code.splitlines(keepends=True)]
        for (line, column, end), text in sorted(edits.items(), reverse=True):
            old = lines[line - 1]
            lines[line - 1] = old[:column] + text.encode() + old[end:]
        twin = b"".join(lines).decode()
        return twin if twin != code else None


class _Edits(ast.NodeVisitor):
    """Finds what has to be written otherwise: by line, column and end what comes there."""

    def __init__(self, page: Awaited, tree: ast.Module) -> None:
        self.found: dict[tuple[int, int, int], str] = {}
        self._page = page
        self._parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
        if any(isinstance(node, (ast.AsyncFunctionDef, ast.Await)) for node in ast.walk(tree)):
            raise NoTwinError
        for node in ast.walk(tree):
            self._learn(node)
        self.visit(tree)

    def _learn(self, node: ast.AST) -> None:
        """Note the names that stand for clients, sub-APIs and coroutines from here on."""
        if isinstance(node, ast.ImportFrom) and node.module == "clerk":
            self._page.sub_apis |= {alias.name for alias in node.names} & set(SUB_APIS)
        if isinstance(node, ast.withitem) and self._is_client(node.context_expr):
            self._page.clients |= {name.id for name in [node.optional_vars] if isinstance(name, ast.Name)}
        if isinstance(node, ast.Assign) and self._is_client(node.value):
            self._page.clients |= {name.id for name in node.targets if isinstance(name, ast.Name)}
        if isinstance(node, ast.FunctionDef) and any(self._is_awaited(inner) for inner in ast.walk(node)):
            self._page.functions.add(node.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module != "clerk" or node.lineno != node.end_lineno:
            if node.module in ("concurrent.futures", "threading"):
                raise NoTwinError
            return
        names = {
            "async_clerk_client" if alias.name in SUB_APIS else _TWINS.get(alias.name, alias.name)
            for alias in node.names
        }
        if names != {alias.name for alias in node.names}:
            ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
            self._put(node, f"from clerk import {', '.join(ordered)}")

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in _TWINS:
            self._put(node, _TWINS[node.id])
        elif node.id in self._page.sub_apis:
            self._put(node, f"async_clerk_client.{node.id}")

    def visit_Call(self, node: ast.Call) -> None:
        if self._pages(node):
            parent = self._parents[node]
            if isinstance(parent, ast.Call) and ast.unparse(parent.func) == "list":
                self._put(parent.func, "[item async for item in ", 1)
                line, end = parent.end_lineno or 0, parent.end_col_offset or 0
                self.found[line, end - 1, end] = "]"
            elif not isinstance(parent, (ast.For, ast.comprehension)):
                raise NoTwinError
        elif self._is_awaited(node):
            self._await(node)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        if self._pages(node.iter):
            self._insert(node.lineno, node.col_offset, "async ")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        if self._pages(node.iter):
            if isinstance(self._parents[node], ast.GeneratorExp):
                raise NoTwinError
            target = node.target
            self._insert(target.lineno, target.col_offset - len("for "), "async ")
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        if any(self._is_client(item.context_expr) for item in node.items):
            self._insert(node.lineno, node.col_offset, "async ")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name in self._page.functions:
            self._insert(node.lineno, node.col_offset, "async ")
        self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        if any(self._is_awaited(inner) for inner in ast.walk(node)):
            raise NoTwinError
        self.generic_visit(node)

    def _await(self, node: ast.Call) -> None:
        parent = self._parents[node]
        if isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node:
            self._insert(node.lineno, node.col_offset, "(await ")
            self._insert(node.end_lineno or 0, node.end_col_offset or 0, ")")
        else:
            self._insert(node.lineno, node.col_offset, "await ")

    def _is_awaited(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name):
            return node.func.id in self._page.functions
        if not isinstance(node.func, ast.Attribute) or node.func.attr == _NOT_AWAITED:
            return False
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id in self._page.sub_apis:
            return True
        return self._is_client(owner) or (isinstance(owner, ast.Attribute) and self._is_client(owner.value))

    def _is_client(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._page.clients
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Name):
            return node.func.id in ("ClerkClient", "create_clerk_client")
        return (
            isinstance(node.func, ast.Attribute) and node.func.attr == _NOT_AWAITED and self._is_client(node.func.value)
        )

    @staticmethod
    def _pages(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "auto_paging_iter"
        )

    def _put(self, node: ast.expr | ast.stmt, text: str, more: int = 0) -> None:
        self.found[node.lineno, node.col_offset, (node.end_col_offset or 0) + more] = text

    def _insert(self, line: int, column: int, text: str) -> None:
        place = (line, column, column)
        self.found[place] = self.found.get(place, "") + text


def twins(markdown: str) -> list[str]:
    """Return what a reader of the async tabs runs: the twins, and what is the same for both."""
    page = Awaited()
    blocks = _FENCE.findall(markdown)
    return [page.twin(code) or code for sync_only, code in blocks if not sync_only and "asyncio.run(" not in code]


def with_tabs(markdown: str) -> str:
    """Return a page with a second tab for each block that has an async twin."""
    page = Awaited()

    def tabs(block: re.Match[str]) -> str:
        twin = None if block[1] else page.twin(block[2])
        if twin is None:
            return block[0]
        return "\n\n".join(
            f'=== "{title}"\n\n    ```python\n'
            + "".join(f"    {line}\n".replace("    \n", "\n") for line in code.splitlines())
            + "    ```"
            for title, code in (("Sync", block[2]), ("Async", twin))
        )

    return _FENCE.sub(tabs, markdown)


__all__ = ["Awaited", "twins", "with_tabs"]

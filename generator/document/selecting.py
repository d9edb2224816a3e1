"""Finds the nodes that a JSONPath selects.

The library reads the path and compares values. It makes an object of every node that it passes, and evaluates both
sides of `&&` even if the first is false, which would take most of the time of a build: that is done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jsonpath_rfc9535 import JSONPathNode, JSONPathQuery, JSONPathRecursionError
from jsonpath_rfc9535.filter_expressions import Expression, FilterContext, FilterExpression, LogicalExpression
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import FilterSelector, JSONPathSelector, NameSelector

__all__ = ["Location", "select"]

Location = tuple[str | int, ...]  # the way from the root to a node

_Node = tuple[Location, Any]  # any JSON value


def select(query: JSONPathQuery, document: Any) -> dict[Location, Any]:  # any JSON value
    """Return the nodes that a JSONPath selects, by location.

    Raises:
        JSONPathError: The path can't be followed in this document.
    """
    nodes: Iterable[_Node] = [((), document)]
    for segment in query.segments:
        if isinstance(segment, JSONPathRecursiveDescentSegment):
            nodes = [inner for location, value in nodes for inner in _inside(segment, location, value)]
        nodes = _step(segment, nodes, document)
    return dict(nodes)


def _step(segment: JSONPathSegment, nodes: Iterable[_Node], document: Any) -> Iterator[_Node]:  # any JSON value
    for location, value in nodes:
        for selector in segment.selectors:
            for name, inner in _children(selector, value, document):
                yield (*location, name), inner


def _children(selector: JSONPathSelector, value: Any, document: Any) -> Iterator[tuple[str | int, Any]]:  # JSON values
    if isinstance(selector, NameSelector):
        if isinstance(value, dict) and selector.name in value:
            yield selector.name, value[selector.name]
    elif isinstance(selector, FilterSelector):
        for name, inner in _items(value):
            context = FilterContext(env=selector.env, current=inner, root=document)
            if _holds(selector.expression.expression, context):
                yield name, inner
    else:
        node = JSONPathNode(value=value, location=(), parent=None, root=document)
        yield from ((found.location[-1], found.value) for found in selector.resolve(node))


def _holds(expression: Expression, context: FilterContext) -> bool:
    if isinstance(expression, LogicalExpression) and expression.operator == "&&":
        return _holds(expression.left, context) and _holds(expression.right, context)
    return FilterExpression(expression.token, expression).evaluate(context)


def _items(value: Any) -> Iterable[tuple[str | int, Any]]:  # any JSON value
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _inside(segment: JSONPathSegment, location: Location, value: Any) -> list[_Node]:  # any JSON value
    """Return a node and all maps and lists inside, outer ones first."""
    found: list[_Node] = []
    deepest = segment.env.max_recursion_depth

    def visit(location: Location, value: Any, depth: int) -> None:  # any JSON value
        if depth > deepest:
            raise JSONPathRecursionError("recursion limit exceeded", token=segment.token)
        found.append((location, value))
        for name, inner in _items(value):
            if isinstance(inner, dict | list):
                visit((*location, name), inner, depth + 1)

    if isinstance(value, dict | list):
        visit(location, value, 1)
    return found

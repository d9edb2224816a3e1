"""Rules on their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.document.walk import Document
from tests.support.openapi import JSONObject, a_document, unshared

Rule = Callable[[Document], int]


def applied(rule: Rule, document: JSONObject) -> tuple[JSONObject, int]:
    """Apply a rule to a copy; return the copy and the rule's count."""
    document = unshared(document)
    return document, rule(document)


def applied_to_operation(rule: Rule, operation: JSONObject, method: str = "post", **parts: Any) -> tuple[Any, int]:
    """Apply a rule to a document with this operation; return what became of the operation and the count."""
    document, count = applied(rule, a_document((f"{method} /things", operation), **parts))
    return document["paths"]["/things"][method], count


def mended(rule: Rule, schema: JSONObject) -> tuple[JSONObject, int]:
    """Apply a rule to a document with this schema; return what became of the schema and the count."""
    document, count = applied(rule, a_document(schemas={"Thing": schema}))
    return document["components"]["schemas"]["Thing"], count


def untouched(rule: Rule, *schemas: JSONObject) -> bool:
    return all(mended(rule, schema) == (schema, 0) for schema in schemas)


__all__ = ["Rule", "applied", "applied_to_operation", "mended", "untouched"]

"""What the generator calls the objects that the document gives no name: all that the oracle takes from it."""

from __future__ import annotations

from collections.abc import Iterator

from generator import build
from generator.code import blueprint as drawn
from generator.prepare import layout
from tests.operations.document import DOCUMENT, OPERATIONS, ROOT, Operation, page_of
from tests.operations.shapes import NAMES, Array, FreeObject, Object, OneOf, Shape, shape_of

Pair = tuple[Shape, drawn.Type | None]  # a shape of the document, and the type that the generator has for it


def learn_names() -> None:
    """Have `shapes` know the names, if there are objects without one in what operations take or answer."""
    models: dict[str, drawn.Model] = {}
    if all(shape.name for operation in OPERATIONS for shape in _objects(list(_pairs(operation, None)), models)):
        return
    blueprint = build.blueprint_of(DOCUMENT, layout.load(ROOT))
    by_id = {operation.id: operation for operation in blueprint.operations}
    for operation in OPERATIONS:
        for shape, kind in _walk(list(_pairs(operation, by_id[operation.id])), blueprint.by_name):
            if isinstance(shape, Object) and not shape.name and kind is not None and kind.kind == "model":
                NAMES[id(shape.schema)] = str(kind.name)


def _objects(pairs: list[Pair], models: dict[str, drawn.Model]) -> Iterator[Object]:
    return (shape for shape, _ in _walk(pairs, models) if isinstance(shape, Object))


def _pairs(operation: Operation, known: drawn.Operation | None) -> Iterator[Pair]:
    """Yield what an operation answers, and what it takes."""
    page, content = page_of(operation), operation.content(operation.success_status)
    answer = known.answer if known else None
    if page is not None:
        yield shape_of(page.item), answer
    elif content is not None and content[0] == "application/json":
        yield shape_of(content[1]), answer
    if operation.body is not None:
        types = {value.wire_name: value.type for value in known.body.properties} if known else {}
        body = shape_of(operation.body.schema)
        if isinstance(body, Object):
            yield from ((shape, types.get(name)) for name, shape in body.properties.items())
        else:
            yield body, types.get("body")


def _walk(pairs: list[Pair], models: dict[str, drawn.Model]) -> Iterator[Pair]:
    """Yield pairs and all that is in them, each object once."""
    seen: set[int] = set()
    while pairs:
        shape, kind = pairs.pop()
        if isinstance(shape, Object):
            if id(shape.schema) in seen:
                continue
            seen.add(id(shape.schema))
        yield shape, kind
        pairs += _inside(shape, kind, models)


def _inside(shape: Shape, kind: drawn.Type | None, models: dict[str, drawn.Model]) -> Iterator[Pair]:
    item = kind.item if kind else None
    match shape:
        case Array(items=items):
            yield items, item
        case FreeObject(values=values) if values is not None:
            yield values, item
        case OneOf(members=members):
            types = kind.members if kind and len(kind.members) == len(members) else (None,) * len(members)
            yield from zip(members, types, strict=True)
        case Object():
            model = models.get(str(kind.name)) if kind else None
            known = {value.wire_name: value.type for value in model.properties} if model else {}
            yield from ((inner, known.get(name)) for name, inner in shape.properties.items())
        case _:
            pass


learn_names()

"""A later document is generated, and called through the clients in a `LocalClerk` that serves it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator import build
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    an_array,
    an_object,
    an_operation,
    answer,
    content,
    parameter,
)
from tests.support.projects import copied_project

pytestmark = pytest.mark.xdist_group("kinds_in_local_clerk")

ROOT = Path(__file__).parents[2]
BINARY: JSONObject = {"type": "string", "format": "binary"}
POINT = an_object({"x": INTEGER}, "x")
LEVEL: JSONObject = {"type": "integer", "maximum": 3}
MIXED: JSONObject = {"oneOf": [STRING, an_array(INTEGER)]}
HOLDER = an_object({"mixed": MIXED, "matrix": an_array(an_array(POINT))}, "mixed", "matrix")
PARTS = an_object({"n": INTEGER, "points": an_array(POINT), "file": BINARY, "tags": an_array(STRING)}, "n")
FORM = an_object({"n": LEVEL, "tags": an_array(STRING)}, "n")
SEVERAL = {"200": answer(POINT), "202": answer(an_object({"at": INTEGER}, "at"))}

OPERATIONS: dict[str, JSONObject] = {
    "get number": an_operation("GetNumber", INTEGER),
    "get size": an_operation("GetSize", {"type": "string", "enum": ["big", "small"]}),
    "get maybe": an_operation("GetMaybe", {**STRING, "nullable": True}),
    "get mixed": an_operation("GetMixed", MIXED),
    "get map": an_operation("GetMap", {"type": "object", "additionalProperties": INTEGER}),
    "get names": an_operation("ListNames", an_array(STRING)),
    "get holder": an_operation(
        "GetHolder", an_object({"mixed": MIXED, "matrix": an_array(an_array(POINT))}, "mixed", "matrix")
    ),
    "get bytes": an_operation("GetBytes", responses={"200": answer(BINARY, "application/octet-stream")}),
    "get leveled": an_operation("GetLeveled", parameters=[parameter("X-Level", "header", LEVEL, required=True)]),
    "post mixed": an_operation("PostMixed", body=an_object({"mixed": MIXED}, "mixed")),
    "post form": an_operation("PostForm", requestBody=content(FORM, "application/x-www-form-urlencoded")),
    "post parts": an_operation("PostParts", requestBody=content(PARTS, "multipart/form-data")),
    "post several": an_operation("PostSeveral", responses=SEVERAL),
}

# Method -> arguments, and what comes back, as Python writes it; an error by its status.
CALLS: dict[str, tuple[JSONObject, str]] = {
    "get_number": ({}, "1"),
    "get_size": ({}, "'big'"),
    "get_maybe": ({}, "None"),
    "get_mixed": ({}, "'value'"),
    "get_map": ({}, "{}"),
    "list_names": ({}, "['value']"),
    "get_holder": ({}, "{'mixed': 'mixed', 'matrix': [[{'x': 1}]]}"),
    "get_bytes": ({}, "b'<!doctype html><title>Local Clerk</title>'"),
    "get_leveled": ({"x_level": 3}, "None"),
    "post_mixed": ({"mixed": [1, 2]}, "None"),
    "post_form": ({"n": 1, "tags": ["a", "b c"]}, "None"),
    "post_parts": ({"n": 1, "points": [{"x": 1}, {"x": 2}], "file": b"a", "tags": ["a"]}, "None"),
    "post_several": ({}, "{'x': 1}"),
}
REFUSED: dict[str, JSONObject] = {
    "get_leveled": {"x_level": 4},
    "post_form": {"n": 4},
    "post_parts": {"n": 1, "points": [{"y": 1}]},
}

PROGRAM = """
import ast, asyncio, json, sys
from clerk import ClerkAPIResponseError
from clerk.testing import LocalClerk

def plain(value):
    if hasattr(value, "total_count"):
        return [plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value

async def outcomes():
    for method, arguments in ast.literal_eval(sys.argv[1]):
        with LocalClerk(check_answers=True) as local:
            with local.client(strict_responses=True) as client:
                try:
                    yield repr(plain(getattr(client.kinds, method)(**arguments)))
                except ClerkAPIResponseError as error:
                    yield str(error.status_code)
            async with local.async_client(strict_responses=True) as client:
                try:
                    yield repr(plain(await getattr(client.kinds, method)(**arguments)))
                except ClerkAPIResponseError as error:
                    yield str(error.status_code)

async def main():
    print(json.dumps([outcome async for outcome in outcomes()]))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copied_project(tmp_path_factory.mktemp("later"))
    paths: dict[str, JSONObject] = {}
    for place, operation in OPERATIONS.items():
        method, name = place.split()
        success = operation["responses"]
        paths.setdefault(f"/kinds/{name}", {})[method] = {**operation, "responses": {**success, "422": ERRORS}}
    kinds = {"target": "$.paths", "description": "What may come.", "update": json.loads(json.dumps(paths))}
    project.write_overlay("19-kinds.yaml", kinds)
    methods = "".join(f"      {method}: {{operation: {operation_of(method)}}}\n" for method in CALLS)
    with project.layout.open("a", encoding="utf-8") as layout:
        layout.write(f"  kinds:\n    methods:\n{methods}")
    build.regenerate(project.root)
    return project.root


ERRORS = {"$ref": "#/components/responses/UnprocessableEntity"}


def operation_of(method: str) -> str:
    return "".join(word.capitalize() for word in method.split("_"))


def outcomes(root: Path, calls: list[tuple[str, JSONObject]]) -> list[Any]:
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-c", PROGRAM, repr(calls)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return [*zip(found[::2], found[1::2], strict=True)]


def test_a_later_document_is_called_through_both_clients(root: Path) -> None:
    calls = [(method, arguments) for method, (arguments, _) in CALLS.items()]
    found = dict(zip(CALLS, outcomes(root, calls), strict=True))
    assert found == {method: (expected, expected) for method, (_, expected) in CALLS.items()}


def test_local_clerk_checks_headers_forms_and_parts(root: Path) -> None:
    assert outcomes(root, [*REFUSED.items()]) == [("422", "422")] * len(REFUSED)

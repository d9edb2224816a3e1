"""What new operations are called: measured on all that have a name, and the names that can't be."""

from __future__ import annotations

import json
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import pytest

import clerk
from clerk_generated.sub_apis import SUB_APIS
from generator import build
from generator._errors import BuildError
from generator.document import files
from generator.document.walk import operations
from generator.names import TAKEN_SUB_API_NAMES
from generator.prepare import layout, proposals
from tests.support.openapi import a_document, an_operation
from tests.support.projects import Project

ROOT = Path(__file__).parents[2]
NODE_PACKAGE = ROOT / "tests/peers/node/node_modules/@clerk/backend"


def test_of_the_names_there_are_more_than_nine_in_ten_would_be_proposed() -> None:
    """Each operation is taken out of the layout in turn, and a place proposed for it."""
    client_layout, document = layout.load(ROOT), build.corrected_document(ROOT)
    existing = {operation["operationId"]: (path, operation) for path, _, operation in operations(document)}
    places = [(one.name, method) for one in client_layout.sub_apis for method in one.methods if not method.deprecated]
    right = [
        (sub_api, method.name)
        for sub_api, method in places
        if proposed(client_layout, existing, method.operations[0]) == (sub_api, method.name)
    ]
    assert len(right) / len(places) >= 215 / 235


def proposed(client_layout: layout.Layout, existing: proposals.Existing, operation_id: str) -> tuple[str, str]:
    """What is proposed for an operation by a layout without it."""
    left = [
        replace(one, methods=tuple(method for method in one.methods if operation_id not in method.operations))
        for one in client_layout.sub_apis
    ]
    without = replace(client_layout, sub_apis=tuple(one for one in left if one.methods))
    taken = {(one.name, method.name) for one in without.sub_apis for method in one.methods}
    return proposals.propose(layout.known_of(without, existing), operation_id, taken)[:2]


@pytest.mark.skipif(not NODE_PACKAGE.exists(), reason="no client for Node.js here")
def test_the_methods_of_the_node_js_client_are_those_of_its_type_declarations() -> None:
    data = files.load(ROOT / layout.NODE_CLIENT).value
    classes = {
        name: set(re.findall(r"^    (\w+)(?:<[^(]*>)?\(", body, re.MULTILINE))
        for path in (NODE_PACKAGE / "dist/api/endpoints").glob("*.d.ts")
        for name, body in re.findall(
            r"^export declare class (\w+) extends AbstractAPI \{\n(.*?)^\}", path.read_text(), re.MULTILINE | re.DOTALL
        )
    }
    members = re.findall(r"^    (\w+): (\w+);$", (NODE_PACKAGE / "dist/api/factory.d.ts").read_text(), re.MULTILINE)
    assert data["version"] == json.loads((NODE_PACKAGE / "package.json").read_text())["version"]
    assert {name: set(methods) for name, methods in data["sub_apis"].items()} == {
        name: classes[kind] - {"constructor"} for name, kind in members
    }


def test_a_name_of_the_node_js_client_comes_with_the_proposal(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.layout.parent.mkdir()
    project.write_layout({"things": {"js": "theThings", "methods": {"list": {"operation": "ListThings"}}}})
    (tmp_path / layout.NODE_CLIENT).write_text(
        "version: 1.0.0\nsub_apis: {theThings: [list, getThingSecret], odd: [run]}"
    )
    document = a_document(
        ("get /things", an_operation("ListThings")), ("get /things/{id}/secret", an_operation("ThingSecretGet"))
    )
    [addition] = layout.misfits(layout.load(tmp_path), document).additions
    assert f"{addition.sub_api}: {addition.line}" == "things: get_thing_secret: {operation: ThingSecretGet}"
    assert addition.js == "getThingSecret"


class TestTakenNames:
    def test_they_are_those_of_the_package(self) -> None:
        clients = {name for client in (clerk.ClerkClient, clerk.AsyncClerkClient) for name in dir(client)}
        modules = {module.name for module in pkgutil.iter_modules(clerk.__path__)}
        generated = {module.name for module in pkgutil.iter_modules([str(ROOT / "clerk_generated/sub_apis")])}
        found = clients | set(clerk.__all__) | modules | generated | {"integrations"}  # whether it is there yet or not
        assert {name for name in found - set(SUB_APIS) if re.fullmatch(r"[a-z][a-z0-9_]*", name)} == TAKEN_SUB_API_NAMES

    @pytest.mark.parametrize("name", sorted(TAKEN_SUB_API_NAMES))
    def test_no_sub_api_can_have_one(self, name: str, tmp_path: Path) -> None:
        project = Project(tmp_path)
        project.layout.parent.mkdir()
        project.write_layout({name: {"methods": {"list": {"operation": "A"}}}})
        with pytest.raises(
            BuildError, match=f"{name} can't be the name of a sub-API: .* Reserved are: aclose, "
        ) as raised:
            layout.load(tmp_path)
        assert name in str(raised.value).partition("Reserved are: ")[2].split(", ")

    @pytest.mark.parametrize("path", ["/close", "/request", "/with_options", "/models", "/auth", "/testing"])
    def test_none_is_proposed(self, path: str) -> None:
        document = a_document((f"post {path}", an_operation("Go")))
        [addition] = layout.misfits(layout.Layout(()), document).additions
        assert addition.sub_api == f"{path[1:]}_api"

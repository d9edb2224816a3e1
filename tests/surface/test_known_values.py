"""Values of parameters, which editors complete; where only the document's prose has them, other text goes out too."""

from __future__ import annotations

import inspect
import json
import re
import typing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clerk import async_clerk_client, clerk_client
from clerk.testing import LocalClerk
from generator.document.walk import operations, resolve
from generator.prepare import layout
from tests.surface.language_server import LanguageServer

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "clerk_generated" / "corrected_document.json").read_text(encoding="utf-8"))
PLACES = {
    operation: (sub_api.name, method.name)
    for sub_api in layout.load(ROOT).sub_apis
    for method in sub_api.methods
    for operation in method.operations
}
# Nothing says by what these are sorted.
UNKNOWN = {"ListSAMLConnections"}


class Known(NamedTuple):
    """A parameter whose values are known."""

    sub_api: str
    method: str
    name: str
    values: tuple[str, ...]


def known_values() -> list[Known]:
    found = []
    for _, _, operation in operations(DOCUMENT):
        for parameter in operation.get("parameters", ()):
            schema = resolve(DOCUMENT, resolve(DOCUMENT, parameter)["schema"])
            signs = ("", *schema.get("x-clerk-signs", ()))
            if values := tuple(sign + value for value in schema.get("x-clerk-values", ()) for sign in signs):
                found.append(Known(*PLACES[operation["operationId"]], resolve(DOCUMENT, parameter)["name"], values))
    return found


def listed_values() -> list[Known]:
    """Return the query parameters of all operations whose values the document lists; of arrays, those of the items."""
    found = []
    for _, _, operation in operations(DOCUMENT):
        for parameter in map(partial(resolve, DOCUMENT), operation.get("parameters", ())):
            schema = resolve(DOCUMENT, parameter["schema"])
            values = schema.get("enum") or resolve(DOCUMENT, schema.get("items", {})).get("enum")
            if values and parameter["in"] == "query":
                found.append(Known(*PLACES[operation["operationId"]], parameter["name"], tuple(values)))
    return found


def takes_an_organization(known: Known) -> bool:
    parameters = inspect.signature(getattr(getattr(clerk_client, known.sub_api), known.method)).parameters
    return next(iter(parameters), "") == "organization_id"


KNOWN = known_values()
LISTED = listed_values()
each = pytest.mark.parametrize("known", KNOWN, ids=[f"{known.sub_api}.{known.method}-{known.name}" for known in KNOWN])


def test_every_order_is_known() -> None:
    orders = {
        operation["operationId"]
        for _, _, operation in operations(DOCUMENT)
        for parameter in operation.get("parameters", ())
        if resolve(DOCUMENT, parameter)["name"] == "order_by"
    }
    assert {PLACES[operation] for operation in orders - UNKNOWN} == {
        (known.sub_api, known.method) for known in KNOWN if known.name == "order_by"
    }


@each
def test_the_annotation_lists_them_and_takes_any_text(known: Known) -> None:
    for client in (clerk_client, async_clerk_client):
        method = getattr(getattr(client, known.sub_api), known.method)
        members = typing.get_args(typing.get_type_hints(method)[known.name])
        assert str in members
        assert [typing.get_args(member) for member in members if typing.get_args(member)] == [known.values]


@each
def test_the_words_name_the_same(known: Known) -> None:
    text = inspect.getdoc(getattr(getattr(clerk_client, known.sub_api), known.method)) or ""
    words = re.search(rf"^    {known.name}: ((?:.*\n)(?:     +.*\n)*)", text, re.MULTILINE)
    assert words is not None
    assert {*re.findall(r"`([a-z]\w+)`", words[1])} == {value for value in known.values if value[0] not in "+-"}


@each
def test_the_local_service_takes_each_of_them(known: Known) -> None:
    with LocalClerk() as local, local.client() as client:
        method: Any = getattr(getattr(client, known.sub_api), known.method)  # one method of many
        ids = []
        if takes_an_organization(known):
            user = client.users.create_user(email_address=["ada@example.com"], skip_password_requirement=True)
            ids = [client.organizations.create_organization(name="Engines", created_by=user.id).id]
        for value in known.values:
            method(*ids, **{known.name: value})
            assert local.requests[-1].query[known.name] == [value]


@pytest.mark.parametrize("client", ["clerk_client", "async_clerk_client"])
def test_editors_complete_them(client: str) -> None:
    with LanguageServer(ROOT) as server:
        for known in KNOWN + LISTED:
            signature = inspect.signature(getattr(getattr(clerk_client, known.sub_api), known.method))
            positional = [one for one in signature.parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
            rest = '"])' if "list[" in str(signature.parameters[known.name].annotation) else '")'
            begun = "[" if "list[" in str(signature.parameters[known.name].annotation) else ""
            ids = '"id_1", ' * len(positional)
            call = f"{known.sub_api}.{known.method}({ids}{known.name}={begun}"
            code = f'from clerk import {client}\n{client}.{call}"'
            texts = {label for label in server.completes(code, rest) if label.startswith('"')}
            assert texts == {f'"{value}"' for value in known.values}


def test_there_is_something_to_test() -> None:
    assert len(KNOWN) == 15
    assert len(LISTED) > 10

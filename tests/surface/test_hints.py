"""Annotations can be read at run time: agents' tools, dependency injection and validation all do."""

from __future__ import annotations

import json
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import clerk
from clerk_generated import keywords, models
from tests.surface.public import classes_and_functions, methods

ROOT = Path(__file__).parents[2]
PUBLIC = classes_and_functions()


def test_there_is_enough_to_look_at() -> None:
    """The tests below would pass where nothing is found."""
    assert len(PUBLIC) > 2000
    assert len(methods()) > 240


def test_every_annotation_resolves() -> None:
    unresolved: list[str] = []
    for name, value in PUBLIC.items():
        try:
            typing.get_type_hints(value, include_extras=True)
        except NameError as error:
            unresolved.append(f"{name}: {error}")
    assert unresolved == []


@pytest.mark.parametrize("client", [clerk.clerk_client, clerk.async_clerk_client], ids=["sync", "async"])
def test_every_bound_method_of_the_default_clients_says_what_it_returns(client: object) -> None:
    for sub_api, name in methods():
        method = getattr(getattr(client, sub_api), name)
        hints = typing.get_type_hints(method)
        assert set(hints) == {*method.__annotations__}
        assert "return" in hints


def test_what_a_method_returns_is_the_class_itself() -> None:
    hints = typing.get_type_hints(clerk.clerk_client.users.update_user)
    assert hints["return"] is models.User
    assert hints["first_name"] == str | None | clerk.Unset
    page = typing.get_type_hints(clerk.async_clerk_client.users.get_user_list)["return"]
    assert (typing.get_origin(page), typing.get_args(page)) == (clerk.AsyncPage, (models.User,))


def test_the_keywords_of_an_operation_are_a_typed_dict() -> None:
    assert keywords.CreateOrganization.__required_keys__ == {"name"}
    assert "slug" in keywords.CreateOrganization.__optional_keys__
    for name in keywords.__all__:
        assert typing.is_typeddict(getattr(keywords, name))


READ_LATE = """
import json, sys
from clerk import async_clerk_client, clerk_client
from clerk_generated import sub_apis
for client in (clerk_client, async_clerk_client):
    for name in sub_apis.SUB_APIS:
        getattr(client, name)
before = [name for name in sys.modules if name.startswith(("clerk_generated.models", "clerk_generated.enums", "attr"))]
import typing
typing.get_type_hints(clerk_client.users.get_user)
after = [name for name in sys.modules if name.startswith("clerk_generated.models.")]
print(json.dumps([before, "clerk_generated.models.user" in after]))
"""


def test_nothing_is_loaded_before_an_annotation_is_read() -> None:
    done = subprocess.run([sys.executable, "-c", READ_LATE], check=True, capture_output=True, text=True, cwd=ROOT)
    assert json.loads(done.stdout) == [[], True]

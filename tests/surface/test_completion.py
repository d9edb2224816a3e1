"""What editors complete and say, by the library and by the language server behind most of them."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import jedi  # type: ignore[import-untyped]  # it has no types
import pytest

import clerk
from clerk._option_types import ClerkOptions
from clerk_generated import sub_apis
from generator.prepare import layout
from tests.surface.language_server import LanguageServer

ROOT = Path(__file__).parents[2]
PROJECT = jedi.Project(ROOT)
CLIENTS = ["clerk_client", "async_clerk_client"]
NOT_FOR_USERS = {"send", "load_any", "load_json", "decode_error", "report_drift"}


@pytest.fixture(scope="module", autouse=True)
def _cache_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep jedi from reading what another process is just writing into the cache of the user."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield


def public_names(of: object) -> set[str]:
    return {name for name in dir(of) if not name.startswith("_")}


def jedi_completes(code: str) -> set[str]:
    found = jedi.Script(code, path=ROOT / "edited.py", project=PROJECT).complete(len(code.splitlines()))
    return {completion.name for completion in found if not completion.name.startswith("_")}


@pytest.mark.parametrize("client", CLIENTS)
class TestJedi:
    def test_a_client(self, client: str) -> None:
        found = jedi_completes(f"from clerk import {client}\n{client}.")
        assert found == public_names(getattr(clerk, client))
        assert not found & NOT_FOR_USERS

    def test_every_sub_api(self, client: str) -> None:
        lacking = {
            name: sorted(expected ^ found)
            for name in sub_apis.SUB_APIS
            for expected in [public_names(getattr(getattr(clerk, client), name))]
            for found in [jedi_completes(f"from clerk import {client}\n{client}.{name}.")]
            if found != expected
        }
        assert lacking == {}


def test_jedi_completes_sub_apis_that_are_imported_by_name() -> None:
    for name in sub_apis.SUB_APIS:
        assert jedi_completes(f"from clerk import {name}\n{name}.") == public_names(getattr(clerk, name))


def test_jedi_completes_clients_of_ones_own() -> None:
    found = jedi_completes("from clerk import create_clerk_client\ncreate_clerk_client().")
    assert found == public_names(clerk.clerk_client)


def test_jedi_says_what_an_attribute_is() -> None:
    code = "from clerk import models\ndef f(user: models.User) -> None:\n    user.created_at"
    (name,) = jedi.Script(code, path=ROOT / "edited.py", project=PROJECT).goto(3, 12)
    assert "milliseconds" in name.docstring()


def test_the_language_server_completes_every_public_name_and_says_what_it_is() -> None:
    with LanguageServer(ROOT) as server:
        for client in CLIENTS:
            found = server.completes(f"from clerk import {client}\n{client}.")
            assert found == public_names(getattr(clerk, client))
            for name in sub_apis.SUB_APIS:
                expected = public_names(getattr(getattr(clerk, client), name))
                assert server.completes(f"from clerk import {client}\n{client}.{name}.") == expected
        assert server.completes("import clerk\nclerk.") >= set(clerk.__all__) - {"__version__"}
        code = "from clerk import models\ndef f(user: models.User) -> None:\n    user.created_at"
        assert "milliseconds" in server.says(code)
        assert "Get a user by id" in server.says("from clerk import clerk_client\nclerk_client.users.get_user")


MAKERS = ["create_clerk_client", "ClerkClient", "create_async_clerk_client", "AsyncClerkClient"]


def option_words(maker: str) -> dict[str, str]:
    """Return what the docstring of a client says of each of its options."""
    text = inspect.getdoc(getattr(clerk, maker)) or ""
    section = text.partition("Args:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^    (\w+): ((?:.*\n?)(?:     +.*\n?)*)", section, re.MULTILINE)
    return {name: " ".join(words.split()) for name, words in entries}


@pytest.mark.parametrize("maker", MAKERS)
class TestOptions:
    def test_jedi_shows_the_words_of_each(self, maker: str) -> None:
        code = f"from clerk import {maker}\n{maker}("
        (signature,) = jedi.Script(code, path=ROOT / "edited.py", project=PROJECT).get_signatures()
        shown = " ".join(signature.docstring().split())
        words = option_words(maker)
        assert words.keys() == typing.get_type_hints(ClerkOptions).keys()
        assert all(f"{name}: {text}" in shown for name, text in words.items())

    def test_the_language_server_shows_the_words_of_each(self, maker: str) -> None:
        with LanguageServer(ROOT) as server:
            code = f"from clerk import {maker}\n{maker}"
            helped, hovered = server.helps(f"{code}("), server.says(code)
            for name, words in option_words(maker).items():
                assert f"{name}: {words}" in " ".join(helped.split())
                assert f"{name}: {words}" in " ".join(hovered.split())
                assert words in " ".join(server.says(f"{code}({name}", "=None)").split())


def test_all_clients_say_the_same_of_an_option() -> None:
    said = [option_words(maker) for maker in MAKERS]
    for words in said:
        words["http_options"] = words["http_options"].replace("AsyncHTTPOptions", "HTTPOptions")
    assert all(words == said[0] for words in said)


@pytest.mark.parametrize("client", CLIENTS)
def test_editors_say_what_a_sub_api_is_for(client: str) -> None:
    with LanguageServer(ROOT) as server:
        for sub_api in layout.load(ROOT).sub_apis:
            code = f"from clerk import {client}\n{client}.{sub_api.name}"
            assert sub_api.about in " ".join(server.says(code).split())
            (name, *_) = jedi.Script(code, path=ROOT / "edited.py", project=PROJECT).help(2, len(client) + 2)
            assert sub_api.about in " ".join(name.docstring().split())
            code = f"from clerk import {sub_api.name}\n{sub_api.name}"
            assert sub_api.about in " ".join(server.says(code).split())

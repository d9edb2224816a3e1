"""The examples of the reference are valid calls: a local Clerk takes each, or answers that there is no such thing."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from inspect import CO_COROUTINE
from pathlib import Path
from types import CodeType

import pytest

from clerk import ClerkAPIResponseError, reset_default_clients
from clerk.testing import LocalClerk
from docs._generators import examples, signatures
from generator.prepare import layout
from tests.docs.blocks import ROOT

METHODS = [(sub_api.name, method.name) for sub_api in layout.load(ROOT).sub_apis for method in sub_api.methods]
# What a reader has at hand.
GIVEN = dict.fromkeys(("expired_token", "password", "refresh_token", "secret", "token"), "a secret text")
# What an example can't have: somebody else's session, or things that belong to ids that are nobody's.
MISSING = {401, 403, 404, 409}
# Here the service says the same with another status.
MISSING_OTHERWISE = {
    "api_keys.create": 400,
    "m2m.create_token": 400,
    "role_sets.replace_role_set": 422,
    "webhooks.delete_svix_app": 400,
    "webhooks.generate_svix_auth_url": 400,
}


@pytest.fixture
def _local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "ada.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(16))
    monkeypatch.chdir(tmp_path)
    with LocalClerk() as local, local.as_default():
        yield
    reset_default_clients()


@pytest.mark.usefixtures("_local")
@pytest.mark.parametrize("kind", examples.Example._fields)
@pytest.mark.parametrize(("sub_api", "name"), METHODS, ids=[".".join(place) for place in METHODS])
def test_an_example_can_be_run(sub_api: str, name: str, kind: str) -> None:
    source = getattr(examples.call(sub_api, signatures.method_of(sub_api, name)), kind)
    try:
        _run(source)
    except ClerkAPIResponseError as error:
        refused = error
    else:
        return
    assert refused.status_code in MISSING | {MISSING_OTHERWISE.get(f"{sub_api}.{name}")}, refused


def _run(source: str) -> None:
    code: CodeType = compile(source, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    outcome = eval(code, {**GIVEN})
    if code.co_flags & CO_COROUTINE:
        asyncio.run(outcome)

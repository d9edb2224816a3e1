"""schemathesis against the local service: what the document allows, and what it forbids, over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
import urllib3
from requests.adapters import HTTPAdapter
from schemathesis import BaseSchema, Case, GenerationMode

from clerk.testing import Snapshot
from clerk.testing._document.checkers import closed
from clerk.testing._document.operations import Operation, load_document
from clerk.testing._http.incoming import Incoming
from clerk.testing._service import Service
from tests.testing.world import World, build_world

# Thousands of requests, which measuring would slow down, and which go nowhere that other tests don't.
pytestmark = pytest.mark.no_cover

CONFIG = {
    "generation": {
        "database": "none",
        "deterministic": True,
        "max-examples": 5,
        "with-security-parameters": False,
    },
    # The service knows more rules than a schema can tell: what an email address is, that a user has to exist.
    "phases": {"coverage": {"unexpected-methods": ["TRACE"]}},  # one method stands for all that are not answered
    "checks": {"positive_data_acceptance": {"enabled": False}},
}
ERRORS = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ClerkErrors"}}}}


def document() -> dict[str, Any]:
    """Return the document as the service reads it, where it leaves something to be read.

    - Bodies have no properties that it does not list.
    - Null is one of the values of an enumeration that may be null.
    - Errors that a call may be answered with, though it does not list them, have the shape of all errors.
    """
    document: dict[str, Any] = load_document().whole()
    for item in document["paths"].values():
        for operation in item.values():
            operation["responses"].setdefault("4XX", ERRORS)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content["schema"] = closed(content["schema"])
    _add_null(document)
    return document


def _add_null(part: Any) -> None:  # any JSON value
    if isinstance(part, list):
        for one in part:
            _add_null(one)
    elif isinstance(part, dict):
        if part.get("nullable") is True and None not in part.get("enum", [None]):
            part["enum"] = [*part["enum"], None]
        for value in part.values():
            _add_null(value)


# Made when the tests run: it takes its time, which every run of pytest would spend otherwise.
schema = schemathesis.pytest.from_fixture("api")


@pytest.fixture(scope="module")
def api() -> BaseSchema:
    return schemathesis.openapi.from_dict(document(), config=schemathesis.Config.from_dict(CONFIG))


class SomeOverHTTP(HTTPAdapter):
    """Sends every fourth request over HTTP, and passes the others to the service: what it answers is the same."""

    def __init__(self, service: Service, url: str) -> None:
        super().__init__()
        self._service = service
        self._url = url
        self._numbers = count()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if next(self._numbers) % 4 == 0:
            return super().send(request, *args, **kwargs)
        answer = self._service.respond(self._incoming(request), None)
        assert answer is not None
        raw = urllib3.HTTPResponse(io.BytesIO(answer.body), answer.headers, answer.status, preload_content=False)
        return self.build_response(request, raw)

    def _incoming(self, request: requests.PreparedRequest) -> Incoming:
        path, _, query = request.path_url.partition("?")
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = request.body or b""
        assert isinstance(body, bytes | str)
        content = body.encode() if isinstance(body, str) else body
        return Incoming(str(request.method), path, query, headers, content, self._url)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("iso-8859-1")


class KeptOpen(requests.Session):
    """A session that stays open although schemathesis closes it after each check."""

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """A service with one of everything.

    Attributes:
        world: What is in it.
        snapshot: Its state.
        url: Where it is.
        session: What sends requests to it.
    """

    world: World
    snapshot: Snapshot
    url: str
    session: requests.Session

    def check(self, case: Case[Any]) -> None:
        """Send a case, and check the answer."""
        self.aim(case)
        takes_machine_key = _operation(case).takes_machine_key
        key = self.world.machine_key if takes_machine_key else self.world.local.secret_key
        headers = {"Authorization": f"Bearer {key}"}
        response = case.call(base_url=self.url, headers=headers, session=self.session)
        try:
            case.validate_response(response, headers=headers)
        finally:
            if response.status_code < 400:  # a refused request changes nothing
                self.world.local.restore(self.snapshot)

    def aim(self, case: Case[Any]) -> None:
        """Have a case that is allowed lead to something that there is."""
        operation = _operation(case).id
        if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
            for values in (case.path_parameters, case.body):
                self._replace(operation, values)

    def _replace(self, operation: str, values: Any) -> None:  # a body can be any JSON value
        if not isinstance(values, dict):
            return
        for name, value in values.items():
            known = self.world.ids.get(f"{operation}.{name}", self.world.ids.get(name))
            if known is not None and type(value) is type(known):
                values[name] = known


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    world = build_world()
    session = KeptOpen()
    session.trust_env = False  # or it would look for proxies with every request
    with world.local.serve() as url, pytest.MonkeyPatch.context() as patches:
        adapter = SomeOverHTTP(world.local._service, url)
        session.mount(url, adapter)
        # What tries whether a key is needed would open a connection for each request.
        patches.setattr("schemathesis.transport.requests.SameHostRedirectsSession", lambda: session)
        yield Served(world, world.local.snapshot(), f"{url}/v1", session)
        adapter.close()


def _operation(case: Case[Any]) -> Operation:
    return load_document().operations[case.operation.definition.raw["operationId"]]


# A group each, so that they are not what everybody waits for in the end.
@pytest.mark.xdist_group("schemathesis: readings")
@schema.include(method="GET").parametrize()
def test_readings_answer_what_the_document_says(case: Case[Any], served: Served) -> None:
    served.check(case)


@pytest.mark.xdist_group("schemathesis: creations")
@schema.include(method="POST").parametrize()
def test_creations_answer_what_the_document_says(case: Case[Any], served: Served) -> None:
    served.check(case)


@pytest.mark.xdist_group("schemathesis: changes")
@schema.exclude(method=["GET", "POST"]).parametrize()
def test_changes_answer_what_the_document_says(case: Case[Any], served: Served) -> None:
    served.check(case)

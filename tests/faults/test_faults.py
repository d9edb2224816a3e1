from __future__ import annotations

import asyncio
import contextlib
import copy
import logging
import pickle
from pathlib import Path
from typing import Any, Literal

import pytest

from clerk import (
    ClerkAPIResponseError,
    ClerkDecodeError,
    ClerkError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.faults.acts import HEADERS, nobody_listening
from tests.faults.outcomes import Outcome, Raised, Returned, waits_of
from tests.faults.table import FAULTS, Fault, markdown
from tests.support.clients import SECRET_KEY
from tests.support.server import ScriptedServer
from tests.support.transports import Transport
from tests.support.waits import Waits

Method = Literal["GET", "POST"]
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    return Waits.put_in_place(monkeypatch)


def begin(client: Any, fault: Fault, method: Method) -> Any:  # Any: either client, and whatever it returns
    if fault.due == "no content":  # no GET is due to be answered so, but a DELETE is repeated like one
        if method == "GET":
            return client.webhooks.delete_svix_app()
        return client.oauth_applications.revoke_token("oauth_app_1", token="t")
    if method == "GET":
        return client.users.get_user("user_1")
    return client.users.create_user(email_address=["ada@example.com"])


def call(transport: Transport, fault: Fault, method: Method, url: str, **more: Any) -> Any:  # Any: what it returns
    options: dict[str, Any] = {  # Any: one type per option
        "secret_key": SECRET_KEY,
        "api_url": url,
        "deadline": fault.deadline,
        "http_options": {
            "transport": transport.name,
            "verify": False,
            **fault.http_options,
        },  # no certificates are loaded: there is no TLS
        **more,
    }
    if transport.kind == "sync":
        with create_clerk_client(**options) as client:
            return begin(client, fault, method)

    async def begin_and_close() -> Any:  # Any: as above
        async with create_async_clerk_client(**options) as client:
            return await begin(client, fault, method)

    return asyncio.run(begin_and_close())


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(
    transport: Transport, fault: Fault, method: Method, waits: Waits, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = fault.get if method == "GET" else fault.post
    with ScriptedServer() as other, ScriptedServer() as server, contextlib.ExitStack() as stack:
        url = server.url
        if fault.script is None:
            url = stack.enter_context(nobody_listening())
        else:
            server.play(*fault.script(other.url))
        try:
            result = call(transport, fault, method, url)
        except ClerkError as error:
            assert_raised(outcome, error)
        else:
            assert_returned(outcome, result)

    assert len(server.requests) == (0 if fault.script is None else outcome.tries)
    assert tuple(waits.seconds) == waits_of(outcome)
    assert not other.connections
    drifts = [record.getMessage() for record in caplog.records if record.name == "clerk.drift"]
    drift = outcome.drift if isinstance(outcome, Returned) else None
    assert [drift is not None and drift in text for text in drifts] == [True] * (drift is not None)
    assert {record.levelno for record in caplog.records if record.name == "clerk.drift"} <= {logging.WARNING}


def assert_returned(outcome: Outcome, result: Any) -> None:  # Any: what the operation returned
    assert isinstance(outcome, Returned), f"returned {result!r}"
    assert outcome.is_right(result), result


def assert_raised(outcome: Outcome, error: ClerkError) -> None:
    if not isinstance(outcome, Raised):
        raise error
    assert type(error) is outcome.error
    assert outcome.says in str(error)
    assert SECRET_KEY not in str(error)
    if outcome.cause is not None:
        # httpx2 has the classes of httpx, under the same names.
        assert outcome.cause.__name__ in [base.__name__ for base in type(error.__cause__).__mro__]
    if isinstance(error, ClerkAPIResponseError):
        assert error.status_code == outcome.status_code
        assert tuple(found.code for found in error.errors) == outcome.codes
        assert error.clerk_trace_id == outcome.trace_id
        assert error.retry_after == outcome.retry_after
        assert error.headers["x-fault"] == HEADERS["x-fault"]
    if isinstance(error, ClerkDecodeError):
        assert 200 <= error.status_code < 300
        assert error.headers["x-fault"] == HEADERS["x-fault"]
        assert error.clerk_trace_id == HEADERS["x-clerk-trace-id"]
        assert str(error).endswith(f"[trace id {error.clerk_trace_id}]")
    if outcome.body is not None:
        assert isinstance(error, (ClerkAPIResponseError, ClerkDecodeError))
        assert error.body == outcome.body
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), twin.__dict__) == (type(error), str(error), error.__dict__)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.script], ids=lambda fault: fault.name)
def test_without_retries_one_request_is_sent(transport: Transport, fault: Fault, method: Method, waits: Waits) -> None:
    assert fault.script is not None
    with ScriptedServer(*fault.script("http://127.0.0.1:9")) as server, contextlib.suppress(ClerkError):
        call(transport, fault, method, server.url, max_retries=0)

    assert len(server.requests) == 1
    assert waits.seconds == []


DRIFTING = [fault for fault in FAULTS if isinstance(fault.get, Returned) and fault.get.drift]


@pytest.mark.parametrize("fault", DRIFTING, ids=lambda fault: fault.name)
def test_a_strict_client_raises_where_another_takes_note(transport: Transport, fault: Fault) -> None:
    assert fault.script is not None
    assert isinstance(fault.get, Returned)
    with ScriptedServer(*fault.script("")) as server, pytest.raises(ClerkDecodeError, match=fault.get.drift) as caught:
        call(transport, fault, "GET", server.url, strict_responses=True)

    assert (caught.value.model, caught.value.path, caught.value.status_code) == ("User", "banned", 200)
    assert len(server.requests) == 1


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_the_documentation_has_the_table() -> None:
    table = PAGE.read_text().partition(BEGIN)[2].partition(END)[0]

    assert table.strip() == markdown().strip(), "write it anew: python -m tests.faults.page"

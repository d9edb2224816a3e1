from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import ScriptedServer
from tests.support.waits import Waits


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """Has the clients of a test wait for no time, and records what they were to wait."""
    return Waits.put_in_place(monkeypatch)


TLS = Path(__file__).parents[1] / "support" / "tls"


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What a server speaks TLS with, whose certificate nobody knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    return context


@pytest.fixture
def tls_server(tls: ssl.SSLContext) -> Iterator[ScriptedServer]:
    with ScriptedServer(tls=tls) as running:
        yield running

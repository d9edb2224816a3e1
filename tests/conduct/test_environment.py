"""What the environment says about keys, proxies, certificates and the log."""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest

import clerk
from clerk import ClerkConfigurationError, ClerkConnectionError, create_clerk_client
from clerk import _logging as clerk_logging
from tests.support.clients import SECRET_KEY
from tests.support.server import ScriptedServer, answer
from tests.support.transports import Transport

FAST = {"verify": False}


@pytest.mark.parametrize("quoted", ['"{}"', "'{}'", '{}"', "`{}`"])
def test_a_key_in_quotes_is_refused(monkeypatch: pytest.MonkeyPatch, quoted: str) -> None:
    monkeypatch.setenv("CLERK_SECRET_KEY", quoted.format(SECRET_KEY))

    with pytest.raises(ClerkConfigurationError, match=r"variable CLERK_SECRET_KEY contains a quotation mark"):
        clerk.clerk_client.users.get_count()


# Proxies. The server plays the proxy: what comes there went through it.


def through(transport: Transport, server: ScriptedServer, url: str = "http://api.example") -> bool:
    server.play(answer(body={}) if url.startswith("http:") else answer(502))
    before = len(server.requests)
    with contextlib.suppress(ClerkConnectionError):  # nobody is there, or the proxy leads no further
        transport.send(api_url=url, max_retries=0, http_options=FAST, deadline=2)
    return len(server.requests) > before


def test_the_proxy_of_the_environment(
    transport: Transport, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("HTTPS_PROXY", server.url.removeprefix("http://"))

    assert through(transport, server)
    assert server.requests[0].target == "http://api.example/v1/probe"
    assert through(transport, server, "https://api.example")
    assert (server.requests[1].method, server.requests[1].target) == ("CONNECT", "api.example:443")


def test_all_proxy_and_a_password(
    transport: Transport, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", server.url.replace("http://", "http://ada:secret@"))

    assert through(transport, server)
    assert server.requests[0].headers["proxy-authorization"] == "Basic YWRhOnNlY3JldA=="


def test_trust_env_ignores_it(transport: Transport, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    transport.send(api_url=server.url, max_retries=0, http_options={**FAST, "trust_env": False})

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("no_proxy", "exempt"),
    [
        ("localhost,::1/128", False),
        ("::1/128,127.0.0.0/8", True),
        ("127.0.0.1", True),
        ("127.0.0.1/32", True),
        ("128.0.0.0/8", False),
        ("*", True),
        ("http://127.0.0.1", True),
        ("https://127.0.0.1", False),
        ("all://127.0.0.1", True),
        ("[::1],not a host,,", False),
    ],
)
def test_no_proxy_for_addresses(
    transport: Transport, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, no_proxy: str, exempt: bool
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    with ScriptedServer() as direct:
        transport.send(api_url=direct.url, max_retries=0, http_options=FAST)
        assert len(direct.requests) == exempt
    assert len(server.requests) == (not exempt)


@pytest.mark.parametrize(
    ("no_proxy", "exempt"),
    [
        ("example", True),
        ("API.Example", True),
        (".example", True),
        ("*.example", True),
        ("pi.example", False),
        ("other.example", False),
        ("api.example:80", True),
        ("api.example:8080", False),
    ],
)
def test_no_proxy_for_names(monkeypatch: pytest.MonkeyPatch, no_proxy: str, exempt: bool) -> None:
    from clerk._environment import proxy_of_environment

    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", no_proxy)

    assert proxy_of_environment("http://api.example") == (None if exempt else "http://proxy.example:3128")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:1", "http://host:port", "http://[::1"])
def test_a_proxy_that_is_none(transport: Transport, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str) -> None:
    monkeypatch.setenv(variable, proxy)

    with pytest.raises(ClerkConfigurationError, match=f"environment variable {variable} .*trust_env"):
        transport.send(api_url="http://api.example", http_options=FAST)


# Certificates.


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there(transport: Transport, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv(variable, "/nope.pem")

    with pytest.raises(ClerkConfigurationError, match=f"environment variable {variable} names /nope.pem"):
        transport.send(api_url="https://127.0.0.1:9", max_retries=0)


def test_certificates_that_nobody_asks_for(
    transport: Transport, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nope.pem")

    transport.send(api_url=server.url, http_options=FAST)
    transport.send(api_url=server.url, http_options={"trust_env": False})

    assert len(server.requests) == 2


def test_certificates_of_authorities_that_all_trust(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    library = import_module("httpx2" if transport.name == "httpx2" else "httpx")
    contexts: list[ssl.SSLContext] = []
    create = library.create_ssl_context

    def note(*positional: Any, **named: Any) -> ssl.SSLContext:
        contexts.append(create(*positional, **named))
        return contexts[-1]

    monkeypatch.setattr(library, "create_ssl_context", note)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)

    with pytest.raises(ClerkConnectionError):
        transport.send(api_url="https://127.0.0.1:9", max_retries=0)
    assert contexts[0].verify_mode == ssl.CERT_REQUIRED
    if library is httpx:  # the other one asks the operating system, which may load them when they are needed
        assert contexts[0].cert_store_stats()["x509_ca"] == certifi.contents().count("BEGIN CERTIFICATE")


def test_certificates_of_the_environment(
    transport: Transport, tls_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Path(__file__).parents[1] / "support" / "tls" / "certificate.pem"
    with pytest.raises(ClerkConnectionError, match=r"ConnectError"):
        transport.send(api_url=tls_server.url, max_retries=0)

    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    transport.send(api_url=tls_server.url, max_retries=0)


# The log.


@pytest.fixture
def silent() -> Iterator[logging.Logger]:
    """The logger as it is before anything turns it on."""
    logger = logging.getLogger("clerk")
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def is_on(logger: logging.Logger) -> bool:
    create_clerk_client().close()
    return any(isinstance(handler, clerk_logging._StandardErrorHandler) for handler in logger.handlers)


@pytest.mark.parametrize("value", ["true", "TRUE", "1", "yes", "On", " true "])
def test_turned_on(monkeypatch: pytest.MonkeyPatch, silent: logging.Logger, value: str) -> None:
    monkeypatch.setenv("CLERK_LOGGING", value)
    assert is_on(silent)


@pytest.mark.parametrize("value", ["", "false", "0", "No", "OFF"])
def test_left_off(monkeypatch: pytest.MonkeyPatch, silent: logging.Logger, value: str) -> None:
    monkeypatch.setenv("CLERK_LOGGING", value)
    assert not is_on(silent)


@pytest.mark.parametrize("value", ["debug", "2", "ja"])
def test_what_is_neither_is_warned_of(monkeypatch: pytest.MonkeyPatch, silent: logging.Logger, value: str) -> None:
    monkeypatch.setenv("CLERK_LOGGING", value)
    with pytest.warns(RuntimeWarning, match="CLERK_LOGGING"):
        assert not is_on(silent)

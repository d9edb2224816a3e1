"""What an answer echoes of the key is taken out of all that an error shows, and nothing else is."""

from __future__ import annotations

import html
import json
import logging
from urllib.parse import quote

import pytest

from clerk import ClerkAPIResponseError, ClerkError
from tests.faults.acts import bare
from tests.support.server import ScriptedServer, answer
from tests.support.transports import Transport

KEY = "sk_live_01/23+45=6789$abcdef"
ESCAPED = {
    "plain": KEY,
    "JSON": json.dumps(KEY)[1:-1].replace("/", "\\/"),
    "JSON throughout": "".join(f"\\u{ord(character):04X}" for character in KEY),
    "URL": quote(KEY, safe=""),
    "url": quote(KEY, safe="").replace("%2F", "%2f"),
    "URL throughout": "".join(f"%{ord(character):02x}" for character in KEY),
    "HTML": html.escape(KEY).replace("/", "&#x2F;").replace("$", "&#36;"),
    "bytes": "".join(f"\\x{ord(character):02x}" for character in KEY),
}


def error_of(transport: Transport, server: ScriptedServer, key: str = KEY) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        transport.send(api_url=server.url, secret_key=key, max_retries=0, http_options={"verify": False})
    return caught.value


@pytest.mark.parametrize("written", ESCAPED.values(), ids=ESCAPED)
def test_in_whatever_form(
    transport: Transport, server: ScriptedServer, written: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "clerk")
    body = f'{{"errors": [{{"code": "odd", "message": "<{written}>"}}], "clerk_trace_id": "1 {written} 2"}}'.encode()
    server.play(answer(500, body, {"x-echo": f"a {written} b", "location": f"/{written}"}))

    error = error_of(transport, server)

    assert isinstance(error, ClerkAPIResponseError)
    for shown in (str(error), repr(error), repr(vars(error)), repr(error.headers.raw), repr(error.body), caplog.text):
        assert written not in shown
        assert repr(written)[1:-1] not in shown
    assert error.errors[0].message == "<[secret key]>"
    assert error.clerk_trace_id == "1 [secret key] 2"
    assert error.headers["x-echo"] == "a [secret key] b"


def test_in_a_status_line_that_is_none(transport: Transport, server: ScriptedServer) -> None:
    error = error_of(transport, server.play(bare(f"HTTP/9.9 {KEY} {KEY}\r\n\r\n".encode())))

    assert KEY not in f"{error} {error!r} {error.__cause__} {error.__cause__!r}"


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("test", "this is a test, Bearer test", "this is a test, Bearer [secret key]"),
        ("test", "Bearer tests and contests", "Bearer tests and contests"),
        ("sk_1", "task_1 sk_12 sk_1", "task_1 sk_12 [secret key]"),
        ("sk_test_0123456789", "xsk_test_0123456789y", "x[secret key]y"),
        ("a", "a banana", "a banana"),
    ],
)
def test_only_where_it_is_the_key(
    transport: Transport, server: ScriptedServer, key: str, text: str, shown: str
) -> None:
    error = error_of(transport, server.play(answer(400, text.encode())), key)

    assert isinstance(error, ClerkAPIResponseError)
    assert error.body.decode() == shown

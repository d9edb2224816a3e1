"""How forms travel: on a real socket, with every HTTP library."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.clients import Kind, probe, send
from tests.support.server import ScriptedServer, answer

MULTIPART_TEXT = (
    '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\né\r\n'
    '--B\r\nContent-Disposition: form-data; name="t"\r\n\r\n1\r\n'
    '--B\r\nContent-Disposition: form-data; name="t"\r\n\r\n2\r\n--B--\r\n'
)
MULTIPART_PARTS = (
    '--B\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\nz\r\n'
    '--B\r\nContent-Disposition: form-data; name="f"; filename="m.txt"\r\nContent-Type: text/plain\r\n\r\ny\r\n'
    '--B\r\nContent-Disposition: form-data; name="j"\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--\r\n'
)
FIELDS = {"a": "é", "t": ["1", "2"]}
FILES = {"f": [("n.txt", b"z", "text/plain"), ("m.txt", b"y", "text/plain")], "j": (None, b"{}", "application/json")}


@pytest.mark.parametrize(
    ("client", "transport"),
    [("sync", None), ("sync", "httpx2"), ("async", None), ("async", "httpx2"), ("async", "aiohttp")],
)
@pytest.mark.parametrize(
    ("parts", "content_type", "body"),
    [
        ({"form": FIELDS}, "application/x-www-form-urlencoded", "a=%C3%A9&t=1&t=2"),
        ({"form": FIELDS, "files": {}}, "multipart/form-data", MULTIPART_TEXT),
        ({"form": {}, "files": FILES}, "multipart/form-data", MULTIPART_PARTS),
        ({"form": {}, "files": {}}, None, ""),
    ],
)
def test_a_form_goes_out_as_what_it_is(
    client: Kind,
    server: ScriptedServer,
    transport: str | None,
    parts: dict[str, Any],
    content_type: str | None,
    body: str,
) -> None:
    options: dict[str, Any] = {"transport": transport} if transport else {"verify": False}
    server.play(answer(200, b"{}"))
    send(client, probe("POST", **parts), api_url=server.url, http_options=options)
    (request,) = server.requests
    sent = request.headers.get("content-type")
    assert (sent and sent.partition(";")[0]) == content_type
    assert re.sub("--[0-9a-f]{32}", "--B", request.body.decode()) == body

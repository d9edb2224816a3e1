from __future__ import annotations

import asyncio
import io
import json
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clerk import InternalServerError, create_async_clerk_client, create_clerk_client
from tests.faults.bodies import USER
from tests.support.clients import SECRET_KEY, Kind
from tests.support.server import Received, ScriptedServer, answer, reset
from tests.support.waits import Waits

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4096
FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS


class Sent(NamedTuple):
    file_name: str | None
    content: bytes
    content_type: str


def upload(kind: Kind, url: str, file: Any, *, method: str = "PUT", **more: Any) -> None:
    """Send a file with PUT, as an organization's logo, or with POST, as a user's picture."""
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": url, "http_options": FAST}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            if method == "PUT":
                client.organizations.update_organization_logo("org_1", file=file, **more)
            else:
                client.users.update_user_profile_image("user_1", file=file)
        return

    async def send() -> None:
        async with create_async_clerk_client(**options) as client:
            if method == "PUT":
                await client.organizations.update_organization_logo("org_1", file=file, **more)
            else:
                await client.users.update_user_profile_image("user_1", file=file)

    asyncio.run(send())


def parts(request: Received) -> dict[str, Sent]:
    """What a multipart body holds."""
    message = message_from_bytes(
        b"content-type: " + request.headers["content-type"].encode() + b"\r\n\r\n" + request.body
    )
    found: dict[str, Sent] = {}
    for part in message.get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        found[name] = Sent(part.get_filename(), content, part.get_content_type())
    return found


@pytest.fixture
def service(server: ScriptedServer) -> ScriptedServer:
    return server.play(answer(body=USER))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "ada lovelace.png"
    path.write_bytes(PNG)
    return path


def test_bytes(kind: Kind, service: ScriptedServer) -> None:
    upload(kind, service.url, PNG)

    assert parts(service.requests[0]) == {"file": Sent("file", PNG, "image/png")}


@pytest.mark.parametrize("as_given", [str, Path])
def test_a_path(kind: Kind, service: ScriptedServer, picture: Path, as_given: type) -> None:
    upload(kind, service.url, as_given(picture))

    assert parts(service.requests[0]) == {"file": Sent("ada lovelace.png", PNG, "image/png")}


def test_an_open_file(kind: Kind, service: ScriptedServer, picture: Path) -> None:
    with picture.open("rb") as file:
        upload(kind, service.url, file)

    assert parts(service.requests[0]) == {"file": Sent("ada lovelace.png", PNG, "image/png")}


def test_an_open_file_goes_out_from_where_it_stands(kind: Kind, service: ScriptedServer) -> None:
    file = io.BytesIO(b"head" + PNG)
    file.seek(4)
    upload(kind, service.url, file)

    assert parts(service.requests[0]) == {"file": Sent("file", PNG, "image/png")}


@pytest.mark.parametrize("content", [PNG, bytearray(PNG), io.BytesIO(PNG)], ids=lambda content: type(content).__name__)
def test_name_content_and_type(kind: Kind, service: ScriptedServer, content: Any) -> None:
    if isinstance(content, io.BytesIO):
        content = io.BytesIO(PNG)
    upload(kind, service.url, ('ä "b".bin', content, "application/x-of-mine"))

    (sent,) = parts(service.requests[0]).values()
    assert (sent.content, sent.content_type) == (PNG, "application/x-of-mine")


def test_fields_beside_the_file(kind: Kind, service: ScriptedServer) -> None:
    upload(kind, service.url, PNG, uploader_user_id="user_ä")

    sent = parts(service.requests[0])
    assert sent.keys() == {"file", "uploader_user_id"}
    assert sent["uploader_user_id"].content.decode() == "user_ä"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.jpg", b"", "image/jpeg"),
        ("a.svg", b"", "image/svg+xml"),
        ("a.gif", PNG, "image/gif"),  # the name counts first
        ("a", PNG, "image/png"),
        ("a", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a", b"GIF89a", "image/gif"),
        ("a", b"<svg/>", "image/svg+xml"),
        ("a", b"something else", "application/octet-stream"),
        ("a", b"", "application/octet-stream"),
    ],
)
def test_the_content_type_is_guessed(
    kind: Kind, service: ScriptedServer, tmp_path: Path, name: str, content: bytes, content_type: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    upload(kind, service.url, path)

    assert parts(service.requests[0]) == {"file": Sent(name, content, content_type)}


def test_a_missing_file_is_noticed_before_anything_is_sent(kind: Kind, service: ScriptedServer, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.png"):
        upload(kind, service.url, tmp_path / "nowhere.png")

    assert not service.connections


NO_FILES: dict[str, tuple[Any, str]] = {
    "text": (io.StringIO("text"), "file must be opened in binary mode"),
    "text with a name": (("a.png", "text", "image/png"), "file must be bytes, a path"),
    "no type": (("a.png", PNG), "file must be bytes, a path"),
    "a type that is none": (("a.png", PNG, 5), "file must be a string, not int"),
    "a name that is none": ((5, PNG, "image/png"), "file must be a string, not int"),
    "nothing": (None, "file must be bytes, a path"),
    "a number": (5, "file must be bytes, a path"),
}


@pytest.mark.parametrize(("file", "says"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file(kind: Kind, service: ScriptedServer, file: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        upload(kind, service.url, file)

    assert not service.connections


@pytest.mark.parametrize("source", ["path", "open", "stream", "bytes"])
def test_a_repeated_upload_sends_the_whole_file_again(
    kind: Kind, server: ScriptedServer, picture: Path, source: str, waits: Waits
) -> None:
    server.play(answer(503), reset(), answer(body=USER))
    with picture.open("rb") as opened:
        files = {"path": picture, "open": opened, "stream": io.BytesIO(PNG), "bytes": PNG}
        upload(kind, server.url, files[source])

    assert [parts(request)["file"].content == PNG for request in server.requests] == [True, True, True]
    assert len({request.headers["content-length"] for request in server.requests}) == 1


def test_an_upload_by_post_is_repeated_after_429_only(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(answer(429), answer(503), answer(body=json.loads(json.dumps(USER))))

    with pytest.raises(InternalServerError):
        upload(kind, server.url, io.BytesIO(PNG), method="POST")

    assert [parts(request)["file"].content == PNG for request in server.requests] == [True, True]

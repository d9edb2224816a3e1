from __future__ import annotations

import asyncio
import io
import json
import mimetypes
import os
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from fastapi import UploadFile
from werkzeug.datastructures import FileStorage

from clerk import InternalServerError, create_async_clerk_client, create_clerk_client
from tests.faults.bodies import USER
from tests.support.clients import SECRET_KEY, Kind
from tests.support.garbage import collected
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


WEBP = b"RIFF\n\x00\x00\x00WEBPVP8 "
STARTS = {
    "jpeg": (b"\xff\xd8\xff\xe0", "image/jpeg"),
    "png": (PNG[:16], "image/png"),
    "gif of 1987": (b"GIF87a", "image/gif"),
    "gif of 1989": (b"GIF89a", "image/gif"),
    "webp": (WEBP, "image/webp"),
    "svg": (b"<svg/>", "image/svg+xml"),
    "svg after a declaration": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns="...">', "image/svg+xml"),
    "sound, not webp": (b"RIFF\n\x00\x00\x00WAVEfmt ", "application/octet-stream"),
    "something else": (b"something else", "application/octet-stream"),
}


@pytest.mark.parametrize("name", ["a", "a.png.unknown"])
@pytest.mark.parametrize(("content", "content_type"), STARTS.values(), ids=STARTS)
def test_the_first_bytes_tell_the_content_type(
    kind: Kind, service: ScriptedServer, tmp_path: Path, name: str, content: bytes, content_type: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    upload(kind, service.url, path)

    assert parts(service.requests[0]) == {"file": Sent(name, content, content_type)}


@pytest.mark.parametrize("given", ["bytes", "stream", "pair", "path"])
def test_a_picture_under_the_name_of_another(kind: Kind, service: ScriptedServer, tmp_path: Path, given: str) -> None:
    path = tmp_path / "really a webp.jpg"
    path.write_bytes(WEBP)
    files = {"bytes": WEBP, "stream": io.BytesIO(WEBP), "pair": ("really a webp.jpg", WEBP), "path": path}
    upload(kind, service.url, files[given])

    assert parts(service.requests[0])["file"].content_type == "image/webp"


def test_the_machine_has_no_say_in_content_types(
    kind: Kind, service: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("text/x-of-this-machine", None))
    monkeypatch.setattr(mimetypes, "types_map", {".csv": "text/x-of-this-machine"})
    upload(kind, service.url, ("table.csv", b"a,b"))

    assert parts(service.requests[0]) == {"file": Sent("table.csv", b"a,b", "text/csv")}


@pytest.mark.parametrize("content_type", [None, ""])
def test_a_type_that_is_left_to_the_client(kind: Kind, service: ScriptedServer, content_type: str | None) -> None:
    upload(kind, service.url, ("a", WEBP, content_type))

    assert parts(service.requests[0]) == {"file": Sent("a", WEBP, "image/webp")}


def test_a_stream_at_its_end_is_sent_from_its_start(kind: Kind, service: ScriptedServer, picture: Path) -> None:
    with picture.open("rb") as file:
        for given in (file, file, ("a.png", file, "image/png")):
            assert file.read() in (PNG, b"")
            upload(kind, service.url, given)

    assert [parts(request)["file"].content == PNG for request in service.requests] == [True, True, True]


class Stream(io.RawIOBase):
    """Bytes that come once."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readall(self) -> bytes:
        return self._content.read()


def test_a_stream_that_cannot_be_rewound(kind: Kind, service: ScriptedServer) -> None:
    stream = Stream(PNG)
    upload(kind, service.url, stream)
    with pytest.raises(ValueError, match=r"^file is empty: there is nothing to send"):
        upload(kind, service.url, stream)

    assert [parts(request)["file"].content == PNG for request in service.requests] == [True]


EMPTY: dict[str, Callable[[Path], Any]] = {  # Any: whatever has nothing in it
    "bytes": lambda _: b"",
    "bytearray": lambda _: bytearray(),
    "stream": lambda _: io.BytesIO(),
    "path": lambda path: path,
    "device": lambda _: os.devnull,
    "tuple": lambda _: ("a.png", b"", "image/png"),
}


@pytest.mark.parametrize("make", EMPTY.values(), ids=EMPTY)
def test_what_is_empty_is_not_sent(
    kind: Kind, service: ScriptedServer, tmp_path: Path, make: Callable[[Path], Any]
) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(ValueError, match=r"^file is empty: there is nothing to send"):
        upload(kind, service.url, make(path))

    assert not service.connections


@pytest.mark.parametrize("wrap", [bytearray, memoryview], ids=lambda kind: kind.__name__)
def test_other_kinds_of_bytes(kind: Kind, service: ScriptedServer, wrap: Callable[[bytes], Any]) -> None:
    upload(kind, service.url, wrap(PNG))
    upload(kind, service.url, ("a.png", wrap(PNG)))

    assert [parts(request)["file"].content == PNG for request in service.requests] == [True, True]


def test_a_name_of_bytes_that_are_no_text(kind: Kind, service: ScriptedServer, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    with open(path, "wb") as file:  # noqa: PTH123  a path of bytes
        file.write(PNG)
    with open(path, "rb") as opened:  # noqa: PTH123  the same
        for given in (Path(os.fsdecode(path)), opened):
            upload(kind, service.url, given)

    assert [parts(request)["file"].file_name for request in service.requests] == ["caf?.png", "caf?.png"]


# Uploads as web frameworks hand them over.


def test_an_upload_of_django(kind: Kind, service: ScriptedServer) -> None:
    file = SimpleUploadedFile("ada.png", PNG, "text/of-the-browser")
    upload(kind, service.url, file)
    upload(kind, service.url, file)

    assert [parts(request) for request in service.requests] == [{"file": Sent("ada.png", PNG, "image/png")}] * 2


def test_an_upload_of_flask(kind: Kind, service: ScriptedServer) -> None:
    upload(kind, service.url, FileStorage(io.BytesIO(PNG), "ada.png", "avatar"))

    assert parts(service.requests[0]) == {"file": Sent("ada.png", PNG, "image/png")}


class AwaitedLater:
    """A file whose `read` says only when it is called that it has to be awaited."""

    def read(self) -> Any:  # Any: a coroutine
        return self._read()

    async def _read(self) -> bytes:
        return PNG


@pytest.mark.parametrize("tupled", [False, True])
@pytest.mark.parametrize("make", [lambda: UploadFile(io.BytesIO(PNG), filename="a.png"), AwaitedLater])
def test_an_async_file_is_refused_with_the_way_to_give_it(
    kind: Kind, service: ScriptedServer, make: Callable[[], Any], tupled: bool
) -> None:
    file = ("a.png", make(), "image/png") if tupled else make()
    with (
        collected(),  # a coroutine left behind would be warned of
        pytest.raises(TypeError, match=r"^file must be awaited: .*await upload\.read\(\).*upload\.file"),
    ):
        upload(kind, service.url, file)

    assert not service.connections


async def test_the_ways_that_the_error_names(server: ScriptedServer) -> None:
    server.play(answer(body=USER))
    file = UploadFile(io.BytesIO(PNG), filename="ada.png")
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client:
        await client.users.update_user_profile_image("user_1", file=(file.filename or "", await file.read()))
        await client.users.update_user_profile_image("user_1", file=file.file)

    assert [parts(request)["file"].content == PNG for request in server.requests] == [True, True]


def test_a_missing_file_is_noticed_before_anything_is_sent(kind: Kind, service: ScriptedServer, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.png"):
        upload(kind, service.url, tmp_path / "nowhere.png")

    assert not service.connections


NO_FILES: dict[str, tuple[Any, type[Exception], str]] = {  # Any: whatever is no file
    "text": (io.StringIO("text"), TypeError, "file must be opened in binary mode"),
    "a file of text": (
        io.TextIOWrapper(io.BytesIO(PNG), encoding="utf-8"),
        TypeError,
        "file must be opened in binary mode",
    ),
    "what gives text": (SimpleNamespace(read=lambda: "text"), TypeError, "file must be opened in binary mode"),
    "what gives nothing": (SimpleNamespace(read=lambda: None), TypeError, "file must be a file that gives bytes"),
    "text with a name": (("a.png", "text", "image/png"), TypeError, "file must be bytes, a path"),
    "a tuple of one": ((PNG,), TypeError, "file must be bytes, a path"),
    "a tuple of four": (("a.png", PNG, "image/png", {}), TypeError, "file must be bytes, a path"),
    "a type that is none": (("a.png", PNG, 5), TypeError, "file must be a string, not int"),
    "a name that is none": ((5, PNG, "image/png"), TypeError, "file must be a string, not int"),
    "a name without bytes": (("a\ud800.png", PNG), ValueError, "file is not valid Unicode text"),
    "a type without bytes": (("a.png", PNG, "image/\ud800"), ValueError, "file is not valid Unicode text"),
    "a type with a header": (("a", PNG, "image/png\r\nx-mine: 1"), ValueError, "file needs a content type such as"),
    "a type that is a word": (("a", PNG, "png"), ValueError, "file needs a content type such as"),
    "a path with a null": ("a\0.png", ValueError, "file is not a path: it has a null character"),
    "a folder": (Path(__file__).parent, IsADirectoryError, "conduct"),
    "nothing": (None, TypeError, "file must be bytes, a path"),
    "a number": (5, TypeError, "file must be bytes, a path"),
}


@pytest.mark.parametrize(("file", "error", "says"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file(kind: Kind, service: ScriptedServer, file: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        upload(kind, service.url, file)

    assert not service.connections


def test_a_closed_file(kind: Kind, service: ScriptedServer, picture: Path) -> None:
    with picture.open("rb") as file:
        pass
    with pytest.raises(ValueError, match=r"^file is a closed file"):
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

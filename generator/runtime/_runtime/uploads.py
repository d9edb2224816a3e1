"""Reads the files that a caller passes into memory, so that a retry can send them again."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

from .scalars import text, wrong

_ACCEPTED = "bytes, a path, an open binary file, (name, content) or (name, content, content_type)"
_CONTENT_TYPE = re.compile(r"[\x21-\x7e]+/[\x20-\x7e]+")


class _Given(NamedTuple):
    """A file as it was given: its content, and its name and content type if they are known."""

    content: object
    name: object = None
    content_type: object = None


def upload(name: str, value: object) -> tuple[str, bytes, str]:
    """Read a file to send.

    Returns:
        Its name, its bytes, and its content type: the one given, or guessed from the first bytes or the name.

    Raises:
        FileNotFoundError: There is no file at the path.
        TypeError: It is not a file, is opened in text mode, or has to be awaited.
        ValueError: The file is empty or closed, or its path or content type is invalid.
    """
    given = _given(name, value)
    data = _read(name, given.content)
    if not data:
        raise ValueError(f"{name} is empty: there is nothing to send")
    file_name = name if given.name in (None, "") else text(name, given.name)
    if given.content_type in (None, ""):
        return file_name, data, content_type_of(file_name, data)
    content_type = text(name, given.content_type)
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError(f"{name} needs a content type such as image/png, not {content_type!r}")
    return file_name, data, content_type


def json_part(encode: Callable[[str, object], object]) -> Callable[[str, object], tuple[None, bytes, str]]:
    """Return an encoder for a JSON part of a multipart body, given an encoder for its value."""
    return partial(_json_part, encode=encode)


def _json_part(name: str, value: object, encode: Callable[[str, object], object]) -> tuple[None, bytes, str]:
    text = json.dumps(encode(name, value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return None, text.encode(errors="backslashreplace"), "application/json"


def _given(name: str, value: object) -> _Given:
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)  # isinstance leaves them unknown; they are checked one by one
        if len(items) not in (2, 3):
            raise wrong(name, _ACCEPTED, items)
        return _Given(items[1], *items[:1], *items[2:])
    if isinstance(value, (str, os.PathLike)):
        path = os.fspath(cast("str | os.PathLike[str]", value))  # isinstance leaves PathLike's type unknown
        if "\0" in os.fsdecode(path):
            raise ValueError(f"{name} is not a path: it has a null character")
        with open(path, "rb") as opened:
            return _Given(opened.read(), _base_name(path))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _Given(value)
    # Uploads from web frameworks have the name of the file as well as that of the form field.
    names = (getattr(value, "filename", None), getattr(value, "name", None))
    found = next((item for item in names if isinstance(item, (str, bytes)) and item), None)
    return _Given(value, found and _base_name(found))


def _base_name(path: str | bytes) -> str:
    """Return the last part of a path, with `?` for bytes that are not UTF-8."""
    return os.path.basename(os.fsdecode(path)).encode(errors="replace").decode()


def _read(name: str, content: object) -> bytes:
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    read: Any = getattr(content, "read", None)  # Any: it is whatever the caller's object has
    if not callable(read):
        raise wrong(name, _ACCEPTED, content)
    if inspect.iscoroutinefunction(read):
        raise _asynchronous(name)
    if isinstance(content, io.TextIOBase):
        raise _in_text_mode(name)
    if getattr(content, "closed", False) is True:
        raise ValueError(f"{name} is a closed file: open it again")
    return _read_once(name, read) or _read_from_the_start(name, content, read)


def _read_from_the_start(name: str, content: object, read: Any) -> bytes:  # Any: as above
    """Read a stream from the start again: it was read to its end before, to inspect or to send it."""
    seekable, seek = (getattr(content, attribute, None) for attribute in ("seekable", "seek"))
    if not callable(seek) or (callable(seekable) and not seekable()):
        return b""
    seek(0)
    return _read_once(name, read)


def _read_once(name: str, read: Any) -> bytes:  # Any: as above
    try:
        data = read()
    except UnicodeDecodeError:
        data = ""
    if inspect.isawaitable(data):
        if inspect.iscoroutine(data):
            data.close()
        raise _asynchronous(name)
    if isinstance(data, str):
        raise _in_text_mode(name)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    raise wrong(name, "a file that gives bytes", data)


def _in_text_mode(name: str) -> TypeError:
    return TypeError(f"{name} must be opened in binary mode")


def _asynchronous(name: str) -> TypeError:
    return TypeError(
        f"{name} must be awaited: pass its bytes, {name}=(upload.filename, await upload.read()), "
        "or the underlying file, such as upload.file in Starlette and FastAPI"
    )


def content_type_of(file_name: str, data: bytes) -> str:
    """Guess a file's content type from its first bytes or its name, with the same result on every machine."""
    for signature, content_type in _SIGNATURES:
        if signature.match(data):
            return content_type
    import mimetypes

    return mimetypes.MimeTypes().guess_type(file_name)[0] or "application/octet-stream"


_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<svg[\s/>]"), "image/svg+xml"),
)


__all__ = ["content_type_of", "json_part", "upload"]

"""Reads the heads of HTTP/1.1 requests, and writes those of responses.

`http.server` parses headers as those of a mail, and formats each line of a response by itself. That takes longer than
everything else that the local service does for a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from http.client import responses
from io import BufferedIOBase
from typing import NamedTuple

_HEADERS_LIMIT = 100
_LINE_LIMIT = 65_536


class Head(NamedTuple):
    """The head of a request.

    Attributes:
        method: The HTTP method.
        target: The path and the query, as they were sent.
        headers: The headers, with names in lower case.
        is_last: Whether the connection is closed after the response.
    """

    method: str
    target: str
    headers: dict[str, str]
    is_last: bool


class HeadError(Exception):
    """A head that can't be answered as a request.

    Attributes:
        status: The status to answer with.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_head(stream: BufferedIOBase) -> Head | None:
    """Read the head of the next request, or return None if there is no other.

    Raises:
        HeadError: It is not HTTP/1, or too long.
    """
    line = _line(stream, 414)
    words = line.split()
    if not words:
        return None
    if len(words) != 3 or not re.fullmatch(r"HTTP/[0-9]+\.[0-9]+", words[2]):
        raise HeadError(400, "The request line is not one of HTTP/1.1.")
    method, target, version = words
    if not version.startswith("HTTP/1."):
        raise HeadError(505, f"This local Clerk speaks HTTP/1.1, not {version[:40]}.")
    headers = _headers(stream)
    connection = headers.get("connection", "").lower()
    is_last = connection != "keep-alive" if version == "HTTP/1.0" else connection == "close"
    return Head(method, target, headers, is_last)


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    name = ""
    for _ in range(_HEADERS_LIMIT + 1):
        line = _line(stream, 431)
        if not line.rstrip("\r\n"):
            return headers
        if line[0] in " \t" and name:  # the line before goes on
            headers[name] += f" {line.strip()}"
        else:
            name, _, value = line.partition(":")
            name = name.lower()
            headers[name] = value.strip()
    raise HeadError(431, f"A request may have at most {_HEADERS_LIMIT} headers.")


def _line(stream: BufferedIOBase, status: int) -> str:
    line = stream.readline(_LINE_LIMIT + 1)
    if len(line) > _LINE_LIMIT:
        raise HeadError(status, f"A line of the head may have at most {_LINE_LIMIT} bytes.")
    return line.decode("iso-8859-1")


def head_of(status: int, headers: Mapping[str, str], now: float) -> bytes:
    """Return the head of a response.

    Args:
        status: Its status.
        headers: Its headers, without those that every response has.
        now: The time, in seconds since the Unix epoch.
    """
    every = f"HTTP/1.1 {status} {responses.get(status, '')}\r\nserver: local-clerk\r\ndate: {_date(int(now))}\r\n"
    own = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return f"{every}{own}\r\n".encode("iso-8859-1")


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


__all__ = ["Head", "HeadError", "head_of", "read_head"]

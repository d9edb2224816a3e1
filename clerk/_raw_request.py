"""Requests to endpoints that are not in the API's document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from clerk_generated._runtime import encoding as encode
from clerk_generated.client import Request
from clerk_generated.types import UNSET

if TYPE_CHECKING:
    from clerk_generated.client import Query

_METHOD = re.compile(r"[A-Za-z]+")
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+")  # RFC 3986, section 3.3: segments of pchar


def raw_request(method: str, path: str, params: Mapping[str, object] | None, json: object) -> Request:
    """Build a request from a caller's arguments, and refuse paths that would lead elsewhere.

    Raises:
        TypeError: `params` or `json` contains something that cannot be sent.
        ValueError: `method` is not an HTTP method, or `path` is not a path below the API's root.
    """
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        raise ValueError(f"method must be an HTTP method such as GET, not {method!r}")
    _check_path(path)
    return Request(
        "request",
        method.upper(),
        path,
        query=_query({} if params is None else params),
        json=UNSET if json is UNSET else encode.json_value("json", json),
    )


def _check_path(path: str) -> None:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ValueError(f"path must begin with / and have no host, query or unencoded character, not {path!r}")
    segments = [segment.lower().replace("%2e", ".") for segment in path.split("/")]
    if path.startswith("//") or any(segment in (".", "..") for segment in segments):
        raise ValueError(f"path must not contain //, . or .. that lead elsewhere, as {path!r} does")


def _query(params: Mapping[str, object]) -> Query:
    if not isinstance(params, Mapping):
        raise TypeError(f"params must be a dict, not {type(params).__name__}")
    return {
        encode.query_text("a key of params", name): encode.query_list(f"params[{name!r}]", value, _query_value)
        if isinstance(value, list | tuple)
        else _query_value(f"params[{name!r}]", value)
        for name, value in params.items()
    }


def _query_value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return encode.query_boolean(name, value)
    if isinstance(value, int | float):
        return encode.query_number(name, value)
    return encode.query_text(name, value)


__all__ = ["raw_request"]

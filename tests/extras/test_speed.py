"""The extra `speed`: what orjson reads is what the standard library reads."""

from __future__ import annotations

import math
from typing import Any

import pytest

from clerk import _json

DOCUMENTS = [
    b'{"id": "user_1", "count": 3, "share": 0.1, "on": true, "off": null, "list": [1, [2]]}',
    '{"name": "Ada Łovelace \U0001f642", "quoted": "\\u00e9\\n"}'.encode(),
    b" [] ",
    b"0",
    b'"text"',
    b'{"a": 1, "a": 2}',
    b"1e400",
    b"[-0.0, 1E3, 12345678901234567]",
    b"[9223372036854775807, -9223372036854775808, 18446744073709551615, 18446744073709551616]",
    b'{"a":18446744073709551616,"b":-9223372036854775809,"c": 123456789012345678901234567890}',
    b"123456789012345678901234567890",
    b'{"id": "123456789012345678901234567890", "n": 0.1234567890123456789012345, "e": 12345678901234567890e5}',
    b'"\\ud800"',
]
BROKEN = [b"", b"{", b"[1,]", b"{'a': 1}", b"nul", b"\xff", b"1 2"]


@pytest.fixture(params=["orjson", "json"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "json":
        monkeypatch.setattr(_json, "orjson", None)
    name: str = request.param
    return name


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Any:
    def read(content: bytes) -> tuple[Any, Any]:
        sooner = _json.loads(content)
        with monkeypatch.context() as context:
            context.setattr(_json, "orjson", None)
            return sooner, _json.loads(content)

    return read


@pytest.mark.parametrize("content", DOCUMENTS)
def test_both_read_the_same(both: Any, content: bytes) -> None:
    sooner, later = both(content)
    assert sooner == later
    assert repr(sooner) == repr(later)


def test_both_take_what_is_almost_json(both: Any) -> None:
    sooner, later = both(b"[NaN]")
    assert math.isnan(sooner[0])
    assert math.isnan(later[0])


@pytest.mark.parametrize("content", BROKEN)
def test_both_refuse_what_is_no_json(library: str, content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever the library says, it is one
        _json.loads(content)

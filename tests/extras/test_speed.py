"""The extra `speed`: what orjson reads is what the standard library reads."""

from __future__ import annotations

import json
import math
import subprocess
import sys
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
    # Long numbers at each distance from the start, after text that looks like them.
    *(b'{"%b": "%b", "n": [-%b]}' % (b"n" * more, b"1" * 21, b"9" * 19) for more in range(1, 7)),
    *(b'{"%b": %b}' % (b"n" * more, b"9" * 20) for more in range(1, 7)),
    *(b" " * more + b"9" * 20 for more in range(7)),
]
BROKEN = [b"", b"{", b"[1,]", b"{'a': 1}", b"nul", b"\xff", b"1 2"]


@pytest.fixture(params=["orjson", "json"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(_json, "MUCH", 0)
    if request.param == "json":
        monkeypatch.setattr(_json, "faster", lambda: None)
    name: str = request.param
    return name


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(_json, "MUCH", 0)

    def read(content: bytes) -> tuple[Any, Any]:
        sooner = _json.loads(content)
        with monkeypatch.context() as context:
            context.setattr(_json, "faster", lambda: None)
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


def test_long_digits_in_text_are_left_to_orjson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_json, "MUCH", 0)
    monkeypatch.setattr(json, "loads", lambda _: pytest.fail("orjson did not read it"))
    assert _json.loads(b'[{"provider_user_id": "104978908234780123456"}, "%b"]' % (b"1" * 999))


def test_orjson_is_imported_when_it_pays_off() -> None:
    program = """
import sys
from clerk import _json
_json.loads(b"[%s 1]" % (b" " * (_json.MUCH - 10)))
assert "orjson" not in sys.modules
_json.loads(b'"%s"' % (b"1" * 10))
assert "orjson" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)

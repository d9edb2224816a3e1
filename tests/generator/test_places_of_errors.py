from __future__ import annotations

import pytest

from generator._errors import BuildError, naming


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("nothing there", "get: nothing there"),
        ("a target can't be set", "get: a target can't be set"),
        ("things.get: nothing there", "get: things.get: nothing there"),
        ("target: nothing there", "get: target: nothing there"),
        ("get: nothing there", "get: nothing there"),
        ("get.id: nothing there", "get.id: nothing there"),
        ("things: get has no id", "things: get has no id"),
        ("get", "get"),
    ],
)
def test_an_error_gets_its_place_unless_it_names_it_as_a_whole(message: str, expected: str) -> None:
    with pytest.raises(BuildError) as raised, naming("get"):
        raise BuildError(message)
    assert str(raised.value) == expected


def test_a_place_is_no_pattern() -> None:
    with pytest.raises(BuildError) as raised, naming("a.b"):
        raise BuildError("a_b: wrong")
    assert str(raised.value) == "a.b: a_b: wrong"

"""What models compute from their properties, as the overlay says, whatever an answer leaves out."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import pytest

from clerk import UNSET, events, models
from tests.faults.bodies import user
from tests.operations.document import DOCUMENT, JSONDict

SHORTCUTS: dict[str, JSONDict] = {
    name: schema["x-clerk-shortcuts"]
    for name, schema in DOCUMENT["components"]["schemas"].items()
    if "x-clerk-shortcuts" in schema
}
FOUND = [
    (name, shortcut, facts) for name, group in SHORTCUTS.items() for shortcut, facts in group.items() if "by" in facts
]


def test_there_are_some() -> None:
    assert set(SHORTCUTS) == {"User"}
    assert len(FOUND) == 3


@pytest.mark.parametrize(("name", "shortcut", "facts"), FOUND, ids=[shortcut for _, shortcut, _ in FOUND])
@pytest.mark.parametrize("module", [models, events], ids=["models", "events"])
def test_what_an_id_stands_for(module: Any, name: str, shortcut: str, facts: JSONDict) -> None:
    model = getattr(module, name)
    array, by = facts["found_in"], facts["by"]
    first, second = {"id": "first", "more": 1}, {"id": "second"}

    found = model.from_dict(user(**{array: [first, second], by: "second"}))
    assert getattr(found, shortcut) is getattr(found, array)[1]
    assert shortcut not in found.to_dict()
    changes: list[JSONDict] = [
        *({by: identity} for identity in (None, "third", 5)),
        *({array: items} for items in ([], None, "text", [5, None])),
    ]
    for broken in changes:
        assert getattr(model.from_dict(user(**{array: [first, second], by: "second", **broken})), shortcut) is None
    assert getattr(model.from_dict({}), shortcut) is None


@pytest.mark.parametrize(
    ("first", "last", "full"),
    [
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("Ada", None, "Ada"),
        (None, "Lovelace", "Lovelace"),
        (" Ada ", "", "Ada"),
        ("", "", None),
        (" ", None, None),
        (None, None, None),
        (UNSET, "Lovelace", "Lovelace"),
        (UNSET, UNSET, None),
        (5, "Lovelace", "Lovelace"),
    ],
)
def test_names(first: Any, last: Any, full: str | None) -> None:
    given = {name: value for name, value in (("first_name", first), ("last_name", last)) if value is not UNSET}
    data = {name: value for name, value in user().items() if name not in ("first_name", "last_name")}

    assert models.User.from_dict({**data, **given}).full_name == full


def test_they_are_computed_and_not_kept() -> None:
    ada = models.User.from_dict(user(first_name="Ada", last_name=None))
    for twin in (copy.copy(ada), pickle.loads(pickle.dumps(ada)), attrs.evolve(ada)):
        assert twin.full_name == "Ada"
        twin.last_name = "Byron"
        assert twin.full_name == "Ada Byron"
    assert not {"full_name", "primary_email_address"} & {field.name for field in attrs.fields(models.User)}
    with pytest.raises(AttributeError):
        ada.full_name = "Grace"  # type: ignore[misc]  # that is the point

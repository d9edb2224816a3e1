"""What a newcomer pastes first works on an empty instance and once more, and leaves everybody else alone."""

from __future__ import annotations

import pytest

from clerk.testing import LocalClerk
from tests.docs.blocks import blocks_in


@pytest.mark.parametrize("people", [0, 3])
@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/quickstart.md"])
def test_first_contact_leaves_everything_as_it_was(page: str, people: int) -> None:
    codes = [block.text for block in blocks_in(page, "python") if not block.title]
    assert codes
    with LocalClerk() as local, local.as_default(), local.client() as client:
        local.seed_users(people)
        before = client.users.get_user_list().data
        for _ in range(2):
            namespace: dict[str, object] = {"__name__": "__main__"}
            for code in codes:
                exec(compile(code, page, "exec", dont_inherit=True), namespace)
            assert client.users.get_user_list().data == before

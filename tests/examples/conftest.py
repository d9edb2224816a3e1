"""What the tests of the examples share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clerk.testing import LocalClerk


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalClerk]:
    """A local Clerk on a socket, to which the environment leads."""
    with LocalClerk() as local, local.serve() as url:
        monkeypatch.setenv("CLERK_API_URL", url)
        monkeypatch.setenv("CLERK_SECRET_KEY", local.secret_key)
        yield local

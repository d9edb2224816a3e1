"""A story told with Clerk's SDK for Python: what a backend does in its life.

It needs CLERK_API_URL, CLERK_SECRET_KEY and OAUTH_ACCESS_TOKEN: a service with one user, whom the token is of.
"""

from __future__ import annotations

import os

from tests.peers.official_python import access, instance, machines, organizations, rest, sessions, users
from tests.peers.official_python.steps import sdk


def main() -> None:
    """Tell the story."""
    url, key = f"{os.environ['CLERK_API_URL']}/v1", os.environ["CLERK_SECRET_KEY"]
    # Without a word on retries it would try again for an hour.
    with sdk.Clerk(server_url=url, bearer_auth=key, retry_config=None, timeout_ms=30_000) as clerk:
        for chapter in (users, organizations, sessions, access, machines, instance, rest):
            chapter.tell(clerk)


if __name__ == "__main__":
    main()

"""Runs one of the applications on a Clerk of its own: `python -m examples.members_on_local_clerk fastapi_members`.

It prints a command to try it with, as an admin of an organization with three members.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import suppress

from clerk.testing import SECRET_KEY, SIGNING_SECRET, LocalClerk
from examples.on_local_clerk import ROOT

DAY = 86_400  # seconds


def run(application: str, port: int) -> None:
    """Run an application on a local Clerk with an organization, until somebody presses Ctrl-C.

    Args:
        application: Its module in this folder.
        port: The port that it listens on.
    """
    with LocalClerk() as local, local.serve() as url, local.client() as client:
        admin, *others = local.seed_users(3)
        organization = client.organizations.create_organization(name="Engines", created_by=admin)
        for user_id in others:
            client.organizations.create_organization_membership(organization.id, user_id=user_id, role="org:member")
        token = local.session_token(admin, organization=organization, expires_in=DAY)
        print(f"curl -H 'Authorization: Bearer {token}' http://127.0.0.1:{port}/members", flush=True)
        here = {
            "CLERK_API_URL": url,
            "CLERK_SECRET_KEY": SECRET_KEY,
            "CLERK_WEBHOOK_SIGNING_SECRET": SIGNING_SECRET,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", f"examples.{application}", "--port", str(port)]
        with suppress(KeyboardInterrupt):
            subprocess.run(command, env={**os.environ, **here}, check=False)


def main() -> None:
    """Run the application that the command line names."""
    parser = argparse.ArgumentParser(
        description="Run one of the applications on a Clerk of its own, with an organization."
    )
    parser.add_argument("application", help="its module in examples/, such as fastapi_members")
    parser.add_argument("--port", type=int, default=8000, help="the port (default: %(default)s)")
    given = parser.parse_args()
    run(given.application, given.port)


if __name__ == "__main__":
    main()

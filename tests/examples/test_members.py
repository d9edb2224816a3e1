"""The applications that show the members of an organization, each a program of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from clerk import ClerkClient
from clerk.testing import SIGNING_SECRET, LocalClerk
from tests.support.programs import killed_at_the_end, press_ctrl_c, wait_until_it_answers

ROOT = Path(__file__).parents[2]
SECONDS = 60  # more than any machine takes
APPLICATIONS = ("fastapi_members", "django_members")

pytestmark = pytest.mark.xdist_group("servers")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(*module: str, port: int, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", *module, "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, start_new_session=True
    )
    with killed_at_the_end(process):
        try:
            yield process
        finally:
            press_ctrl_c(process, group=True)


class World(NamedTuple):
    name: str
    url: str
    browser: httpx.Client
    local: LocalClerk
    client: ClerkClient
    admin: str
    member: str
    organization_id: str

    def headers(self, user_id: str, *, organization: bool = True) -> dict[str, str]:
        chosen = self.organization_id if organization else None
        return {"Authorization": f"Bearer {self.local.session_token(user_id, organization=chosen)}"}

    def members(self) -> list[str]:
        answer = self.browser.get("/members", headers=self.headers(self.admin))
        return sorted(member["email_address"] for member in answer.json())


@pytest.fixture(scope="module", params=APPLICATIONS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    port = free_port()
    with LocalClerk() as local, local.serve() as url, local.client() as client:
        admin, member = local.seed_users(2)
        organization = client.organizations.create_organization(name="Engines", created_by=admin)
        client.organizations.create_organization_membership(organization.id, user_id=member, role="org:member")
        environment = {
            "CLERK_API_URL": url,
            "CLERK_SECRET_KEY": local.secret_key,
            "CLERK_WEBHOOK_SIGNING_SECRET": SIGNING_SECRET,
            "DATABASE": str(tmp_path_factory.mktemp("database") / "users.sqlite3"),
        }
        here = f"http://127.0.0.1:{port}"
        with (
            running(f"examples.{request.param}", port=port, **environment),
            httpx.Client(base_url=here, timeout=SECONDS, trust_env=False) as browser,
        ):
            wait_until_it_answers(browser)
            yield World(request.param, here, browser, local, client, admin, member, organization.id)


def test_members_see_each_other(world: World) -> None:
    assert {"user1@example.com", "user2@example.com"} <= set(world.members())
    assert world.browser.get("/members").status_code == 401
    answer = world.browser.get("/members", headers=world.headers(world.member, organization=False))
    assert (answer.status_code, answer.json()) == (409, {"detail": "Choose an organization first."})


def test_admins_invite_others(world: World) -> None:
    def invite(user_id: str) -> httpx.Response:
        headers = world.headers(user_id)
        return world.browser.post("/invitations", json={"email_address": "ada@example.com"}, headers=headers)

    assert invite(world.member).status_code == 403
    assert invite(world.admin).status_code == 201
    invitations = world.client.organizations.get_organization_invitation_list(world.organization_id)
    assert [invitation.email_address for invitation in invitations] == ["ada@example.com"]
    assert invite(world.admin).status_code == 422  # invited already
    assert world.browser.post("/invitations", content=b"[]", headers=world.headers(world.admin)).status_code == 422


def test_who_comes_is_told_by_webhook(world: World) -> None:
    before = world.members()
    happened = len(world.local.events)
    user = world.client.users.create_user(email_address=["grace@example.com"], skip_password_requirement=True)
    world.client.organizations.create_organization_membership(world.organization_id, user_id=user.id, role="org:member")
    world.local.deliver_to(f"{world.url}/webhooks", events=world.local.events[happened:])
    assert world.members() == sorted([*before, "grace@example.com"])
    if world.name == "django_members":
        mine = world.browser.get("/me", headers=world.headers(user.id)).json()
        assert mine == {"user_id": user.id, "email_address": "grace@example.com"}


def test_strangers_send_no_webhooks(world: World) -> None:
    assert world.browser.post("/webhooks", json={"type": "user.deleted"}).status_code == 400


@pytest.mark.parametrize("application", APPLICATIONS)
def test_an_application_starts_on_a_local_clerk(application: str, tmp_path: Path) -> None:
    port = free_port()
    launcher = ("examples.members_on_local_clerk", application)
    with running(*launcher, port=port, DATABASE=str(tmp_path / "users.sqlite3")) as process:
        assert process.stdout is not None
        ((token, url),) = re.findall(r"Bearer (\S+)' (\S+)", process.stdout.readline())
        assert url == f"http://127.0.0.1:{port}/members"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS, trust_env=False) as browser:
            wait_until_it_answers(browser)
            answer = browser.get("/members", headers={"Authorization": f"Bearer {token}"})
    assert len(answer.json()) == 3

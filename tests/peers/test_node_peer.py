"""Clerk's own client for Node.js, `@clerk/backend`, through a story against the local service."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from .stories import ROOT, Refusal, Story, do_without, run

pytestmark = pytest.mark.xdist_group("client for Node.js")

HOME = ROOT / "tests/peers/node"

# What the story does wrong on purpose.
MISTAKES = {
    "users.createUser, an address that is taken": Refusal(422, "form_identifier_exists", "email_address"),
    "users.createUser, a parameter that does not exist": Refusal(422, "form_param_unknown", "favourite_colour"),
    "users.getUser, unknown": Refusal(404, "resource_not_found"),
    "users.verifyPassword, a wrong one": Refusal(422, "incorrect_password", "password"),
    "users.verifyPassword, of a user without one": Refusal(400, "no_password_set"),
    "users.verifyTOTP, a wrong code": Refusal(422, "form_code_incorrect", "code"),
    "users.deleteUser, for the second time": Refusal(404, "resource_not_found"),
    "users.getCount, with a wrong key": Refusal(401, "clerk_key_invalid"),
    "emailAddresses.createEmailAddress, malformed": Refusal(422, "form_param_format_invalid", "email_address"),
    "emailAddresses.getEmailAddress, one that was replaced": Refusal(404, "resource_not_found"),
    "organizations.createOrganization, for an unknown user": Refusal(400, "organization_creator_not_found"),
    "organizations.createOrganizationMembership, of a member": Refusal(400, "already_a_member_in_organization"),
    "organizations.createOrganizationMembership, an unknown role": Refusal(422, "form_param_value_invalid", "role"),
    "organizations.deleteOrganizationMembership, of the last one who may manage": Refusal(
        400, "organization_minimum_permissions_needed"
    ),
    "organizations.createOrganizationInvitation, once more": Refusal(400, "organization_invitation_not_unique"),
    "organizations.createOrganizationInvitation, of a member": Refusal(400, "already_a_member_in_organization"),
    "organizations.revokeOrganizationInvitation, once more": Refusal(404, "organization_invitation_not_pending"),
    "organizations.getOrganization, one that was deleted": Refusal(404, "resource_not_found"),
    "sessions.getToken, of a session that was revoked": Refusal(401, "authentication_invalid"),
    "invitations.createInvitation, once more": Refusal(400, "duplicate_record"),
    "invitations.revokeInvitation, once more": Refusal(400, "invitation_already_revoked"),
    "allowlistIdentifiers.createAllowlistIdentifier, once more": Refusal(400, "duplicate_record"),
    "machines.createScope, once more": Refusal(409, "resource_conflict"),
    "m2m.verify, one that was revoked": Refusal(404, "resource_not_found"),
    "apiKeys.verify, one that was revoked": Refusal(404, "resource_not_found"),
    "redirectUrls.getRedirectUrl, one that was deleted": Refusal(404, "resource_not_found"),
    "emails.create, to an unknown user": Refusal(404, "resource_not_found"),
    "emails.get, unknown": Refusal(404, "resource_not_found"),
    "invitations.deleteInvitation, once more": Refusal(404, "resource_not_found"),
}


def program() -> str:
    """Return the path of Node.js, if the client is there to be run."""
    node = shutil.which("node")
    if node is None:
        do_without("there is no Node.js: apt-get install nodejs npm")
    if not (HOME / "node_modules/@clerk/backend").is_dir():
        if shutil.which("npm") is None:
            do_without("there is no npm: apt-get install npm")
        do_without("@clerk/backend is not installed: run `make env`")
    return node


@pytest.fixture(scope="module")
def story() -> Story:
    return run([program(), HOME / "story.mjs"])


def test_every_step_holds(story: Story) -> None:
    assert {name: wrong for name, wrong in story.steps.items() if wrong} == {}


def test_it_goes_a_long_way(story: Story) -> None:
    assert len(story.steps) >= 200
    assert len(story.operations) >= 150


def test_nothing_is_refused_but_mistakes(story: Story) -> None:
    assert story.refusals == MISTAKES
    assert [request.status for request in story.refused] == [refusal.status for refusal in story.refusals.values()]


def test_what_readme_claims_is_so() -> None:
    done = subprocess.run(
        [program(), HOME / "claims.mjs"], cwd=HOME, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    claims = json.loads(done.stdout)
    assert len(claims) >= 10
    assert {name: outcome for name, outcome in claims.items() if outcome is not True} == {}


def test_what_is_installed_can_be_had_from_any_registry() -> None:
    assert "://registry" not in (HOME / "package-lock.json").read_text()
    assert '"resolved"' not in (HOME / "package-lock.json").read_text()

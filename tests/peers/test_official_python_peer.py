"""Clerk's own SDK for Python, `clerk-backend-api`, through a story against the local service."""

from __future__ import annotations

import json

import pytest

from .stories import ROOT, Refusal, Story, do_without, run

pytestmark = pytest.mark.xdist_group("official SDK for Python")

# What the story does wrong on purpose.
MISTAKES = {
    "users.create, an address that is taken": Refusal(422, "form_identifier_exists", "email_address"),
    "users.create, a password that is too short": Refusal(422, "form_password_length_too_short", "password"),
    "users.get, unknown": Refusal(404, "resource_not_found"),
    "users.get, one that was deleted": Refusal(404, "resource_not_found"),
    "users.count, with a wrong key": Refusal(401, "clerk_key_invalid"),
    "users.verify_password, a wrong one": Refusal(422, "incorrect_password", "password"),
    "users.verify_password, of a user without one": Refusal(400, "no_password_set"),
    "users.verify_totp, a backup code that was used": Refusal(422, "form_code_incorrect", "code"),
    "email_addresses.create, malformed": Refusal(422, "form_param_format_invalid", "email_address"),
    "organizations.create, for an unknown user": Refusal(400, "organization_creator_not_found"),
    "organizations.get, one that was deleted": Refusal(404, "resource_not_found"),
    "organization_memberships.create, of a member": Refusal(400, "already_a_member_in_organization"),
    "organization_memberships.delete, of the last one who may manage": Refusal(
        400, "organization_minimum_permissions_needed"
    ),
    "organization_invitations.create, once more": Refusal(400, "organization_invitation_not_unique"),
    "organization_invitations.revoke, once more": Refusal(404, "organization_invitation_not_pending"),
    "sessions.create_token, of a session that was revoked": Refusal(401, "authentication_invalid"),
    "sign_in_tokens.revoke, once more": Refusal(400, "sign_in_token_cannot_be_revoked_code"),
    "invitations.create, once more": Refusal(400, "duplicate_record"),
    "invitations.revoke, once more": Refusal(400, "invitation_already_revoked"),
    "allowlist_identifiers.create, once more": Refusal(400, "duplicate_record"),
    "machines.create_scope, once more": Refusal(409, "resource_conflict"),
    "m2m.verify_token, one that was revoked": Refusal(404, "resource_not_found"),
    "api_keys.verify_api_key, one that was revoked": Refusal(404, "resource_not_found"),
    "redirect_urls.get, one that was deleted": Refusal(404, "resource_not_found"),
}
# What the SDK sends and the document forbids.
FORBIDDEN = {
    # It sends a token of a machine as `secret`, where the document has `token`, and does not tell the answer.
    "security.verify_token, a token of a machine": Refusal(None, "token-invalid"),
}
# What the service answers by the document, and the SDK does not put up with.
DISAGREEMENTS = {
    # It expects 201.
    "api_keys.create_api_key": Refusal(200, None),
}
# The statuses that the SDK does not tell.
UNTOLD = {"security.verify_token, a token of a machine": 400}


@pytest.fixture(scope="module")
def story() -> Story:
    environment = ROOT / ".peers/official_python"
    if not (environment / "stamp").exists():
        do_without("clerk-backend-api is not installed: run `make env`")
    return run([environment / "bin/python", "-m", "tests.peers.official_python.story"])


def test_every_step_holds(story: Story) -> None:
    assert {name: wrong for name, wrong in story.steps.items() if wrong} == {}


def test_it_goes_a_long_way(story: Story) -> None:
    assert len(story.steps) >= 200
    assert len(story.operations) >= 170


def test_nothing_is_refused_but_mistakes_and_what_the_document_forbids(story: Story) -> None:
    assert story.refusals == MISTAKES | FORBIDDEN | DISAGREEMENTS
    told = [UNTOLD.get(name, refusal.status) for name, refusal in story.refusals.items() if name not in DISAGREEMENTS]
    assert [request.status for request in story.refused] == told


def test_the_defaults_that_the_sdk_adds_are_taken(story: Story) -> None:
    listed = next(request for request in story.received if (request.method, request.path) == ("GET", "/v1/users"))
    assert listed.query == {"limit": ["10"], "offset": ["0"], "order_by": ["-created_at"]}
    invited = next(request for request in story.received if request.path.endswith("/invitations"))
    assert invited.status == 200
    assert "notify" in json.loads(invited.body)


def test_the_sdk_has_no_place_for_the_claims_of_a_template(story: Story) -> None:
    made = next(request for request in story.received if request.path == "/v1/jwt_templates")
    assert json.loads(made.body) == {"name": "for_the_database", "claims": {}}

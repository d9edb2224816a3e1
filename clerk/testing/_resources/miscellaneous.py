"""Agent tasks, links to the admin portal, proxy checks and webhooks."""

from __future__ import annotations

import secrets

from .._answers import JSON, not_found, refusal
from .._handling import checks as checks
from .._handling.request import CheckedRequest, answers
from .._handling.stored import shaped
from .._store.ids import hexadecimal, ksuid, secret
from .._store.tables import Record
from .users.records import find_user

_LINK_SECONDS = 3600


@answers("CreateAgentTask", kind="stored")
def create_agent_task(request: CheckedRequest) -> JSON:
    """POST /agents/tasks."""
    state, owner = request.state, request.body["on_behalf_of"]
    if owner.get("user_id") is not None:
        find_user(state, owner["user_id"])
    elif not owner.get("identifier"):
        raise refusal(
            "form_param_missing",
            "This call needs user_id or identifier in on_behalf_of.",
            parameter="on_behalf_of.user_id",
        )
    elif not state.email_addresses.find("email_address", owner["identifier"].lower()):
        raise refusal("resource_not_found", f"There is no user with the identifier {owner['identifier']!r}.")
    task = {"id": state.new_id("agt"), "agent_id": state.new_id("agent")}
    state.stored("agent task").add(task)
    url = f"{request.api_url}/v1/tickets/accept?ticket={secret('ticket_')}"
    return shaped(request.operation, {**_show_task(task), "url": url})


@answers("RevokeAgentTask", kind="stored")
def revoke_agent_task(request: CheckedRequest) -> JSON:
    """POST /agents/tasks/{agent_task_id}/revoke."""
    task = request.state.stored("agent task").get(request.path["agent_task_id"])
    if task is None:
        raise not_found("agent task", request.path["agent_task_id"])
    if task.get("_revoked"):
        raise refusal("bad_request", "The task was already revoked.")
    request.state.stored("agent task").change(task["id"], _revoked=True)
    return shaped(request.operation, _show_task(task))


@answers("createAdminPortalLinkToken", kind="stored")
def create_link_token(request: CheckedRequest) -> JSON:
    """POST /admin_portal_link_tokens."""
    state, body = request.state, request.body
    organization = body.get("organization_id")
    if organization is not None and organization not in state.organizations:
        raise checks.invalid("organization_id", f"There is no organization with the id {organization!r}.")
    seconds = body.get("seconds_until_expiration", _LINK_SECONDS)
    token = state.stamped(
        "aplt",
        object="admin_portal_link_token",
        admin_portal_link_id=f"apl_{ksuid(state.now())}",
        instance_id=state.instance_id,
        organization_id=organization,
        it_contact_id=body.get("it_contact_id"),
        scopes=body.get("scopes"),
        revoked=False,
        revocation_reason=None,
        expiration=checks.expiration(state.now(), seconds),
    )
    token["id"] = hexadecimal("aplt")
    state.stored("link token").add(token)
    return {**_show_link(request, token), "token": secret("aplt_")}


@answers("revokeAdminPortalLinkToken", kind="stored")
def revoke_link_token(request: CheckedRequest) -> JSON:
    """POST /admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke."""
    table, identifier = request.state.stored("link token"), request.path["adminPortalLinkTokenID"]
    token = table.get(identifier)
    if token is None:
        raise not_found("admin portal link token", identifier)
    reason = request.body.get("revocation_reason")
    return _show_link(request, request.state.change(table, token, revoked=True, revocation_reason=reason))


@answers("VerifyDomainProxy", kind="stored")
def check_proxy(request: CheckedRequest) -> JSON:
    """POST /proxy_checks: it always succeeds."""
    now = request.state.now()
    fields = request.state.stamped("prxchk", **request.body, successful=True, last_run_at=now)
    return shaped(request.operation, request.state.stored("proxy check").add(fields))


@answers("CreateSvixApp", "GenerateSvixAuthURL", "DeleteSvixApp", kind="stored")
def webhooks(request: CheckedRequest) -> JSON:
    """POST and DELETE /webhooks/svix, and POST /webhooks/svix_url."""
    table = request.state.stored("Svix app")
    if request.operation.id == "CreateSvixApp":
        if "app" in table:
            raise refusal("bad_request", "The instance already has a Svix app.")
        table.add({"id": "app"})
    elif "app" not in table:
        raise refusal("bad_request", "The instance has no Svix app: create one first.")
    if request.operation.id == "DeleteSvixApp":
        table.remove("app")
        return None
    return {"svix_url": f"https://app.svix.com/login#key={secrets.token_hex(16)}"}


def _show_task(task: Record) -> Record:
    return {"agent_task_id": task["id"], "task_id": task["id"], "agent_id": task["agent_id"]}


def _show_link(request: CheckedRequest, token: Record) -> JSON:
    shown = {name: value for name, value in token.items() if name[0] != "_"}
    return {**shown, "expired": token["expiration"] <= request.state.now()}

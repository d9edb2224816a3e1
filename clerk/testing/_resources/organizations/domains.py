"""Domains of organizations."""

from __future__ import annotations

from ..._answers import JSON, not_found
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from .organizations import find_organization, organization_of, public_organization_data


@answers("CreateOrganizationDomain")
def create_domain(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/domains."""
    state, body, organization = request.state, request.body, organization_of(request)
    name = checks.domain(body.get("name", ""))
    if any(domain["organization_id"] == organization["id"] for domain in state.organization_domains.find("name", name)):
        raise checks.taken("name")
    domain = state.stamped(
        "orgdmn",
        object="organization_domain",
        organization_id=organization["id"],
        name=name,
        enrollment_mode=body.get("enrollment_mode", "manual_invitation"),
        affiliation_email_address=None,
        affiliation_verification=None,
        ownership_verification=None,
        verification=_verification(state, verified=body.get("verified") or False),
        total_pending_invitations=0,
        total_pending_suggestions=0,
    )
    return show_domain(state, state.organization_domains.add(domain))


@answers("ListOrganizationDomains")
def list_domains(request: CheckedRequest) -> JSON:
    """GET /organizations/{organization_id}/domains."""
    organization = organization_of(request)
    domains = request.state.organization_domains.find("organization_id", organization["id"])[::-1]
    return page(request, _fitting(request, domains), lambda domain: show_domain(request.state, domain))


@answers("ListAllOrganizationDomains")
def list_all_domains(request: CheckedRequest) -> JSON:
    """GET /organization_domains."""
    domains = sort(request, _fitting(request, list(request.state.organization_domains)), ("name", "created_at"))
    return page(request, domains, lambda domain: show_domain(request.state, domain))


@answers("UpdateOrganizationDomain")
def update_domain(request: CheckedRequest) -> JSON:
    """PATCH /organizations/{organization_id}/domains/{domain_id}."""
    state, body, domain = request.state, request.body, _domain(request)
    changes: Record = {}
    if body.get("enrollment_mode") is not None:
        changes["enrollment_mode"] = body["enrollment_mode"]
    if body.get("verified") is not None:
        changes["verification"] = _verification(state, verified=body["verified"])
    return show_domain(state, state.change(state.organization_domains, domain, **changes))


@answers("DeleteOrganizationDomain")
def delete_domain(request: CheckedRequest) -> JSON:
    """DELETE /organizations/{organization_id}/domains/{domain_id}."""
    domain = request.state.organization_domains.remove(_domain(request)["id"])
    return {"object": "organization_domain", "id": domain["id"], "deleted": True}


@answers("VerifyOrganizationDomainOwnership")
def verify_ownership(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership: it always succeeds."""
    state, domain = request.state, _domain(request)
    verification = {**_verification(state, verified=True), "strategy": "txt"}
    return show_domain(state, state.change(state.organization_domains, domain, ownership_verification=verification))


def _fitting(request: CheckedRequest, domains: list[Record]) -> list[Record]:
    query = request.query
    modes = query.get("enrollment_mode") or []
    modes = [modes] if isinstance(modes, str) else modes
    included = {mode for mode in modes if not mode.startswith("-")}
    excluded = {mode[1:] for mode in modes if mode.startswith("-")}
    return [
        domain
        for domain in domains
        if query.get("verified") in (None, domain["verification"]["status"] == "verified")
        and query.get("organization_id") in (None, domain["organization_id"])
        and (not included or domain["enrollment_mode"] in included)
        and domain["enrollment_mode"] not in excluded
        and ("domains" not in query or domain["name"] in query["domains"])
        and matches(query.get("query"), domain, "name")
    ]


def _domain(request: CheckedRequest) -> Record:
    organization = organization_of(request)
    domain = request.state.organization_domains.get(request.path["domain_id"])
    if domain is None or domain["organization_id"] != organization["id"]:
        raise not_found("domain of the organization", request.path["domain_id"])
    return domain


def _verification(state: State, *, verified: bool) -> Record:
    return {
        "status": "verified" if verified else "unverified",
        "strategy": "admin" if verified else "affiliation_email_code",
        "attempts": None,
        "expire_at": None,
        "verified_at": state.now() if verified else None,
    }


def show_domain(state: State, domain: Record) -> JSON:
    """Return a domain of an organization as the API shows it."""
    organization = find_organization(state, domain["organization_id"])
    shown = {name: value for name, value in domain.items() if name[0] != "_"}
    return {**shown, "public_organization_data": public_organization_data(state, organization)}

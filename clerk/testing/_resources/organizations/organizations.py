"""Organizations: created, read, changed, and deleted with everything that belongs to them."""

from __future__ import annotations

import re
import time

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, order_of, page
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.state import CREATOR_PERMISSIONS, State
from ..._store.tables import Record
from ..users.records import image_url
from ..users.users import changed_metadata, check_picture

_METADATA = ("public_metadata", "private_metadata")


@answers("CreateOrganization")
def create_organization(request: CheckedRequest) -> JSON:
    """POST /organizations."""
    state, body = request.state, request.body
    _check_enabled(state)
    _check_name(body["name"])
    settings = state.settings
    limit = body.get("max_allowed_memberships")
    organization = state.stamped(
        "org",
        object="organization",
        name=body["name"],
        slug=_slug(request, None) or _slug_from(state, body["name"]),
        public_metadata={},
        private_metadata={},
        max_allowed_memberships=settings["max_allowed_memberships"] if limit is None else limit,
        admin_delete_enabled=settings["admin_delete_enabled"],
        role_set_key=_role_set_key(request) or settings["initial_role_set_key"],
    )
    organization |= checks.metadata(request, *_METADATA)
    organization["created_at"] = checks.moment(body.get("created_at"), "created_at") or organization["created_at"]
    creator_id = body.get("created_by")
    if creator_id is not None:
        creator = _creator(state, creator_id)
        organization["created_by"] = creator["id"]
    state.organizations.add(organization)
    if creator_id is not None:
        add_member(state, organization, creator_id, settings["creator_role"])
    return show_organization(state, organization)


@answers("ListOrganizations")
def list_organizations(request: CheckedRequest) -> JSON:
    """GET /organizations."""
    state, query = request.state, request.query
    field, descending = order_of(request, ("name", "created_at", "members_count"))
    if field == "members_count":
        in_order = sorted(
            state.organizations,
            key=lambda one: (state.memberships.count("organization_id", one["id"]), one["_sequence"]),
            reverse=descending,
        )
    else:
        in_order = list(state.organizations.ordered(field, descending=descending))
    fitting = [
        one
        for one in in_order
        if matches(query.get("query"), one, "name", "slug")
        and _signed_fit(query.get("organization_id"), {one["id"]})
        and _signed_fit(query.get("user_id"), _member_ids(state, one) if query.get("user_id") else set())
    ]
    return page(request, fitting, lambda one: _show_as_asked(request, one))


@answers("GetOrganization")
def get_organization(request: CheckedRequest) -> JSON:
    """GET /organizations/{organization_id}: by id or slug."""
    identifier = request.path["organization_id"]
    by_slug = request.state.organizations.find("slug", identifier)
    return _show_as_asked(request, by_slug[0] if by_slug else find_organization(request.state, identifier))


@answers("UpdateOrganization")
def update_organization(request: CheckedRequest) -> JSON:
    """PATCH /organizations/{organization_id}."""
    state, body, organization = request.state, request.body, organization_of(request)
    changes: Record = {}
    for name in ("name", "max_allowed_memberships", "admin_delete_enabled"):
        if body.get(name) is not None:
            changes[name] = body[name]
    if "name" in changes:
        _check_name(changes["name"])
    if (slug := _slug(request, organization)) is not None:
        changes["slug"] = slug
    if body.get("created_at") is not None:
        changes["created_at"] = checks.moment(body["created_at"], "created_at")
    if (role_set_key := _role_set_key(request)) is not None:
        changes["role_set_key"] = role_set_key
    state.change(state.organizations, organization, **changes)
    return show_organization(state, organization)


@answers("DeleteOrganization")
def delete_organization(request: CheckedRequest) -> JSON:
    """DELETE /organizations/{organization_id}."""
    state, organization = request.state, organization_of(request)
    identifier = organization["id"]
    for table in (state.memberships, state.organization_invitations, state.organization_domains):
        for record in table.find("organization_id", identifier):
            table.remove(record["id"])
    for session in state.sessions:
        if session["last_active_organization_id"] == identifier:
            state.change(state.sessions, session, last_active_organization_id=None)
    for key in state.api_keys.find("subject", identifier):
        state.api_keys.remove(key["id"])
    state.organizations.remove(identifier)
    return {"object": "organization", "id": identifier, "slug": organization["slug"], "deleted": True}


@answers("MergeOrganizationMetadata", "ReplaceOrganizationMetadata")
def change_metadata(request: CheckedRequest) -> JSON:
    """PATCH and PUT /organizations/{organization_id}/metadata."""
    organization = organization_of(request)
    changes = changed_metadata(request, organization, *_METADATA)
    request.state.change(request.state.organizations, organization, **changes)
    return show_organization(request.state, organization)


@answers("UploadOrganizationLogo", "DeleteOrganizationLogo")
def change_logo(request: CheckedRequest) -> JSON:
    """PUT and DELETE /organizations/{organization_id}/logo."""
    state, organization = request.state, organization_of(request)
    logo = None
    if request.operation.method == "PUT":
        check_picture(request)
        logo = secret("img_", 27)
    state.change(state.organizations, organization, _logo=logo)
    return show_organization(state, organization)


def organization_of(request: CheckedRequest) -> Record:
    """Return the organization of a request.

    Raises:
        RefusalError: It does not exist.
    """
    return find_organization(request.state, request.path["organization_id"])


def find_organization(state: State, identifier: str) -> Record:
    """Return an organization.

    Raises:
        RefusalError: It does not exist.
    """
    organization = state.organizations.get(identifier)
    if organization is None:
        raise not_found("organization", identifier)
    return organization


def show_organization(state: State, organization: Record) -> JSON:
    """Return an organization as the API shows it."""
    return {
        **{name: value for name, value in organization.items() if name[0] != "_"},
        "image_url": image_url(state, organization["id"], organization.get("_logo")),
        "has_image": organization.get("_logo") is not None,
    }


def public_organization_data(state: State, organization: Record) -> JSON:
    """Return the public fields of an organization."""
    shown = show_organization(state, organization)
    return {name: shown[name] for name in ("id", "name", "slug", "image_url", "has_image")}


def add_member(state: State, organization: Record, user_id: str, role: str, **fields: JSON) -> Record:
    """Make a user a member of an organization."""
    membership = state.stamped(
        "orgmem",
        object="organization_membership",
        role=role,
        organization_id=organization["id"],
        user_id=user_id,
        public_metadata=fields.get("public_metadata") or {},
        private_metadata=fields.get("private_metadata") or {},
        _pair=(organization["id"], user_id),
    )
    return state.memberships.add(membership)


def is_capable(state: State, role_key: str) -> bool:
    """Return whether a role has the permissions that at least one member must have."""
    return any(set(CREATOR_PERMISSIONS) <= set(role["permissions"]) for role in state.roles.find("key", role_key))


def _show_as_asked(request: CheckedRequest, organization: Record) -> JSON:
    shown, state = show_organization(request.state, organization), request.state
    if request.query.get("include_members_count"):
        shown["members_count"] = state.memberships.count("organization_id", organization["id"])
    if request.query.get("include_missing_member_with_elevated_permissions"):
        members = state.memberships.find("organization_id", organization["id"])
        capable = any(is_capable(state, member["role"]) for member in members)
        shown["missing_member_with_elevated_permissions"] = not capable
    return shown


def _check_enabled(state: State) -> None:
    if not state.settings["enabled"]:
        raise refusal("organization_not_enabled_in_instance", "Organizations are disabled in the settings.")


def _check_name(name: str) -> None:
    if not name.strip():
        raise refusal("form_param_nil", "An organization must have a name.", parameter="name")
    if len(name) > 256:
        raise refusal("form_param_max_length_exceeded", "A name may have at most 256 characters.", parameter="name")


def _creator(state: State, user_id: str) -> Record:
    user = state.users.get(user_id)
    if user is None:
        message = f"There is no user with the id {user_id!r}, who is to create the organization."
        raise refusal("organization_creator_not_found", message)
    limit = user.get("create_organizations_limit")
    created = sum(organization.get("created_by") == user_id for organization in state.organizations) if limit else 0
    if limit and created >= limit:
        raise refusal("organization_quota_exceeded", f"The user may create at most {limit} organizations.")
    return user


def _slug(request: CheckedRequest, organization: Record | None) -> str | None:
    text = request.body.get("slug")
    if not text:
        return None
    if request.state.settings["slug_disabled"]:
        raise refusal("organization_slugs_disabled", "Slugs are disabled in the settings.", parameter="slug")
    slug = checks.slug(text)
    if any(other is not organization for other in request.state.organizations.find("slug", slug)):
        raise checks.taken("slug")
    return slug


def _slug_from(state: State, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "organization"
    return f"{slug}-{time.time_ns()}" if state.organizations.find("slug", slug) else slug


def _role_set_key(request: CheckedRequest) -> str | None:
    key: str | None = request.body.get("role_set_key")
    if key is not None and not request.state.role_sets.find("key", key):
        raise checks.invalid("role_set_key", f"There is no role set with the key {key!r}.")
    return key


def _member_ids(state: State, organization: Record) -> set[str]:
    return {member["user_id"] for member in state.memberships.find("organization_id", organization["id"])}


def _signed_fit(values: list[str] | None, ids: set[str]) -> bool:
    included = {value.lstrip("+ ") for value in values or [] if not value.startswith("-")}
    excluded = {value[1:] for value in values or [] if value.startswith("-")}
    return (not included or bool(included & ids)) and not excluded & ids

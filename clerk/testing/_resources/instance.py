"""The settings of the instance, and its domains."""

from __future__ import annotations

from .._answers import JSON, not_found, refusal
from .._handling import checks as checks
from .._handling.request import CheckedRequest, answers
from .._store.state import ISSUER, State
from .._store.tables import Record
from .access.restrictions import shown

_ENROLLMENT_MODES = ("automatic_invitation", "automatic_suggestion", "manual_invitation")
# Operation -> the `object` of its response, and the settings in it.
_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "UpdateInstanceAuthConfig": (
        "instance_settings",
        ("restricted_to_allowlist", "from_email_address", "progressive_sign_up", "enhanced_email_deliverability"),
    ),
    "UpdateInstanceRestrictions": (
        "instance_restrictions",
        (
            "allowlist",
            "blocklist",
            "allowlist_blocklist_disabled_on_sign_in",
            "block_email_subaddresses",
            "ignore_dots_for_gmail_addresses",
            "block_disposable_email_domains",
        ),
    ),
    "InstanceProtect": ("instance_protect", ("checks_bypassed", "rules_enabled", "specter_enabled")),
    "InstanceCommunication": ("instance_communication", ("blocked_country_codes",)),
    "InstanceOAuthApplicationSettings": (
        "oauth_application_settings",
        (
            "default_scopes",
            "dynamic_oauth_client_registration",
            "oauth_jwt_access_tokens",
            "client_id_metadata_documents_advertised",
            "client_id_metadata_documents_only_allow_pre_registered_clients",
            "client_id_metadata_documents_block_implicitly_allowed_clients",
        ),
    ),
    "InstanceOrganizationSettings": (
        "organization_settings",
        (
            "enabled",
            "max_allowed_memberships",
            "max_allowed_roles",
            "max_allowed_permissions",
            "max_allowed_domains",
            "max_role_sets_allowed",
            "admin_delete_enabled",
            "domains_enabled",
            "slug_disabled",
            "domains_enrollment_modes",
            "creator_role",
            "domains_default_role",
            "initial_role_set_key",
        ),
    ),
}


@answers("GetInstance")
def get_instance(request: CheckedRequest) -> JSON:
    """GET /instance."""
    return {
        "object": "instance",
        "id": request.state.instance_id,
        "environment_type": "development",
        "allowed_origins": request.state.settings["allowed_origins"],
        "workspace_id": None,
    }


@answers("UpdateInstance")
def update_instance(request: CheckedRequest) -> JSON:
    """PATCH /instance."""
    request.state.change_settings(**request.body)


@answers("UpdateInstanceAuthConfig")
def update_auth_config(request: CheckedRequest) -> JSON:
    """PATCH /beta_features/instance_settings."""
    _change(request, request.body)
    return {**_group(request, "UpdateInstanceAuthConfig"), "id": request.state.instance_id}


@answers("UpdateInstanceRestrictions")
def update_restrictions(request: CheckedRequest) -> JSON:
    """PATCH /instance/restrictions."""
    _change(request, request.body)
    return _group(request, "UpdateInstanceRestrictions")


@answers(
    "GetInstanceProtect",
    "GetInstanceCommunication",
    "GetInstanceOAuthApplicationSettings",
    "GetInstanceOrganizationSettings",
)
def get_settings(request: CheckedRequest) -> JSON:
    """GET /instance/protect, /communication, /oauth_application_settings and /organization_settings."""
    return _group(request, request.operation.id.removeprefix("Get"))


@answers("UpdateInstanceProtect", "UpdateInstanceCommunication", "UpdateInstanceOAuthApplicationSettings")
def update_settings(request: CheckedRequest) -> JSON:
    """PATCH /instance/protect, /communication and /oauth_application_settings."""
    lists = {name: list(dict.fromkeys(value)) for name, value in request.body.items() if isinstance(value, list)}
    _change(request, {**request.body, **lists})
    return _group(request, request.operation.id.removeprefix("Update"))


@answers("UpdateInstanceOrganizationSettings")
def update_organization_settings(request: CheckedRequest) -> JSON:
    """PATCH /instance/organization_settings."""
    body = dict(request.body)
    for name in ("creator_role", "domains_default_role"):
        identifier = body.pop(f"{name}_id", None)
        if identifier is not None:
            body[name] = _role_key(request.state, identifier)
    for mode in body.get("domains_enrollment_modes", ()):
        if mode not in _ENROLLMENT_MODES:
            message = f"A mode must be one of {', '.join(_ENROLLMENT_MODES)}."
            raise checks.invalid("domains_enrollment_modes", message)
    if (body.get("max_allowed_memberships") or 0) < 0:
        raise checks.invalid("max_allowed_memberships", "The limit must be a positive number, or 0 for none.")
    _change(request, body)
    return _group(request, "InstanceOrganizationSettings")


@answers("ListDomains")
def list_domains(request: CheckedRequest) -> JSON:
    """GET /domains: the instance's own first, then the others, newest first."""
    domains = [_primary(request.state), *request.state.domains.newest()]
    return {"data": [_show_domain(domain) for domain in domains], "total_count": len(domains)}


@answers("AddDomain")
def add_domain(request: CheckedRequest) -> JSON:
    """POST /domains."""
    name = checks.domain(request.body["name"])
    _check_domain_free(request.state, name, None)
    fields = {"name": name, "is_satellite": True, "proxy_url": request.body.get("proxy_url")}
    return _show_domain(request.state.domains.add(request.state.stamped("dmn", **fields)))


@answers("UpdateDomain")
def update_domain(request: CheckedRequest) -> JSON:
    """PATCH /domains/{domain_id}."""
    domain = _domain(request)
    changes: Record = {}
    if request.body.get("name") is not None:
        changes["name"] = checks.domain(request.body["name"])
        _check_domain_free(request.state, changes["name"], domain)
    if "proxy_url" in request.body:
        changes["proxy_url"] = request.body["proxy_url"] or None
    return _show_domain(request.state.change(request.state.domains, domain, **changes))


@answers("DeleteDomain")
def delete_domain(request: CheckedRequest) -> JSON:
    """DELETE /domains/{domain_id}."""
    domain = request.state.domains.remove(_domain(request)["id"])
    return {"object": "domain", "id": domain["id"], "deleted": True}


def _change(request: CheckedRequest, settings: Record) -> None:
    request.state.change_settings(**{name: value for name, value in settings.items() if value is not None})


def _group(request: CheckedRequest, name: str) -> Record:
    kind, names = _GROUPS[name]
    return {"object": kind, **{name: request.state.settings[name] for name in names}}


def _role_key(state: State, identifier: str) -> str:
    role = state.roles.get(identifier)
    if role is None:
        raise not_found("role", identifier)
    key: str = role["key"]
    return key


def _primary(state: State) -> Record:
    name = ISSUER.removeprefix("https://")
    return {"id": state.instance_id.replace("ins_", "dmn_"), "name": name, "is_satellite": False, "proxy_url": None}


def _domain(request: CheckedRequest) -> Record:
    identifier = request.path["domain_id"]
    if identifier == _primary(request.state)["id"]:
        raise refusal("resource_forbidden", "The domain of a development instance cannot be changed.")
    domain = request.state.domains.get(identifier)
    if domain is None:
        raise not_found("domain", identifier)
    return domain


def _check_domain_free(state: State, name: str, domain: Record | None) -> None:
    if any(other is not domain for other in state.domains.find("name", name)):
        raise checks.taken("name")


def _show_domain(domain: Record) -> JSON:
    name = domain["name"]
    known = {key: value for key, value in shown(domain).items() if key in ("id", "name", "is_satellite", "proxy_url")}
    return {
        "object": "domain",
        **known,
        "frontend_api_url": f"https://clerk.{name}" if domain["is_satellite"] else ISSUER,
        "accounts_portal_url": None,
        "development_origin": "",
        "cname_targets": [],
    }

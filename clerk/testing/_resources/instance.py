"""The settings of the instance, and its domains."""

from __future__ import annotations

from .._answers import JSON, not_found, refusal
from .._handling import checks as checks
from .._handling.call import Call, answers
from .._store.state import State
from .._store.tables import Record
from .access.lists import shown
from .sessions.jwt import ISSUER

_ENROLLMENT_MODES = ("automatic_invitation", "automatic_suggestion", "manual_invitation")
# Operation -> the kind of object that it answers with, and the settings in it.
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
def get_instance(call: Call) -> JSON:
    """GET /instance."""
    return {
        "object": "instance",
        "id": call.state.instance_id,
        "environment_type": "development",
        "allowed_origins": call.state.settings["allowed_origins"],
        "workspace_id": None,
    }


@answers("UpdateInstance")
def update_instance(call: Call) -> JSON:
    """PATCH /instance."""
    call.state.change_settings(**call.body)


@answers("UpdateInstanceAuthConfig")
def update_auth_config(call: Call) -> JSON:
    """PATCH /beta_features/instance_settings."""
    _change(call, call.body)
    return {**_group(call, "UpdateInstanceAuthConfig"), "id": call.state.instance_id}


@answers("UpdateInstanceRestrictions")
def update_restrictions(call: Call) -> JSON:
    """PATCH /instance/restrictions."""
    _change(call, call.body)
    return _group(call, "UpdateInstanceRestrictions")


@answers(
    "GetInstanceProtect",
    "GetInstanceCommunication",
    "GetInstanceOAuthApplicationSettings",
    "GetInstanceOrganizationSettings",
)
def get_settings(call: Call) -> JSON:
    """GET /instance/protect, /communication, /oauth_application_settings and /organization_settings."""
    return _group(call, call.operation.id.removeprefix("Get"))


@answers("UpdateInstanceProtect", "UpdateInstanceCommunication", "UpdateInstanceOAuthApplicationSettings")
def update_settings(call: Call) -> JSON:
    """PATCH /instance/protect, /communication and /oauth_application_settings."""
    lists = {name: list(dict.fromkeys(value)) for name, value in call.body.items() if isinstance(value, list)}
    _change(call, {**call.body, **lists})
    return _group(call, call.operation.id.removeprefix("Update"))


@answers("UpdateInstanceOrganizationSettings")
def update_organization_settings(call: Call) -> JSON:
    """PATCH /instance/organization_settings."""
    body = dict(call.body)
    for name in ("creator_role", "domains_default_role"):
        identifier = body.pop(f"{name}_id", None)
        if identifier is not None:
            body[name] = _role_key(call.state, identifier)
    for mode in body.get("domains_enrollment_modes", ()):
        if mode not in _ENROLLMENT_MODES:
            message = f"A mode is one of {', '.join(_ENROLLMENT_MODES)}."
            raise checks.invalid("domains_enrollment_modes", message)
    if (body.get("max_allowed_memberships") or 0) < 0:
        raise checks.invalid("max_allowed_memberships", "The limit is a positive number, or 0 for none.")
    _change(call, body)
    return _group(call, "InstanceOrganizationSettings")


@answers("ListDomains")
def list_domains(call: Call) -> JSON:
    """GET /domains: the instance's own one, then the others, the newest first."""
    domains = [_primary(call.state), *call.state.domains.newest()]
    return {"data": [_show_domain(domain) for domain in domains], "total_count": len(domains)}


@answers("AddDomain")
def add_domain(call: Call) -> JSON:
    """POST /domains."""
    name = checks.domain(call.body["name"])
    _check_domain_free(call.state, name, None)
    fields = {"name": name, "is_satellite": True, "proxy_url": call.body.get("proxy_url")}
    return _show_domain(call.state.domains.add(call.state.stamped("dmn", **fields)))


@answers("UpdateDomain")
def update_domain(call: Call) -> JSON:
    """PATCH /domains/{domain_id}."""
    domain = _domain(call)
    changes: Record = {}
    if call.body.get("name") is not None:
        changes["name"] = checks.domain(call.body["name"])
        _check_domain_free(call.state, changes["name"], domain)
    if "proxy_url" in call.body:
        changes["proxy_url"] = call.body["proxy_url"] or None
    return _show_domain(call.state.change(call.state.domains, domain, **changes))


@answers("DeleteDomain")
def delete_domain(call: Call) -> JSON:
    """DELETE /domains/{domain_id}."""
    domain = call.state.domains.remove(_domain(call)["id"])
    return {"object": "domain", "id": domain["id"], "deleted": True}


def _change(call: Call, settings: Record) -> None:
    call.state.change_settings(**{name: value for name, value in settings.items() if value is not None})


def _group(call: Call, name: str) -> Record:
    kind, names = _GROUPS[name]
    return {"object": kind, **{name: call.state.settings[name] for name in names}}


def _role_key(state: State, identifier: str) -> str:
    role = state.roles.get(identifier)
    if role is None:
        raise not_found("role", identifier)
    key: str = role["key"]
    return key


def _primary(state: State) -> Record:
    name = ISSUER.removeprefix("https://")
    return {"id": state.instance_id.replace("ins_", "dmn_"), "name": name, "is_satellite": False, "proxy_url": None}


def _domain(call: Call) -> Record:
    identifier = call.path["domain_id"]
    if identifier == _primary(call.state)["id"]:
        raise refusal("resource_forbidden", "The domain of a development instance stays as it is.")
    domain = call.state.domains.get(identifier)
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

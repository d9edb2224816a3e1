"""The behaviour of each kind of resource: importing a module registers its handlers.

A module is imported for the first request that it may answer, by the path of the operation.
"""

from __future__ import annotations

from importlib import import_module

from .._handling.request import HANDLERS, Handler, Kind
from .._handling.stored import sampled

# Module -> what the paths begin with that it answers. A module of handlers that is not named here answers nothing.
HOMES: dict[str, tuple[str, ...]] = {
    "access.invitations": ("/invitations",),
    "access.restrictions": ("/allowlist_identifiers", "/blocklist_identifiers", "/redirect_urls"),
    "access.waitlist": ("/waitlist_entries",),
    "billing": ("/billing", "/organizations/{organization_id}/billing", "/users/{user_id}/billing"),
    "connections": ("/enterprise_connections", "/saml_connections"),
    "directories": ("/directories", "/scim_directories"),
    "emails": ("/email",),
    "instance": ("/beta_features", "/domains", "/instance"),
    "machines.api_keys": ("/api_keys",),
    "machines.m2m": ("/m2m_tokens",),
    "machines.machines": ("/machines",),
    "machines.oauth": ("/oauth_applications",),
    "miscellaneous": ("/admin_portal_link_tokens", "/agents", "/proxy_checks", "/webhooks"),
    "organizations.domains": ("/organization_domains", "/organizations/{organization_id}/domains"),
    "organizations.invitations": (
        "/organization_invitations",
        "/organizations/{organization_id}/invitations",
        "/users/{user_id}/organization_invitations",
    ),
    "organizations.memberships": (
        "/organization_memberships",
        "/organizations/{organization_id}/memberships",
        "/users/{user_id}/organization_memberships",
    ),
    "organizations.organizations": ("/organizations",),
    "organizations.role_sets": ("/role_sets",),
    "organizations.roles": ("/organization_permissions", "/organization_roles"),
    "sessions.cookies": ("/clients/handshake_payload",),
    "sessions.jwt_templates": ("/jwt_templates",),
    "sessions.sessions": ("/clients", "/jwks", "/sessions"),
    "sessions.tickets": ("/actor_tokens", "/sign_in_tokens", "/testing_tokens"),
    "templates": ("/templates",),
    "users.contacts": (
        "/email_addresses",
        "/phone_numbers",
        "/users/{user_id}/email_address",
        "/users/{user_id}/phone_number",
    ),
    "users.lists": ("/users/count", "/users"),
    "users.security": (
        "/users/{user_id}/backup_code",
        "/users/{user_id}/mfa",
        "/users/{user_id}/password/",
        "/users/{user_id}/remove_password",
        "/users/{user_id}/totp",
        "/users/{user_id}/verify_",
        "/users/{user_id}/web3_wallets",
    ),
    "users.users": ("/users",),
    "samples": ("/",),
}


_ready: set[str] = set()  # ids of operations whose modules are loaded, as far as they have any


def handler_at(operation_id: str, path: str) -> tuple[Kind, Handler]:
    """Return what answers an operation, and how well."""
    if operation_id not in _ready:
        _load(operation_id, path)
        _ready.add(operation_id)
    return HANDLERS[operation_id]


def _load(operation_id: str, path: str) -> None:
    for home in homes_of(path):
        if operation_id in HANDLERS:
            break
        import_module(f"{__name__}.{home}")
    _, handler = HANDLERS.setdefault(operation_id, ("sample", sampled))
    import_module(handler.__module__)  # which another thread may have begun to load


def homes_of(path: str) -> list[str]:
    """Return the modules that may answer at a path, the likeliest first."""
    fits = {
        home: max((len(start) for start in starts if path.startswith(start)), default=0)
        for home, starts in HOMES.items()
    }
    return sorted((home for home, length in fits.items() if length), key=fits.__getitem__, reverse=True)


__all__ = ["HOMES", "handler_at", "homes_of"]

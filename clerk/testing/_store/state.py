"""The state of a local service: its tables, settings and clock."""

from __future__ import annotations

import base64
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .ids import ksuid
from .tables import Journal, Record, Table

FRONTEND_API = "local-clerk.clerk.accounts.dev"
ISSUER = f"https://{FRONTEND_API}"
PUBLISHABLE_KEY = f"pk_test_{base64.b64encode(f'{FRONTEND_API}$'.encode()).decode()}"
DAY = 86_400_000
"""Milliseconds."""
MESSAGES_LIMIT = 10_000
"""How many events are kept."""

_SETTINGS: Record = {
    "id": "settings",
    "test_mode": True,
    "hibp": True,
    "support_email": None,
    "clerk_js_version": None,
    "development_origin": None,
    "allowed_origins": None,
    "cookieless_dev": False,
    "url_based_session_syncing": False,
    "preferred_sign_in_strategy_when_password_required": None,
    "restricted_to_allowlist": False,
    "from_email_address": "noreply",
    "progressive_sign_up": True,
    "enhanced_email_deliverability": False,
    "allowlist": False,
    "blocklist": False,
    "allowlist_blocklist_disabled_on_sign_in": False,
    "block_email_subaddresses": False,
    "ignore_dots_for_gmail_addresses": False,
    "block_disposable_email_domains": False,
    "checks_bypassed": False,
    "rules_enabled": False,
    "specter_enabled": False,
    "blocked_country_codes": (),
    "dynamic_oauth_client_registration": False,
    "default_scopes": None,
    "oauth_jwt_access_tokens": False,
    "client_id_metadata_documents_advertised": False,
    "client_id_metadata_documents_only_allow_pre_registered_clients": False,
    "client_id_metadata_documents_block_implicitly_allowed_clients": False,
    "enabled": True,
    "max_allowed_memberships": 5,
    "max_allowed_roles": 10,
    "max_allowed_permissions": 50,
    "max_allowed_domains": 10,
    "max_role_sets_allowed": 10,
    "admin_delete_enabled": True,
    "domains_enabled": True,
    "slug_disabled": False,
    "domains_enrollment_modes": ("automatic_invitation", "automatic_suggestion", "manual_invitation"),
    "creator_role": "org:admin",
    "domains_default_role": "org:member",
    "initial_role_set_key": "role_set:default",
}
SYSTEM_PERMISSIONS = {
    "org:sys_profile:manage": "Manage the organization",
    "org:sys_profile:delete": "Delete the organization",
    "org:sys_memberships:read": "Read members",
    "org:sys_memberships:manage": "Manage members",
    "org:sys_domains:read": "Read domains",
    "org:sys_domains:manage": "Manage domains",
    "org:sys_billing:read": "Read billing",
    "org:sys_billing:manage": "Manage billing",
    "org:sys_entconns:manage": "Manage enterprise connections",
}
CREATOR_PERMISSIONS = ("org:sys_memberships:manage", "org:sys_memberships:read", "org:sys_profile:delete")
"""The permissions that the role of an organization's creator must have."""

_ROLES = {
    "org:admin": ("Admin", tuple(SYSTEM_PERMISSIONS)),
    "org:member": ("Member", ("org:sys_memberships:read", "org:sys_billing:read")),
}


class State:
    """The tables of a local service, with the records that every Clerk instance starts with.

    Fields of records that start with an underscore are never shown.
    """

    def __init__(self) -> None:
        self.journal = Journal()
        self.skew = 0
        self.authorized_party = "http://localhost:3000"
        self.signing_key: str | None = None
        self.key_id: str | None = None
        self.handshakes: dict[str, list[str]] = {}
        self._moment: int | None = None
        self.users = self._table("external_id", "username")
        self.email_addresses = self._table("user_id", "email_address")
        self.phone_numbers = self._table("user_id", "phone_number")
        self.web3_wallets = self._table("user_id", "web3_wallet")
        self.verifications = self._table()
        self.sessions = self._table("user_id", "client_id")
        self.clients = self._table()
        self.organizations = self._table("slug")
        self.memberships = self._table("user_id", "organization_id", "_pair", "role")
        self.organization_invitations = self._table("organization_id", "email_address", "role")
        self.organization_domains = self._table("organization_id", "name")
        self.permissions = self._table("key")
        self.roles = self._table("key")
        self.role_sets = self._table("key")
        self.invitations = self._table("email_address")
        self.allowlist = self._table("identifier")
        self.blocklist = self._table("identifier")
        self.waitlist = self._table("email_address")
        self.jwt_templates = self._table("name")
        self.redirect_urls = self._table("url")
        self.sign_in_tokens = self._table("user_id")
        self.actor_tokens = self._table("user_id")
        self.api_keys = self._table("subject", "_secret")
        self.machines = self._table("_secret")
        self.machine_scopes = self._table("from_machine_id", "to_machine_id", "_pair")
        self.m2m_tokens = self._table("subject", "_token")
        self.oauth_applications = self._table("client_id")
        self.oauth_tokens = self._table("client_id", "_token")
        self.domains = self._table("name")
        self.messages: deque[Any] = deque(maxlen=MESSAGES_LIMIT)  # its contents are made in `_events`
        self.accepted: set[str] = set()
        self._settings = self._table()
        self._stored: dict[str, Table] = {}
        self._settings.add(dict(_SETTINGS))
        self.instance_id = self.new_id("ins")
        self._add_roles()
        self.journal.commit()

    def now(self) -> int:
        """Return the service's time, in milliseconds since the Unix epoch."""
        return (self._moment or time.time_ns() // 1_000_000) + self.skew

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Stop the clock: everything that a request does happens at the same time."""
        self._moment = time.time_ns() // 1_000_000
        try:
            yield
        finally:
            self._moment = None

    def new_id(self, prefix: str) -> str:
        """Return a new id with a prefix."""
        return f"{prefix}_{ksuid(self.now())}"

    def stamped(self, prefix: str, **fields: Any) -> Record:  # JSON values
        """Return a new record with an id and both timestamps, not yet in a table."""
        now = self.now()
        return {"id": f"{prefix}_{ksuid(now)}", **fields, "created_at": now, "updated_at": now}

    def change(self, table: Table, record: Record, **changes: Any) -> Record:  # JSON values
        """Change a record in a table, and its time of last change."""
        return table.change(record["id"], **changes, updated_at=self.now())

    def stored(self, name: str) -> Table:
        """Return the table of a kind of resource without behaviour of its own."""
        table = self._stored.get(name)
        if table is None:
            table = self._stored[name] = self._table()
        return table

    @property
    def settings(self) -> Record:
        """The settings of the instance; don't change them in place."""
        record = self._settings.get("settings")
        assert record is not None
        return record

    def change_settings(self, **changes: Any) -> Record:  # JSON values
        """Change settings of the instance."""
        return self._settings.change("settings", **changes)

    def _table(self, *indexed: str) -> Table:
        return Table(self.journal, *indexed)

    def _add_roles(self) -> None:
        for key, name in SYSTEM_PERMISSIONS.items():
            self.permissions.add(self.stamped("perm", key=key, name=name, description=name, type="system"))
        for key, (name, permissions) in _ROLES.items():
            self.roles.add(self.stamped("role", key=key, name=name, description=None, permissions=permissions))
        self.role_sets.add(
            self.stamped(
                "rset",
                key="role_set:default",
                name="Default",
                description=None,
                type="initial",
                roles=tuple(_ROLES),
                default_role="org:member",
                creator_role="org:admin",
            )
        )

"""What the local service does for each kind of resource. Importing it has all operations answered."""

from __future__ import annotations

from . import billing, connections, instance, miscellaneous, templates
from .access import invitations as organization_invitations
from .access import lists, waitlist
from .machines import api_keys, m2m, machines, oauth
from .machines.machines import machine_with_key
from .organizations import domains, invitations, memberships, organizations, role_sets, roles
from .sessions import jwt_templates, sessions, tickets
from .users import contacts, security, users
from .users import lists as user_lists

__all__ = [
    "api_keys",
    "billing",
    "connections",
    "contacts",
    "domains",
    "instance",
    "invitations",
    "jwt_templates",
    "lists",
    "m2m",
    "machine_with_key",
    "machines",
    "memberships",
    "miscellaneous",
    "oauth",
    "organization_invitations",
    "organizations",
    "role_sets",
    "roles",
    "security",
    "sessions",
    "templates",
    "tickets",
    "user_lists",
    "users",
    "waitlist",
]

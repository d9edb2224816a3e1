"""The behaviour of each kind of resource: importing a module registers its handlers."""

from __future__ import annotations

from .._handling.request import HANDLERS
from . import billing, connections, directories, emails, instance, miscellaneous, samples, templates
from .access import invitations as application_invitations
from .access import restrictions, waitlist
from .machines import api_keys, m2m, machines, oauth
from .organizations import domains, invitations, memberships, organizations, role_sets, roles
from .sessions import cookies, jwt_templates, sessions, tickets
from .users import contacts, security, users
from .users import lists as user_lists

# The handlers of a module that is not imported here are never called.
__all__ = [
    "HANDLERS",
    "api_keys",
    "application_invitations",
    "billing",
    "connections",
    "contacts",
    "cookies",
    "directories",
    "domains",
    "emails",
    "instance",
    "invitations",
    "jwt_templates",
    "m2m",
    "machines",
    "memberships",
    "miscellaneous",
    "oauth",
    "organizations",
    "restrictions",
    "role_sets",
    "roles",
    "samples",
    "security",
    "sessions",
    "templates",
    "tickets",
    "user_lists",
    "users",
    "waitlist",
]

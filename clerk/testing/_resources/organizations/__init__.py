"""Organizations, memberships, invitations, domains and roles."""

"""Who may sign up: invitations, allowlist and blocklist, the waitlist."""

"""Users, their contacts, passwords and lists."""

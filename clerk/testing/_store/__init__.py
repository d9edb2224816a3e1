"""What the local service holds: tables, ids, the clock."""

"""The state of the local service: tables, ids, the clock."""

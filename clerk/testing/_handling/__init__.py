"""What handlers share: the request, checks, lists, and operations that only store what they are given."""

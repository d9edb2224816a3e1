"""What handlers share: the request, its checks and lists, and operations that store what they are given."""

"""What handlers share: the call, its checks and lists, and operations that store what they are given."""

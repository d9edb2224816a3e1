"""What happens in the local service as events, and how these are signed and delivered."""

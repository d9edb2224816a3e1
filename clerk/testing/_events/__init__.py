"""The events of the local service: how they are caused, signed and delivered."""

"""How requests reach the local service: transports, the HTTP server, faults."""

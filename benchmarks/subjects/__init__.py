"""What is measured: the client, and what it is compared with."""

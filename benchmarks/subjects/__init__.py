"""What is measured: the client, and whoever it is measured beside."""

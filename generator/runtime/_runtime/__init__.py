"""What every module here works with; import the public names from `types`, `client` and `pages` instead."""

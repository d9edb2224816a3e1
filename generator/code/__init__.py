"""From the effective document to the files of `clerk_generated/`."""

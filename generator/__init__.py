"""Turns Clerk's Backend API document into the typed code of ``clerk_generated``; a developer's tool, not shipped."""

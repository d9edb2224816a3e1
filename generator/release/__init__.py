"""Bumping to a new document, versions, the changelog, and what a release must pass."""

"""Documents as data: files, canonical form, overlays, the lock file, and taking a document over."""

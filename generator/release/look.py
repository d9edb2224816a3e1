"""Checks whether Clerk has published a newer document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .._errors import BuildError
from ..document import files, lock, vendor

# The folder of the Backend API's documents, one file for each version, as GitHub's API lists it.
LISTING = "https://api.github.com/repos/clerk/openapi-specs/contents/bapi"

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.ya?ml")
_GITHUB = re.compile(r"(?P<repository>https?://.+/repos/[^/]+/[^/]+)/contents/(?P<folder>[^?]+)")
_RAW = re.compile(r"(?P<start>https?://[^/]+/[^/]+/[^/]+)/[^/]+/(?P<path>.+)")  # between them, the branch


def newer_document(listing: str, root: Path) -> str | None:
    """Find the newest document, if its facts differ from the vendored one.

    Clerk publishes many revisions of one version: documents are compared by their facts. Documents marked as unreleased
    are skipped.

    Args:
        listing: File or URL of a folder's listing, as GitHub's API gives it: objects with `name` and `download_url`.
        root: The project's root.

    Returns:
        The document's URL, pinned to its commit if the listing is GitHub's; None if there is no newer one.

    Raises:
        BuildError: The listing or a document can't be read, or the listing lists no document.
    """
    listed = files.load(listing).value
    found = dict(_dated(item) for item in listed if _is_document(item)) if isinstance(listed, list) else {}
    if not found:
        raise BuildError(f"{listing}: lists no documents; they have names like 2025-11-10.yml")
    current = lock.read(root).api_version
    for version in sorted((version for version in found if version >= current), reverse=True):
        document = files.load(found[version]).value
        is_unreleased = isinstance(document, dict) and document.get("x-unreleased")
        if not is_unreleased and not (version == current and _is_vendored(document, found[version], root)):
            return _pinned(found[version], listing)
    return None


def _is_vendored(document: Any, source: str, root: Path) -> bool:  # a document may hold anything
    return vendor.serialised(vendor.check(document, source)) == files.read_bytes(root / lock.VENDORED)


def _pinned(url: str, listing: str) -> str:
    """Return the URL of a document at its latest commit, for the lock; unchanged if the commit is unknown."""
    found = _GITHUB.fullmatch(listing)
    branch = _RAW.fullmatch(url)
    if found is None or branch is None:
        return url
    name = Path(branch["path"]).name
    try:
        commits = files.load(f"{found['repository']}/commits?path={found['folder']}/{name}&per_page=1").value
        return f"{branch['start']}/{commits[0]['sha']}/{branch['path']}"
    except (BuildError, LookupError, TypeError):
        return url


def _is_document(item: Any) -> bool:  # a listing may hold anything
    if not isinstance(item, dict) or not isinstance(item.get("download_url"), str):
        return False
    return _NAME.fullmatch(str(item.get("name"))) is not None


def _dated(item: dict[str, str]) -> tuple[str, str]:
    return Path(item["name"]).stem, item["download_url"]


__all__ = ["LISTING", "newer_document"]

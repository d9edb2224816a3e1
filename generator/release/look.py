"""Looks whether Clerk has published a newer document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .._errors import BuildError
from ..document import files as documents
from ..document import lock

# The folder of the Backend API's documents, one file for each version, as GitHub's API lists it.
LISTING = "https://api.github.com/repos/clerk/openapi-specs/contents/bapi"

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.ya?ml")


def newer_document(listing: str, root: Path) -> str | None:
    """Find the newest document, if it is newer than the vendored one.

    Args:
        listing: File or URL of a folder's listing, as GitHub's API gives it: objects with `name` and `download_url`.
        root: The project's root.

    Returns:
        The document's URL; None if the vendored one is the newest.

    Raises:
        BuildError: The listing can't be read or lists no document.
    """
    files = documents.load(listing).value
    found = dict(_dated(item) for item in files if _is_document(item)) if isinstance(files, list) else {}
    if not found:
        raise BuildError(f"{listing}: lists no document; one is called like 2025-11-10.yml")
    newest = max(found)
    return found[newest] if newest > lock.read(root).api_version else None


def _is_document(item: Any) -> bool:  # a listing may hold anything
    if not isinstance(item, dict) or not isinstance(item.get("download_url"), str):
        return False
    return _NAME.fullmatch(str(item.get("name"))) is not None


def _dated(item: dict[str, str]) -> tuple[str, str]:
    return Path(item["name"]).stem, item["download_url"]


__all__ = ["LISTING", "newer_document"]

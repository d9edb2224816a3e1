"""Where a document came from, for the lock, the report and the changelog."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

_COMMIT_IN_URL = re.compile(r"/([0-9a-f]{40})/")
_COMMIT_IN_NAME = re.compile(r"-([0-9a-f]{7,40})\.(?:ya?ml|json)$")


def of(source: str) -> dict[str, str]:
    """Return what is known of a document's source.

    Args:
        source: Its file or URL.

    Returns:
        Its `url`, or the name of its `file`; and the `commit`, if the URL or the name contains it.
    """
    is_url = re.match(r"https?://", source, re.IGNORECASE) is not None
    told = _COMMIT_IN_URL.search(source) if is_url else _COMMIT_IN_NAME.search(source)
    commit = {"commit": told[1]} if told else {}
    return {"url": source, **commit} if is_url else {"file": PurePath(source).name, **commit}


def sentence(source: Mapping[str, str], sha256: str) -> str:
    """Say where a document came from.

    Args:
        source: What is known of its source.
        sha256: Of its bytes, hexadecimal.
    """
    name = source.get("url") or source.get("file") or "unknown"
    commit = f", commit `{source['commit'][:12]}`" if "commit" in source else ""
    return f"Its document is `{name}`{commit}, with the sha256 `{sha256[:12]}`."


__all__ = ["of", "sentence"]

"""What a package index shows: README, with links that work there, and the project's addresses.

hatchling asks while it builds. The address of the repository stands in `pyproject.toml`, once. While there is none, the
words of links to other files stay, and the links go.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"\[([^\]]+)\]\((?![a-z]+:)([^)\s]+)\)")


class PackageIndexHook(MetadataHookInterface):
    """Fills in the dynamic fields `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:  # Any: the values of a TOML table
        """Add both to the metadata of a distribution."""
        repository = str(self.config["repository"]).rstrip("/")
        tree = f"{repository}/blob/v{metadata['version']}" if repository else ""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": with_whole_links(text, tree)}
        if repository:
            metadata["urls"] = {
                "Documentation": f"{tree}/docs/index.md",
                "Changelog": f"{tree}/CHANGELOG.md",
                "Source": repository,
                "Issues": f"{repository}/issues",
            }


def with_whole_links(text: str, tree: str) -> str:
    """Return Markdown whose links need nothing beside it.

    Args:
        text: The Markdown.
        tree: The address of the folder that it stands in; empty if that has none, and links become their words.
    """
    return _LINK.sub(lambda link: f"[{link[1]}]({tree}/{link[2]})" if tree else link[1], text)


__all__ = ["PackageIndexHook", "with_whole_links"]

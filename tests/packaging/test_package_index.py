"""What a package index shows of a distribution: README without a link that only works beside it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from clerk._version import __version__
from docs._generators.package_index import with_whole_links

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://git.example.com/ada/clerk-client"
NEEDED = ["README.md", "LICENSE", "NOTICE", "clerk/_version.py", "docs/_generators/package_index.py"]


def project(folder: Path, repository: str) -> ProjectMetadata[PluginManager]:
    """Return the metadata of a project like this one, with this address."""
    for path in NEEDED:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text, count = re.subn(r'^repository = ".*"$', f'repository = "{repository}"', text, flags=re.MULTILINE)
    assert count == 1
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return ProjectMetadata(str(folder), PluginManager())


def links(markdown: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]*)", markdown)


def test_without_an_address_the_words_of_links_stay(tmp_path: Path) -> None:
    core = project(tmp_path, "").core
    assert links(core.readme)
    assert all(link.startswith("https://") for link in links(core.readme))
    assert "Quickstart" in core.readme
    assert core.readme_content_type == "text/markdown"
    assert core.urls == {}


@pytest.mark.parametrize("end", ["", "/"])
def test_with_an_address_each_link_leads_to_a_file_of_the_version(tmp_path: Path, end: str) -> None:
    core = project(tmp_path, REPOSITORY + end).core
    tree = f"{REPOSITORY}/blob/v{__version__}/"
    found = links(core.readme)
    assert all(link.startswith("https://") for link in found)
    inside = [link.removeprefix(tree).partition("#")[0] for link in found if link.startswith(REPOSITORY)]
    assert len(inside) > 10
    assert all((ROOT / path).is_file() for path in inside)
    assert all(url.startswith(REPOSITORY) for url in core.urls.values())
    assert (ROOT / core.urls["Documentation"].removeprefix(tree)).is_file()
    assert (ROOT / core.urls["Changelog"].removeprefix(tree)).is_file()
    # What is no link is as it was.
    assert re.sub(r"\]\([^)]*\)", "", core.readme) == re.sub(
        r"\]\([^)]*\)", "", (ROOT / "README.md").read_text(encoding="utf-8")
    )


def test_only_links_to_files_are_changed() -> None:
    text = "[a](b.md#c) [d](https://e.example) [f](mailto:g@example.com)"
    assert with_whole_links("[a](b.md#c)", "https://x.example/t") == "[a](https://x.example/t/b.md#c)"
    assert with_whole_links(text, "").startswith("a [d](https://e.example) [f](mailto:g@example.com)")

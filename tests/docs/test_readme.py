"""What README lists is all there is, and what it links to is there."""

from __future__ import annotations

import re

import pytest

from generator.prepare import layout
from tests.docs.blocks import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\((?!https?:)([^)\s]+)\)", README)))


def test_every_sub_api_has_its_line() -> None:
    section = README.partition("## All sub-APIs\n")[2].partition("\n## ")[0]
    listed = [row for row in section.splitlines() if row.startswith("| `")]
    assert listed == [f"| `{sub_api.name}` | {sub_api.about} |" for sub_api in layout.load(ROOT).sub_apis]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_somewhere(link: str) -> None:
    path, _, anchor = link.partition("#")
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not anchor or anchor in {_slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def _slug(heading: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())

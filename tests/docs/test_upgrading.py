"""Whatever broke has its replacement on the page on upgrading."""

from __future__ import annotations

import re

from clerk import __version__
from tests.docs.blocks import ROOT


def test_every_breaking_change_of_this_version_is_told() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition(f"## [{__version__}]")[2]
    broken = re.findall(r"^- \*\*Breaking:\*\* (`[^`]+`)", changes.partition("\n## [")[0], re.MULTILINE)
    page = (ROOT / "docs/upgrading.md").read_text(encoding="utf-8")
    told = page.partition(f" to {__version__}\n")[2].partition("\n## ")[0]
    assert told
    assert [name for name in broken if f"| {name} | " not in told] == []

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.document import lock


@pytest.fixture
def project(tmp_path: Path) -> Path:
    lock.write(tmp_path, lock.Lock("2025-11-10", "", ""))
    return tmp_path


def looked(project: Path, listing: object) -> int:
    path = project / "listing.json"
    path.write_text(json.dumps(listing))
    return main(["--root", str(project), "look", str(path)])


def a_file(name: str) -> dict[str, str]:
    return {"name": name, "download_url": f"https://example.com/{name}"}


def test_the_newest_document_is_told_if_it_is_newer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("2025-11-10.yml", "2026-05-12.yml", "2025-12-03.yml", "beta.yml", "README.md")
    assert looked(project, [*(a_file(name) for name in names), {"name": "2030-01-01.yml", "download_url": None}]) == 0
    assert capsys.readouterr().out == "spec=https://example.com/2026-05-12.yml\n"


def test_nothing_is_told_if_ours_is_the_newest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert looked(project, [a_file("2025-11-10.yml"), a_file("2021-02-05.yaml")]) == 0
    assert capsys.readouterr().out == "spec=\n"


@pytest.mark.parametrize("listing", [{"message": "API rate limit exceeded"}, [], ["2026-05-12.yml"], [{}]])
def test_a_listing_without_documents_is_refused(
    listing: object, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert looked(project, listing) == 2
    assert capsys.readouterr().err.endswith("listing.json: lists no document; one is called like 2025-11-10.yml\n")

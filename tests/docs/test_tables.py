"""The tables of the site that are made when it is built."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path

import pytest

from clerk.testing._resources.samples import SAMPLE_IDS
from docs._generators import migration, reference, signatures, tables, testing
from generator.prepare import layout
from tests.docs.blocks import ROOT


@pytest.fixture(scope="module")
def plan() -> layout.Layout:
    return layout.load(ROOT)


def test_every_method_of_the_node_js_client_stands_beside_ours(plan: layout.Layout) -> None:
    rows = migration.from_node_js(ROOT).splitlines()
    for sub_api in plan.sub_apis:
        (start,) = [number for number, row in enumerate(rows) if row.startswith(f"### {sub_api.name} (")]
        assert (f"`{sub_api.js}`" if sub_api.js else "not in Node.js") in rows[start]
        section = list(takewhile(lambda row: not row.startswith("###"), rows[start + 1 :]))
        for method in sub_api.methods:
            (row,) = [row.removeprefix("    ") for row in section if f" | [`{method.name}`][" in row]
            assert row.startswith(f"| {f'`{method.js}`' if method.js else 'none'} | ")
            assert ("deprecated" in row) == (method.deprecated is not None)


def test_every_operation_has_a_row_for_those_who_come_from_the_official_sdk(plan: layout.Layout) -> None:
    lines = [line.removeprefix("    ") for line in migration.from_official_sdk(ROOT).splitlines()]
    rows = [line for line in lines if line.startswith(("| `", "| none")) and "[`" in line]
    document = json.loads((ROOT / "clerk_generated" / "corrected_document.json").read_text(encoding="utf-8"))
    assert len(rows) == sum(len(methods) for methods in document["paths"].values())
    assert any(row.startswith("| `users.ban` | [`users.ban_user`][") for row in rows)
    assert any(row.startswith("| none | [`directories.list`][") for row in rows)


def test_what_only_the_official_sdk_has_is_listed(tmp_path: Path) -> None:
    for path in ("docs/data/official-python-sdk.yaml", "openapi/layout.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())
    assert migration.only_in_official_sdk(tmp_path) == "There are none."
    with (tmp_path / "docs/data/official-python-sdk.yaml").open("a", encoding="utf-8") as file:
        file.write("  ReadMinds: minds.read\n")
    assert migration.only_in_official_sdk(tmp_path) == "- `minds.read`"


def test_every_operation_of_the_local_service_has_a_row(plan: layout.Layout) -> None:
    table = testing.operations(ROOT)
    operations = {name for sub_api in plan.sub_apis for method in sub_api.methods for name in method.operations}
    missing = {name for name in operations if f"| `{name}` | " not in table}
    assert not missing


def test_every_id_of_a_sample_has_a_row() -> None:
    page = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
    for name, identifier in SAMPLE_IDS.values():
        assert f"| {name} | `{identifier}` |\n" in page


def test_failure_of_the_local_service_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "false")
    with pytest.raises(RuntimeError, match="--table failed"):
        testing.operations(ROOT)


def test_every_sub_api_has_a_row(plan: layout.Layout) -> None:
    table = reference.sub_apis(ROOT)
    assert all(
        f"| [`{item.name}`](reference/sub-apis/{item.name}/index.md) | {item.about} |" in table
        for item in plan.sub_apis
    )


def test_names_in_tables_break_between_their_words() -> None:
    head = "<thead><tr><th>a</th><th>b</th></tr></thead>"
    html = tables.for_phones(f"<table>{head}<tr><td><code>get_user</code></td><td>no code: a_b</td></tr></table>")
    assert "<code>get_<wbr>user</code>" in html
    assert "a_b" in html
    assert "data-" not in html
    code = tables.for_phones("<table><td><code>ClerkError, &lt;a.b(c)&gt; <a href='x_y'>x_y</a></code></td></table>")
    assert "<code>Clerk<wbr>Error, &lt;a.<wbr>b(<wbr>c)&gt; <a href='x_y'>x_<wbr>y</a></code>" in code
    assert tables.for_phones("<code>get_user</code>") == "<code>get_user</code>"


def test_cells_of_wide_tables_have_the_headings_of_their_columns() -> None:
    head = "<thead><tr><th>a</th><th style='x'><code>b</code></th><th>c</th></tr></thead>"
    html = tables.for_phones(f"<table>{head}<tbody><tr><td>1</td><td style='x'>2</td><td></td></tr></tbody></table>")
    row = '<td data-label="a">1</td><td style=\'x\' data-label="b">2</td><td data-label="c"></td>'
    assert f'<table data-columns="3">{head}<tbody><tr>{row}</tr></tbody></table>' == html


def test_values_with_signs_are_listed_once() -> None:
    rows = signatures.enumerations(ROOT).splitlines()
    assert "| `ListMachinesOrderBy` | `created_at`, `name`; also with `+` or `-` before it |" in rows
    (row,) = [row for row in rows if row.startswith("| `SignUpVerificationNextAction` ")]
    assert '`""`, `needs_attempt`' in row

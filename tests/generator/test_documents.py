from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator._errors import BuildError
from generator.document import files
from tests.faults.acts import nobody_listening


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("key:", {"key": None}),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("On", "On"),
        ("n", "n"),
        ("12", 12),
        ("+3", 3),
        ("-7", -7),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("3.", 3.0),
        ("-1.25E-2", -0.0125),
        ("2025-11-10", "2025-11-10"),
        ("2025-11-10T12:00:00Z", "2025-11-10T12:00:00Z"),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!float 12", 12.0),
        ("200: a\ntrue: b\n~: c\n1.0: d", {"200": "a", "true": "b", "~": "c", "1.0": "d"}),
        ("a: &shared [1]\nb: *shared", {"a": [1], "b": [1]}),
        ("{a: 1, b: [x, 'y']}", {"a": 1, "b": ["x", "y"]}),
        ('{"a": [1, 2.5, true, null, "\\ud83d\\ude00"]}', {"a": [1, 2.5, True, None, "\N{GRINNING FACE}"]}),
        ('{\n\t"a": "b"\n}', {"a": "b"}),
        ('["a", 1]', ["a", 1]),
    ],
)
def test_yaml_and_json_are_read_with_the_meaning_of_yaml_1_2(text: str, value: Any) -> None:
    read = files.parse(text.encode(), "file")

    assert json.dumps(read) == json.dumps(value)  # so that true is not 1, nor 1 the same as 1.0


@pytest.mark.parametrize("text", ["a: 1", '{"a": "\\ud83d\\ude00"}'])
def test_a_byte_order_mark_is_no_content(text: str) -> None:
    assert files.parse(b"\xef\xbb\xbf" + text.encode(), "file") == files.parse(text.encode(), "file")


def test_what_an_alias_repeats_is_made_anew() -> None:
    read = files.parse(b"a: &shared [1]\nb: *shared", "file")
    read["a"].append(2)

    assert read["b"] == [1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: 2\na: 3", "file: line 3: duplicate key 'a'"),
        (b"200: 1\n'200': 2", "file: line 2: duplicate key '200'"),
        (b'{"a": 1,\n "b": {"c": 2,\n "c": 3}}', "file: line 3: duplicate key 'c'"),
        (b"a: 1\n b: 2", "file: not YAML or JSON: line 2: mapping values are not allowed in this context"),
        (
            b"a: 'x",
            "file: not YAML or JSON: line 1: while scanning a quoted scalar, found unexpected end of stream",
        ),
        (
            b'{"a": 1',
            "file: not YAML or JSON: line 2: while parsing a flow mapping, did not find expected ',' or '}'",
        ),
        (b"a: 1\n---\nb: 2", "file: not YAML or JSON: line 2: expected a single document in the stream, but found"),
        (b"a: *x", "file: not YAML or JSON: line 1: found undefined alias"),
        (b"a: \x00", "file: not YAML or JSON: unacceptable character #x0000"),
        (b"a: \xff", "file: not YAML or JSON: byte 3 is not UTF-8"),
        (b"a: &x [*x]", "file: line 1: an alias that contains itself"),
        (b"? [a]\n: b", "file: line 1: a mapping key that is not a scalar"),
        (b"a: .inf", "file: line 1: '.inf' with tag tag:yaml.org,2002:float has no meaning in JSON"),
        (b"a: -.INF", "file: line 1: '-.INF' with tag"),
        (b"a: .nan", "file: line 1: '.nan' with tag"),
        (b"a: !!int 1.5", "file: line 1: '1.5' with tag"),
        (b"a: !!float x", "file: line 1: 'x' with tag"),
        (b"a: !!bool yes", "file: line 1: 'yes' with tag"),
        (b"a: !!timestamp 2025-11-10", "file: line 1: '2025-11-10' with tag"),
        (b"a: !!binary eA==", "file: line 1: 'eA==' with tag"),
        (b"!!set {a}", "file: line 1: tag tag:yaml.org,2002:set has no meaning in JSON"),
        (b"a: !mine [1]", "file: line 1: tag !mine has no meaning in JSON"),
    ],
)
def test_what_is_neither_yaml_nor_json_is_one_line_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(BuildError) as caught:
        files.parse(content, "file")

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


NESTED: dict[str, Callable[[int], bytes]] = {
    "lists of JSON": lambda depth: b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}",
    "maps of JSON": lambda depth: b'{"a":' * depth + b"1" + b"}" * depth,
    "YAML in one line": lambda depth: b"[" * depth + b"]" * depth,
    "YAML in blocks": lambda depth: b"".join(b" " * level + b"a:\n" for level in range(depth)),
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_how_deep_a_document_may_be_is_the_same_on_every_python(nested: Callable[[int], bytes]) -> None:
    assert files.parse(nested(200), "file")
    for too_deep in (201, 2000):
        with pytest.raises(BuildError, match=r"^file: nested too deeply$"):
            files.parse(nested(too_deep), "file")


@pytest.mark.parametrize("name", ["lists of JSON", "maps of JSON", "YAML in one line"])
def test_a_document_that_no_python_can_read_is_one_line(name: str) -> None:
    with pytest.raises(BuildError, match=r"^file: nested too deeply$"):
        files.parse(NESTED[name](200_000), "file")


def test_a_constant_that_json_lacks_is_read_as_yaml_has_it() -> None:
    assert files.parse(b'{"a": NaN}', "file") == {"a": "NaN"}


def test_a_file_is_loaded_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "document.yaml").write_bytes(b"a: 1\n")

    loaded = files.load(tmp_path / "document.yaml")

    assert loaded == files.Loaded({"a": 1}, b"a: 1\n")
    assert files.load(str(tmp_path / "document.yaml")) == loaded


def test_a_file_that_is_not_there_or_not_readable_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"^.*/absent\.yaml: no such file$"):
        files.load(tmp_path / "absent.yaml")
    with pytest.raises(BuildError, match=r"^.*: can't be read: Is a directory$"):
        files.load(tmp_path)


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/document.json")
        else:
            self.send_response(200 if self.path == "/document.json" else 404)
        self.end_headers()
        if self.path == "/document.json":
            self.wfile.write(b'{"a": 1}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/document.json", "/moved"])
def test_a_url_is_downloaded(server: str, path: str) -> None:
    assert files.load(server + path) == files.Loaded({"a": 1}, b'{"a": 1}')


def test_a_url_that_the_server_does_not_have_is_an_error(server: str) -> None:
    with pytest.raises(BuildError, match=r"^http://.*/absent: can't be downloaded: the server answered 404$"):
        files.load(f"{server}/absent")


@pytest.mark.parametrize("url", ["http://127.0.0.1:PORT/nothing-listens", "http://127.0.0.1:port/", "HTTPS://"])
def test_a_url_that_leads_nowhere_is_an_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as nowhere:
        leads_nowhere(url.replace("http://127.0.0.1:PORT", nowhere), monkeypatch)


def leads_nowhere(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")

    with pytest.raises(BuildError, match=r"can't be downloaded: \S") as caught:
        files.load(url)

    assert str(caught.value).startswith(url)
    assert "\n" not in str(caught.value)


AMBIGUOUS = (
    ["", " ", "~", "null", "Null", "NULL", "true", "True", "FALSE", "yes", "No", "ON", "off", "y", "Y", "n", "N"]
    + ["0", "12", "-3", "+4", "010", "08", "0o17", "0x1F", "0b11", "1_000", "12:30", "12:30:45.5", "190:20:30"]
    + ["1.5", "1e3", "1E-3", ".5", "3.", "+.5e7", ".inf", "-.Inf", ".nan", "2025-11-10", "2025-11-10T12:00:00Z"]
    + ["<<", "=", "-", "?", ":", "- a", "a: b", "#a", "a #b", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", '"a"']
    + ["[a]", "{a}", "|", ">", "a\nb", "a\n", "\ta", "a ", "\u00e9", "\N{GRINNING FACE}", "\u2028", "\x07"]
)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_no_reader_takes_a_dumped_text_for_anything_else(text: str) -> None:
    document = {"value": text, "list": [text], text: "key"}

    dumped = files.dump(document, "comment")

    assert files.parse(dumped, "file") == document  # YAML 1.2
    assert yaml.safe_load(dumped) == document  # YAML 1.1


@pytest.mark.parametrize("text", ["y", "0o17", "1e3", "08", "2025-11-10", "200"])
def test_texts_that_some_reader_misreads_are_quoted(text: str) -> None:
    assert files.dump({"value": text}, "comment") == f"# comment\nvalue: '{text}'\n".encode()


def test_dumped_values_are_read_back_as_they_were() -> None:
    document: dict[str, Any] = {"b": [1, -2.5, 1e20, True, None, {}, [], [["nested"]]], "a": {"x": "text " * 60}}

    dumped = files.dump(document, "comment")

    assert json.dumps(files.parse(dumped, "file")) == json.dumps(document)
    assert max(map(len, dumped.decode().splitlines())) < 130


def test_a_dump_is_in_block_style_without_aliases_and_keeps_unicode_and_order() -> None:
    shared = {"type": "string"}

    dumped = files.dump({"b": shared, "a": shared, "\u00e9": ["\u4f60\u597d"]}, "What this is.")

    expected = "# What this is.\nb:\n  type: string\na:\n  type: string\n\u00e9:\n- \u4f60\u597d\n"
    assert dumped.decode() == expected


def test_files_are_written_with_missing_folders(tmp_path: Path) -> None:
    files.write_files({tmp_path / "new" / "a": b"1", tmp_path / "b": b"2"})

    assert (tmp_path / "new" / "a").read_bytes() == b"1"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "new"]


def test_no_file_changes_when_one_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "no-folder").write_bytes(b"")

    with pytest.raises(BuildError, match=r"no-folder.*: can't be written: "):
        files.write_files({tmp_path / "a": b"new", tmp_path / "no-folder" / "b": b"new"})

    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "no-folder"]


class _Interrupted(Mapping[Path, bytes]):
    """The contents of two files, of which the second never comes."""

    def __init__(self, first: Path, second: Path) -> None:
        self._paths = (first, second)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, path: Path) -> bytes:
        if path == self._paths[0]:
            return b"new"
        raise KeyboardInterrupt


def test_no_file_changes_when_writing_is_interrupted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    with pytest.raises(KeyboardInterrupt):
        files.write_files(_Interrupted(tmp_path / "a", tmp_path / "b"))

    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_text_is_folded_to_one_line() -> None:
    assert files.one_line("a\n  b\tc ") == "a b c"
    assert files.one_line("x" * 301) == "x" * 297 + "..."
    assert files.one_line("x" * 300) == "x" * 300


@pytest.mark.parametrize(
    ("tokens", "text"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("paths", "/users/{id}", "~"), "/paths/~1users~1{id}/~0"), (("",), "/")],
)
def test_a_pointer_escapes_its_tokens_and_leads_back(tokens: tuple[str | int, ...], text: str) -> None:
    document: Any = "here"
    for token in reversed(tokens):
        document = [document] if isinstance(token, int) else {token: document}

    assert files.pointer(*tokens) == text
    assert files.resolve(document, f"#{text}") == "here"


def test_a_reference_may_be_percent_encoded() -> None:
    assert files.resolve({"a b": {"{c}": 1}}, "#/a%20b/%7Bc%7D") == 1


@pytest.mark.parametrize(
    "reference", ["#/absent", "#/list/1", "#/list/x", "#/text/0", "#name", "other.yaml#/list", "", "/list"]
)
def test_a_reference_that_leads_nowhere_is_a_lookup_error(reference: str) -> None:
    with pytest.raises(LookupError):
        files.resolve({"list": [0], "text": "x"}, reference)


def test_a_few_aliases_that_stand_for_billions_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    content = "\n".join(lines).encode()
    assert len(content) < 600
    with pytest.raises(BuildError, match=r"^bomb: holds more than 500000 values once its aliases are expanded$"):
        files.parse(content, "bomb")

"""Reading and writing documents: YAML or JSON in, canonical YAML out.

YAML is read by the YAML 1.2 core schema: ``on``, ``12:30`` and ``2025-11-10`` are text, ``010`` is ten. Every mapping
key becomes text, as it is written: the response code ``200`` is ``"200"``. Whatever JSON can't hold (YAML's own tags,
infinities, keys that are not scalars) is refused.

ruamel.yaml reads YAML 1.2 as well, but does not fit: it turns ``2025-11-10`` into a date and ``1_000`` into a number,
keeps the key ``200`` a number, and takes four times as long to read Clerk's document.
"""

from __future__ import annotations

import json
import os
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import yaml

from .._errors import BuildError

__all__ = [
    "Loaded",
    "compose",
    "construct",
    "dump",
    "load",
    "one_line",
    "parse",
    "pointer",
    "read_bytes",
    "resolve",
    "write_files",
]

_DOWNLOAD_SECONDS = 30.0
# Thirty times as many as Clerk's document has. A few lines of nested aliases can stand for billions of values.
_MOST = 500_000
_DEEPEST = 200
"""How deep maps and lists may be nested; the interpreter's own limit differs from version to version."""
_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_NULL = re.compile(r"~|null|Null|NULL|")


@dataclass(frozen=True)
class Loaded:
    """A document as it was read.

    Attributes:
        value: The document's root: mappings as ``dict`` with text keys, sequences as ``list``, scalars as in JSON.
        content: The bytes it was read from.
    """

    value: Any  # a document may hold anything; the caller checks it
    content: bytes


def load(source: str | Path) -> Loaded:
    """Read a YAML or JSON document.

    Args:
        source: A path, or an ``http(s)`` URL.

    Returns:
        The document and the bytes it came from.

    Raises:
        BuildError: It can't be read, or is neither YAML nor JSON.
    """
    name = str(source)
    content = _download(name) if re.match(r"https?://", name, re.IGNORECASE) else read_bytes(Path(source))
    return Loaded(parse(content, name), content)


def _download(url: str) -> bytes:
    try:
        response = httpx.get(url, timeout=_DOWNLOAD_SECONDS, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BuildError(f"{url}: can't be downloaded: {one_line(str(error)) or type(error).__name__}") from error
    if not response.is_success:
        raise BuildError(f"{url}: can't be downloaded: the server answered {response.status_code}")
    return response.content


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        BuildError: It doesn't exist or can't be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BuildError(f"{path}: no such file") from None
    except OSError as error:
        raise BuildError(f"{path}: can't be read: {error.strerror}") from error


def parse(content: bytes, source: str) -> Any:  # a document may hold anything
    """Read YAML or JSON.

    Args:
        content: The document's bytes, UTF-8.
        source: Where they came from, for messages.

    Returns:
        The document's root value; ``None`` for an empty document.

    Raises:
        BuildError: Neither YAML nor JSON, or a duplicate mapping key.
    """
    text = _decoded(content, source)
    if text.lstrip().startswith("{"):
        try:
            value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
        except RecursionError as error:
            raise BuildError(f"{source}: nested too deeply") from error
        except ValueError:
            pass  # it may be YAML in flow style; if it is neither, the YAML parser names the line
        else:
            if _is_too_deep(value):
                raise BuildError(f"{source}: nested too deeply")
            return value
    return pickle.loads(_constructed(content, source))  # noqa: S301  # it was pickled here


@lru_cache(maxsize=32)
def _constructed(content: bytes, source: str) -> bytes:
    """Return the value of YAML, pickled: a bump reads the same documents many times, and changes what it gets."""
    return pickle.dumps(construct(compose(content, source), source))


def _is_too_deep(value: Any) -> bool:  # a document may hold anything
    level = [value]
    for _ in range(_DEEPEST):
        level = [part for item in level for part in _parts(item) if isinstance(part, (dict, list))]
    return bool(level)


def _parts(value: Any) -> Iterable[Any]:  # a document may hold anything
    return value.values() if isinstance(value, dict) else value


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BuildError(f"{source}: not YAML or JSON: byte {error.start} is not UTF-8") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise ValueError("duplicate key")
    return mapping


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class _CoreLoader(yaml.CSafeLoader):
    """PyYAML's C parser with the scalars of the YAML 1.2 core schema; used to compose nodes only."""


def _whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern.pattern})\Z")


_CoreLoader.yaml_implicit_resolvers = {}  # none of the ones of YAML 1.1
_CoreLoader.add_implicit_resolver(f"{_TAG}null", _whole(_NULL), ["~", "n", "N", ""])
_CoreLoader.add_implicit_resolver(f"{_TAG}bool", _whole(_BOOLEAN), list("tTfF"))
_CoreLoader.add_implicit_resolver(f"{_TAG}int", _whole(_INTEGER), list("-+0123456789"))
_CoreLoader.add_implicit_resolver(f"{_TAG}float", _whole(_FLOAT), list("-+.0123456789"))


def compose(content: bytes, source: str) -> yaml.Node | None:
    """Parse YAML into nodes, which know their lines.

    Args:
        content: The document's bytes, UTF-8.
        source: Where they came from, for messages.

    Returns:
        The root node; ``None`` for an empty document.

    Raises:
        BuildError: Not YAML.
    """
    try:
        return yaml.compose(_decoded(content, source), Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in str(error.problem):
            raise BuildError(f"{source}: nested too deeply") from error
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        problem = ", ".join(filter(None, (error.context, error.problem)))
        raise BuildError(f"{source}: not YAML or JSON: {line}{one_line(problem)}") from error
    except yaml.YAMLError as error:
        raise BuildError(f"{source}: not YAML or JSON: {one_line(str(error))}") from error


def construct(node: yaml.Node | None, source: str) -> Any:  # a document may hold anything
    """Turn composed nodes into plain values.

    Args:
        node: What ``compose`` returned, or a node inside it.
        source: Where it came from, for messages.

    Returns:
        ``dict`` (keys as text), ``list``, ``str``, ``int``, ``float``, ``bool`` or ``None``. A value that the document
        repeats by alias is built again at each place.

    Raises:
        BuildError: A duplicate mapping key, or something that JSON can't hold.
    """
    return _Constructor(source).value(node)


class _Constructor:
    def __init__(self, source: str) -> None:
        self._source = source
        self._open: set[int] = set()
        self._count = 0

    def value(self, node: yaml.Node | None) -> Any:  # a document may hold anything
        if node is None:
            return None
        self._count += 1
        if self._count > _MOST:
            raise BuildError(f"{self._source}: holds more than {_MOST} values once its aliases are expanded")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            raise self._error(node, "an alias that contains itself")
        if len(self._open) == _DEEPEST:
            raise BuildError(f"{self._source}: nested too deeply")
        self._open.add(id(node))
        value = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._sequence(node)
        self._open.remove(id(node))
        return value

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        if node.tag != f"{_TAG}map":
            raise self._error(node, f"tag {node.tag} has no meaning in JSON")
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a mapping key that is not a scalar")
            if key.value in mapping:
                raise self._error(key, f"duplicate key {key.value!r}")
            mapping[key.value] = self.value(value)
        return mapping

    def _sequence(self, node: yaml.Node) -> list[Any]:
        if node.tag != f"{_TAG}seq":
            raise self._error(node, f"tag {node.tag} has no meaning in JSON")
        return [self.value(item) for item in node.value]

    def _scalar(self, node: yaml.ScalarNode) -> str | int | float | bool | None:
        text: str = node.value
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return text
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text, 10 if text[:2] not in ("0o", "0x") else 0)
        if kind == "float" and _FLOAT.fullmatch(text) and text.lower().lstrip("+-") not in (".inf", ".nan"):
            return float(text)
        if kind == "bool" and _BOOLEAN.fullmatch(text):
            return text.lower() == "true"
        if kind == "null":
            return None
        raise self._error(node, f"{text!r} with tag {node.tag} has no meaning in JSON")

    def _error(self, node: yaml.Node, problem: str) -> BuildError:
        return BuildError(f"{self._source}: line {node.start_mark.line + 1}: {problem}")


class _CanonicalDumper(yaml.CSafeDumper):
    """Block style without aliases; quotes any text that a YAML 1.1 or 1.2 parser would read as something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


_CanonicalDumper.add_implicit_resolver(f"{_TAG}bool", re.compile(r"[yYnN]\Z"), list("yYnN"))
_CanonicalDumper.add_implicit_resolver(f"{_TAG}int", _whole(_INTEGER), list("-+0123456789"))
_CanonicalDumper.add_implicit_resolver(f"{_TAG}float", _whole(_FLOAT), list("-+.0123456789"))


def dump(value: Any, comment: str) -> bytes:  # any JSON value can be dumped
    """Write a document as canonical YAML: equal values give equal bytes, and keys keep their order.

    Args:
        value: The document, made of JSON types.
        comment: What the file is, in one line; it becomes the first line.

    Returns:
        UTF-8 text.
    """
    text = yaml.dump(
        value, Dumper=_CanonicalDumper, default_flow_style=False, sort_keys=False, allow_unicode=True, width=120
    )
    return f"# {comment}\n{text}".encode()


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write several files in one step: all are written under temporary names, then moved into place.

    Args:
        contents: The bytes of each file. Missing folders are created.

    Raises:
        BuildError: A file can't be written; no file has changed.
    """
    try:
        with _temporary_files(contents) as temporary:
            for path, written in temporary.items():
                written.replace(path)
    except OSError as error:
        raise BuildError(f"{error.filename}: can't be written: {error.strerror}") from error


@contextmanager
def _temporary_files(contents: Mapping[Path, bytes]) -> Iterator[dict[Path, Path]]:
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_bytes(content)
        yield temporary
    finally:
        for written in temporary.values():
            written.unlink(missing_ok=True)


def one_line(text: str, limit: int = 300) -> str:
    """Fold text to one line of at most ``limit`` characters."""
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else f"{folded[: limit - 3]}..."


def pointer(*tokens: str | int) -> str:
    """Write a JSON pointer (RFC 6901) to the place that the tokens lead to from the root."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def resolve(document: Any, reference: str) -> Any:  # a reference may lead to any value
    """Follow a ``$ref`` inside a document.

    Args:
        document: The document's root.
        reference: ``#`` and a JSON pointer (RFC 6901), percent-encoded or not.

    Returns:
        The value it leads to.

    Raises:
        LookupError: It leads nowhere, or out of the document.
    """
    if not re.match(r"#(/|\Z)", reference):
        raise LookupError(reference)
    value = document
    for token in unquote(reference).split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isdecimal():
            value = value[int(name)]
        elif isinstance(value, dict):
            value = value[name]
        else:
            raise LookupError(reference)
    return value

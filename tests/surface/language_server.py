"""pyright's language server, asked as an editor asks it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SERVER = Path(sys.executable).with_name("pyright-langserver")


class LanguageServer:
    """A server for one project; use it as a context manager.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._uri = (root / "edited_by_a_test.py").as_uri()
        self._root = root
        self._versions = itertools.count(1)
        self._ids = itertools.count(1)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        folder = {"uri": self._root.as_uri(), "name": "project"}
        self._ask("initialize", processId=None, rootUri=folder["uri"], workspaceFolders=[folder], capabilities={})
        self._tell("initialized")
        self._opened = False
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def completes(self, code: str, rest: str = "") -> set[str]:
        """Return the public names that are offered at the end of code; the rest of its line follows."""
        answer = self._ask("textDocument/completion", **self._edit(code, rest))
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"] for item in items if not item["label"].startswith("_")}

    def says(self, code: str, rest: str = "") -> str:
        """Return what is shown for the name at the end of code; the rest of its line is not looked at."""
        answer = self._ask("textDocument/hover", **self._edit(code, rest))
        return str(answer["contents"]["value"])

    def helps(self, code: str) -> str:
        """Return what is shown of the function whose arguments are being written at the end of code."""
        answer = self._ask("textDocument/signatureHelp", **self._edit(code))
        return str(answer["signatures"][0]["documentation"]["value"])

    def _edit(self, code: str, rest: str = "") -> dict[str, Any]:
        version = next(self._versions)
        if version == 1:
            document = {"uri": self._uri, "languageId": "python", "version": version, "text": code + rest}
            self._tell("textDocument/didOpen", textDocument=document)
        else:
            changed = {"uri": self._uri, "version": version}
            self._tell("textDocument/didChange", textDocument=changed, contentChanges=[{"text": code + rest}])
        lines = code.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        return {"textDocument": {"uri": self._uri}, "position": position}

    def _ask(self, method: str, **parameters: Any) -> Any:  # whatever the method takes and gives
        number = next(self._ids)
        self._write({"id": number, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                return message["result"]
            if "id" in message:  # a question of the server's: every setting is its default
                asked = message.get("params", {}).get("items", []) if isinstance(message.get("params"), dict) else []
                self._write({"id": message["id"], "result": [None for _ in asked] if asked else None})

    def _tell(self, method: str, **parameters: Any) -> None:  # whatever the method takes
        self._write({"method": method, "params": parameters})

    def _write(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


__all__ = ["LanguageServer"]

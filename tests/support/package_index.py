"""A package index on the loopback interface, with small wheels of any names, and newer releases of all of them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

NEWER = "99999.0"


class Wheel(NamedTuple):
    """A distribution without a module.

    Attributes:
        name: Its normalized name.
        version: Its version.
        requires: What it requires, as in `Requires-Dist`.
    """

    name: str
    version: str
    requires: Sequence[str] = ()

    @property
    def file_name(self) -> str:
        return f"{self._stem}-py3-none-any.whl"

    @property
    def content(self) -> bytes:
        metadata = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        metadata += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        files = {
            "METADATA": "\n".join(metadata) + "\n",
            "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "".join(f"{self._stem}.dist-info/{name},,\n" for name in ("METADATA", "WHEEL", "RECORD")),
        }
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as wheel:
            for name, text in files.items():
                # With a date of its own: the bytes are the same whenever they are asked for.
                wheel.writestr(zipfile.ZipInfo(f"{self._stem}.dist-info/{name}"), text)
        return held.getvalue()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def _stem(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}"


def pages(wheels: Iterable[Wheel]) -> Mapping[str, bytes]:
    """Return what the index serves, by path: the wheels, and of each a release that is newer than any."""
    found: dict[str, bytes] = {}
    links: dict[str, list[str]] = {}
    for wheel in {one for given in wheels for one in (given, given._replace(version=NEWER))}:
        found[f"/files/{wheel.file_name}"] = wheel.content
        link = f'<a href="/files/{wheel.file_name}#sha256={wheel.sha256}">{wheel.file_name}</a>'
        links.setdefault(f"/simple/{wheel.name}/", []).append(link)
    return found | {
        path: f"<!DOCTYPE html><html><body>{''.join(of)}</body></html>".encode() for path, of in links.items()
    }


@contextmanager
def package_index(wheels: Iterable[Wheel]) -> Iterator[str]:
    """Serve wheels and newer releases of them all; give the URL for pip."""
    served = pages(wheels)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = served.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", "text/html" if self.path.startswith("/simple") else "application/zip")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server calls it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple/"
        finally:
            server.shutdown()
            thread.join()


__all__ = ["NEWER", "Wheel", "package_index"]

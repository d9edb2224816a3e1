"""What `LocalClerk` costs those who test with it: its fixture, and its responses over HTTP."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from ..benchmark import ROOT, Subject, Task, Turn, check
from . import turns

_COUNT = b'{"object":"total_count","total_count":0}'
_REQUEST = b"""GET /v1/users/count HTTP/1.1\r
Host: localhost\r
Accept: */*\r
Accept-Encoding: gzip, deflate\r
Connection: keep-alive\r
User-Agent: benchmark\r
Authorization: Bearer sk_test_local\r
\r
"""


def pytest_run(fixture: str = "") -> Subject:
    """Run tests that do nothing with pytest, each with a fixture or without any."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        pytest = import_module("pytest")
        sys.path.append(str(ROOT / "pytest-plugin"))
        plugin = import_module("clerk_client_pytest")
        name = f"test_with_{fixture or 'nothing'}"
        with TemporaryDirectory() as folder:
            file = Path(folder, f"{name}.py")
            file.write_text(
                "".join(f"def test_{number}({fixture}): pass\n" for number in range(task.count)), encoding="utf-8"
            )
            options = ["-c", os.devnull, "--rootdir", folder, "-p", "no:cacheprovider", "-p", "no:terminal", str(file)]

            def run() -> None:
                sys.modules.pop(name, None)  # otherwise pytest would reuse the tests of the last run
                check(pytest.main(options, plugins=[plugin]) == 0)

            yield turns.repeated(run, 1)

    return subject


class _Constant(BaseHTTPRequestHandler):
    """Returns a user count of zero for every request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer a request."""
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(_COUNT)))
        self.end_headers()
        self.wfile.write(_COUNT)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by the base class
        """Log nothing."""


@contextmanager
def bare_server() -> Iterator[str]:
    """Serve a constant with Python's `http.server`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Constant) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@contextmanager
def local_server() -> Iterator[str]:
    """Serve a `LocalClerk`."""
    from clerk.testing import LocalClerk

    with LocalClerk() as local, local.serve() as url:
        yield url


def asked_over(serve: Callable[[], AbstractContextManager[str]]) -> Subject:
    """Ask a server in this process for the number of users, over one connection; a turn costs the CPU time of both."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        with serve() as url:
            address = urlsplit(url)
            with closing(socket.create_connection((address.hostname, address.port))) as connection:

                def ask() -> None:
                    connection.sendall(_REQUEST)
                    answer = connection.recv(65_536)
                    while not answer.endswith(_COUNT):
                        answer += connection.recv(65_536)
                    check(answer.startswith(b"HTTP/1.1 200"))

                yield turns.repeated(ask, task.count)

    return subject

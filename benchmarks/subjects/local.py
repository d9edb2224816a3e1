"""What `LocalClerk` costs those who test with it: its fixture, and its responses over HTTP."""

from __future__ import annotations

import os
import socket
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from ..benchmark import ROOT, Work, check

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
_LASTING = ExitStack()


def pytest_run(tests: int, fixture: str = "") -> Work:
    """Run tests that do nothing with pytest, each with a fixture or without any."""
    pytest = import_module("pytest")
    sys.path.append(str(ROOT / "pytest-plugin"))
    plugin, name = import_module("clerk_client_pytest"), f"test_with_{fixture or 'nothing'}"
    folder = _LASTING.enter_context(TemporaryDirectory())
    file = Path(folder, f"{name}.py")
    file.write_text("".join(f"def test_{number}({fixture}): pass\n" for number in range(tests)), encoding="utf-8")
    options = ["-c", os.devnull, "--rootdir", folder, "-p", "no:cacheprovider", "-p", "no:terminal", str(file)]

    def run() -> None:
        sys.modules.pop(name, None)  # otherwise pytest would reuse the tests of the last run
        check(pytest.main(options, plugins=[plugin]) == 0)

    return run


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


def bare_server(requests: int) -> Work:
    """Answer requests with a constant, with Python's `http.server`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Constant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return _asked(f"http://127.0.0.1:{server.server_address[1]}", requests)


def local_server(requests: int) -> Work:
    """Answer requests with a `LocalClerk`."""
    from clerk.testing import LocalClerk

    return _asked(_LASTING.enter_context(LocalClerk().serve()), requests)


def _asked(url: str, requests: int) -> Work:
    # Another process asks: its CPU time does not count, and its thread does not hold the interpreter's lock here.
    asking = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    return lambda: asking.submit(_ask, url, requests).result()


def _ask(url: str, requests: int) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port or 80)) as connection:
        for _ in range(requests):
            connection.sendall(_REQUEST)
            answer = connection.recv(65_536)
            while not answer.endswith(_COUNT):
                answer += connection.recv(65_536)
            check(answer.startswith(b"HTTP/1.1 200"))

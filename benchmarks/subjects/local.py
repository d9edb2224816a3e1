"""What `LocalClerk` costs those who test with it: its fixture, and its responses over HTTP."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from clerk.testing import SECRET_KEY, LocalClerk

from ..benchmark import ROOT, Work, check

_COUNT = b'{"object":"total_count","total_count":0}'
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
    return _asked(_LASTING.enter_context(LocalClerk().serve()), requests)


def _asked(url: str, requests: int) -> Work:
    # Another process asks: its CPU time does not count, and its thread does not hold the interpreter's lock here.
    asking = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    return lambda: asking.submit(_ask, url, requests).result()


def _ask(url: str, requests: int) -> None:
    with closing(HTTPConnection(url.removeprefix("http://"))) as connection:
        for _ in range(requests):
            connection.request("GET", "/v1/users/count", headers={"Authorization": f"Bearer {SECRET_KEY}"})
            check(connection.getresponse().read() == _COUNT)

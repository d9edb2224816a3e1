"""The local service over HTTP/1.1 on 127.0.0.1."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException, LineTooLong
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from types import MappingProxyType

from .._answers import Answer, Problem, error_answer
from .._handling.bodies import BODY_LIMIT
from .access import Access
from .incoming import Incoming
from .transports import Answering

HOST = "127.0.0.1"
_DIGITS = 20
_HEADERS_LIMIT = 100
_LINE_LIMIT = 65_536


class LocalServer(ThreadingHTTPServer):
    """Serves a local service.

    Args:
        service: The service.
        port: The port; 0 for any that is free.
        access: What requests are let in.

    Raises:
        OSError: The port is taken.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, service: Answering, port: int, access: Access) -> None:
        self.service = service
        self.access = access
        self._connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://{HOST}:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection."""
        assert isinstance(request, socket.socket)
        self._connections.discard(request)
        request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that close the connection; print any other error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as the base class passes them

    def server_close(self) -> None:
        """Close the server and the remaining connections."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(service: Answering, port: int, access: Access) -> Iterator[str]:
    """Serve in a thread until the context ends.

    Returns:
        The service's URL.
    """
    server = LocalServer(service, port, access)
    # How often it checks whether to stop.
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="local-clerk", daemon=True
    )
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Head:
    """Reads the headers of a request while `http.server` reads its head.

    That parses headers as those of a mail, which takes longer than everything else that it does: here it finds none.

    Args:
        stream: What is received.

    Attributes:
        headers: The headers, with names in lower case.
    """

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self.headers: dict[str, str] = {}

    def readline(self, size: int) -> bytes:  # noqa: ARG002  # as streams have it
        """Read all headers, and return the line that ends them.

        Raises:
            HTTPException: They are too long, or too many.
        """
        name = ""
        for _ in range(_HEADERS_LIMIT + 1):
            line = self._stream.readline(_LINE_LIMIT + 1)
            if len(line) > _LINE_LIMIT:
                raise LineTooLong("header line")
            if line in (b"\r\n", b"\n", b""):
                return b"\r\n"
            text = line.decode("iso-8859-1")
            if text[0] in " \t" and name:  # the line before goes on
                self.headers[name] += f" {text.strip()}"
            else:
                name, _, value = text.partition(":")
                name = name.lower()
                self.headers[name] = value.strip()
        raise HTTPException(f"more than {_HEADERS_LIMIT} headers")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # the headers and the body of a response are sent together

    server: LocalServer  # pyright: ignore[reportIncompatibleVariableOverride]  # nothing else makes handlers
    server_version = "local-clerk"
    sys_version = ""
    _headers_for_pages: Mapping[str, str] = MappingProxyType({})

    def parse_request(self) -> bool:
        """Read the head of a request; return whether it is one."""
        stream, head = self.rfile, _Head(self.rfile)
        self.rfile = head  # type: ignore[assignment]  # it is only asked for lines
        try:
            is_request = super().parse_request()
        finally:
            self.rfile = stream
        self._received = head.headers
        if is_request and (connection := head.headers.get("connection", "").lower()) in ("close", "keep-alive"):
            self.close_connection = connection == "close"
        if is_request and head.headers.get("expect", "").lower() == "100-continue":
            self.handle_expect_100()
            self.wfile.flush()  # it is waited for
        return is_request

    def _answer(self) -> None:
        headers = self._received
        access = self.server.access
        if (refused := access.refusal(headers)) is not None:
            self.close_connection = True
            self._send(refused)
            return
        self._headers_for_pages = access.headers(headers)
        body = self._body()
        if body is None:
            self._refuse("request_body_invalid", "The body's Content-Length or chunked encoding is malformed.")
            return
        if (allowed := access.preflight(self.command, headers)) is not None:
            self._send(allowed)
            return
        path, _, query = self.path.partition("?")
        incoming = Incoming(self.command, path, query, headers, body, self.server.url)
        answer = self._answer_of_service(incoming)
        if answer is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer)

    def _answer_of_service(self, incoming: Incoming) -> Answer | None:
        service = self.server.service
        fault = service.take_fault(incoming.method, incoming.path)
        try:
            if fault is not None and fault.delay and not fault.carried_out:
                time.sleep(fault.delay)
            answer = service.respond(incoming, fault)
            if fault is not None and fault.delay and fault.carried_out:
                time.sleep(fault.delay)
        except Exception:  # noqa: BLE001  # the caller is in another process; the traceback goes to stderr
            traceback.print_exc(file=sys.stderr)
            problem = Problem("internal_clerk_error", "The local service failed; its stderr has the traceback.")
            answer = error_answer([problem], 500)
        return answer

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class looks for methods such as `do_GET`; here the service decides which HTTP methods it answers.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by the base class
        """Log nothing: the requests are in `LocalClerk.requests`."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not valid HTTP."""
        self.close_connection = True
        self.request_version = self.protocol_version  # the request named no method, or one that does not exist
        text = message or explain or "The request is not valid HTTP."
        self._send(error_answer([Problem("bad_request", text)], code))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {**answer.headers, **self._headers_for_pages}.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("content-length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _refuse(self, code: str, message: str) -> None:
        self.close_connection = True
        self._send(error_answer([Problem(code, message)], 400))

    def _body(self) -> bytes | None:
        if self._received.get("transfer-encoding", "").lower() == "chunked":
            return _read_chunks(self.rfile)
        length = self._received.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return None
        # One byte more than allowed shows that the body is too large; Python refuses to parse very long numbers.
        digits = length.lstrip("0") or "0"
        size = int(digits) if len(digits) < _DIGITS else BODY_LIMIT + 1
        body = self.rfile.read(min(size, BODY_LIMIT + 1))
        self.close_connection |= size > len(body)
        return body


def _read_chunks(stream: BufferedIOBase) -> bytes | None:
    body = bytearray()
    while True:
        size, _, _ = stream.readline(1024).partition(b";")
        try:
            length = int(size.strip(), 16)
        except ValueError:
            return None
        if length < 0 or len(body) + length > BODY_LIMIT + 1:
            return None
        if length == 0:
            while stream.readline(65_537).strip():
                pass
            return bytes(body)
        body += stream.read(length)
        stream.readline(3)

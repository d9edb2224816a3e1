"""The local service over HTTP/1.1 on 127.0.0.1."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from socketserver import StreamRequestHandler, ThreadingTCPServer

from .._answers import Answer, Problem, error_answer
from .._handling.bodies import BODY_LIMIT
from .access import Access
from .heads import Head, HeadError, head_of, read_head
from .incoming import Incoming
from .transports import Answering

HOST = "127.0.0.1"
_DIGITS = 20


class LocalServer(ThreadingTCPServer):
    """Serves a local service.

    Args:
        service: The service.
        port: The port; 0 for any that is free.
        access: What requests are let in.

    Raises:
        OSError: The port is taken.
    """

    allow_reuse_address = True
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


class _Handler(StreamRequestHandler):
    """Answers the requests of one connection."""

    disable_nagle_algorithm = True
    server: LocalServer  # pyright: ignore[reportIncompatibleVariableOverride]  # nothing else makes handlers

    def handle(self) -> None:
        """Answer one request after the other."""
        self._is_last = False
        while not self._is_last:
            self._headers_for_pages: Mapping[str, str] = {}
            try:
                head = read_head(self.rfile)
                if head is None:
                    return
                answer = self._answer(head)
            except HeadError as error:
                head, answer = None, self._refusal("bad_request", str(error), error.status)
            if answer is None:
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._send(answer, has_body=head is None or head.method != "HEAD")

    def _answer(self, head: Head) -> Answer | None:
        headers, access = head.headers, self.server.access
        self._is_last = head.is_last
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if (refused := access.refusal(headers)) is not None:
            self._is_last = True
            return refused
        self._headers_for_pages = access.headers(headers)
        body = self._body(headers)
        if body is None:
            text = "The body's Content-Length or chunked encoding is malformed."
            return self._refusal("request_body_invalid", text, 400)
        if (allowed := access.preflight(head.method, headers)) is not None:
            return allowed
        path, _, query = head.target.partition("?")
        return self._answer_of_service(Incoming(head.method, path, query, headers, body, self.server.url))

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

    def _refusal(self, code: str, message: str, status: int) -> Answer:
        self._is_last = True
        return error_answer([Problem(code, message)], status)

    def _send(self, answer: Answer, *, has_body: bool) -> None:
        headers = {**answer.headers, **self._headers_for_pages}
        if answer.status != 204:
            headers["content-length"] = str(len(answer.body))
        if self._is_last:
            headers["connection"] = "close"
        head = head_of(answer.status, headers, time.time())
        self.wfile.write(head + answer.body if has_body else head)

    def _body(self, headers: Mapping[str, str]) -> bytes | None:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return _read_chunks(self.rfile)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return None
        # One byte more than allowed shows that the body is too large; Python refuses to parse very long numbers.
        digits = length.lstrip("0") or "0"
        size = int(digits) if len(digits) < _DIGITS else BODY_LIMIT + 1
        body = self.rfile.read(min(size, BODY_LIMIT + 1)) if size else b""
        self._is_last |= size > len(body)
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

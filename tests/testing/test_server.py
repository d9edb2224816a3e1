"""The local service over HTTP."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from clerk import ClerkClient, ClerkConnectionError
from clerk.testing import LocalClerk
from clerk.testing._handling.bodies import BODY_LIMIT
from clerk.testing._handling.request import HANDLERS
from clerk.testing._http.access import Access
from clerk.testing._http.server import LocalServer


@pytest.fixture
def url(local: LocalClerk) -> Iterator[str]:
    with local.serve() as served:
        yield served


@pytest.fixture
def headers(local: LocalClerk) -> dict[str, str]:
    return {"authorization": f"Bearer {local.secret_key}"}


def test_clients_reach_it(local: LocalClerk, url: str) -> None:
    with ClerkClient(api_url=url, secret_key=local.secret_key, max_retries=0) as client:
        user = client.users.create_user(email_address=["ada@example.com"])
        client.users.update_user_profile_image(user.id, file=("a.png", b"\x89PNG\r\n\x1a\n", "image/png"))
        assert client.users.get_user(user.id).has_image
        client.instance.update(support_email="me@example.com")
        token = client.sign_in_tokens.create_sign_in_token(user_id=user.id)
        assert str(token.url).startswith(url)


def test_a_connection_serves_many_requests(url: str, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    sockets = set()
    for _ in range(3):
        connection.request("GET", "/v1/users", headers=headers)
        answer = connection.getresponse()
        assert (answer.version, answer.read()) == (11, b"[]")
        sockets.add(connection.sock)
    connection.request("POST", "/v1/redirect_urls", body=iter([b'{"url":', b'"app://x"}']), headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert b"app://x" in answer.read()
    connection.request("HEAD", "/v1/users", headers=headers)
    head = connection.getresponse()
    assert (head.status, head.read()) == (405, b"")
    connection.request("BREW", "/v1/users", headers=headers)
    unknown = connection.getresponse()
    assert (unknown.status, unknown.headers["allow"]) == (405, "GET, POST")
    assert b"method_not_allowed" in unknown.read()
    assert sockets == {connection.sock}
    connection.close()


def test_paths_are_taken_as_they_were_sent(local: LocalClerk, url: str, headers: dict[str, str]) -> None:
    assert httpx.get(f"{url}/v1/users/user_1%2Fban", headers=headers).status_code == 404
    assert local.requests[-1].path == "/v1/users/user_1%2Fban"


def test_faults(local: LocalClerk, url: str, headers: dict[str, str]) -> None:
    local.fail_next(status=503, retry_after=7, delay=0.001)
    answer = httpx.get(f"{url}/v1/users", headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    local.fail_next(drop=True)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{url}/v1/users", headers=headers)
    local.fail_next(drop=True)
    with (
        ClerkClient(api_url=url, secret_key=local.secret_key, max_retries=0) as client,
        pytest.raises(ClerkConnectionError),
    ):
        client.users.get_count()
    assert httpx.get(f"{url}/v1/users", headers=headers).status_code == 200


def _exchange(url: str, sent: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    return received


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET\r\n\r\n", b"400"),
        (b"GET /v1/users\r\n\r\n", b"400"),
        (b"GET /v1/users HTTP/x\r\n\r\n", b"400"),
        (b"GET /%b HTTP/1.1\r\n\r\n" % (b"a" * 65_536), b"414"),
        (b"BREW /v1/users HTTP/1.1\r\nhost: localhost\r\n\r\n", b"401"),
        (b"POST /v1/users HTTP/1.1\r\ncontent-length: " + b"9" * 5_000 + b"\r\n\r\n", b"401"),
        (b"POST /v1/users HTTP/1.1\r\ncontent-length: " + b"0" * 5_000 + b"2\r\n\r\n{}", b"401"),
        (b"GET /v1/users HTTP/9.9\r\n\r\n", b"505"),
        (b"POST /v1/users HTTP/1.1\r\ncontent-length: -1\r\n\r\n", b"400"),
        (b"POST /v1/users HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nx\r\n", b"400"),
        (b"POST /v1/users HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n", b"400"),
        (b"POST /v1/users HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n", b"401"),
        (b"POST /v1/users HTTP/1.1\r\ncontent-length: 10\r\n\r\n{}", b"401"),
    ],
    ids=lambda value: value[:60].decode().strip(),
)
def test_what_is_no_http_is_refused_in_clerks_shape(url: str, sent: bytes, status: bytes) -> None:
    received = _exchange(url, sent)
    assert received.split(b" ")[1] == status
    assert b'"errors":[' in received


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Authorization:Bearer sk_test_local\r\n", b"200"),
        (b"AUTHORIZATION: Bearer\r\n\tsk_test_local\r\n", b"200"),  # a line that goes on
        (b"Authorization: Bearer sk_test_local\n", b"200"),
        (b"no colon\r\nAuthorization: Bearer sk_test_local\r\n", b"200"),
        (b"X-Number: 1\r\n" * 100, b"431"),
        (b"X-Long: %b\r\n" % (b"1" * 65_536), b"431"),
    ],
    ids=["plain", "folded", "bare line ends", "no header", "too many", "too long"],
)
def test_headers_are_read_in_any_form(url: str, head: bytes, status: bytes) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(b"GET /v1/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + head + b"\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    ("version", "connection", "is_kept"),
    [("1.1", "", True), ("1.1", "Close", False), ("1.0", "", False), ("1.0", "Keep-Alive", True)],
)
def test_connections_are_kept_as_clients_wish(url: str, version: str, connection: str, is_kept: bool) -> None:
    request = f"GET /v1/users HTTP/{version}\r\nHost: localhost\r\n"
    request += f"Connection: {connection}\r\n\r\n" if connection else "\r\n"
    received = _exchange(url, request.encode() * 2)
    assert received.count(b"HTTP/1.1 401 Unauthorized\r\nserver: local-clerk\r\ndate: ") == 1 + is_kept
    assert (b"\r\nconnection: close\r\n" in received) is not is_kept


def test_a_client_that_waits_to_send_its_body_is_told_to_go_on(url: str, headers: dict[str, str]) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            b"POST /v1/redirect_urls HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
            b"Authorization: Bearer sk_test_local\r\nContent-Length: 17\r\n\r\n"
        )
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b'{"url":"app://x"}')
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")


def test_mistakes_of_the_service_are_answers(
    url: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(call: object) -> None:
        raise ZeroDivisionError

    httpx.get(f"{url}/v1/instance", headers=headers)  # whose handlers are there from now on
    monkeypatch.setitem(HANDLERS, "GetInstance", ("stateful", broken))
    answer = httpx.get(f"{url}/v1/instance", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, "internal_clerk_error")
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_it_ends_with_its_context(local: LocalClerk, headers: dict[str, str]) -> None:
    with httpx.Client(headers=headers) as client:
        with local.serve() as url:
            assert client.get(f"{url}/v1/users").status_code == 200
        with pytest.raises(httpx.TransportError):
            client.get(f"{url}/v1/users")
        with local.serve(urlsplit(url).port or 0) as again:
            assert again == url
            assert client.get(f"{url}/v1/users").status_code == 200


def test_a_body_of_endless_length_is_refused(url: str, local: LocalClerk, capsys: pytest.CaptureFixture[str]) -> None:
    head = f"POST /v1/users HTTP/1.1\r\nauthorization: Bearer {local.secret_key}\r\ncontent-length: {'9' * 5_000}"
    received = _exchange(url, head.encode() + b"\r\n\r\n" + bytes(BODY_LIMIT + 1))
    assert received.startswith(b"HTTP/1.1 413 ")
    assert capsys.readouterr().err == ""


def test_clients_that_break_off_leave_no_traceback(
    url: str, local: LocalClerk, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = urlsplit(url)
    sent = [
        b"",
        b"GET /v1/us",
        b"GET /v1/users HTTP/1.1\r\nauthorization: Bearer",
        b"POST /v1/users HTTP/1.1\r\ncontent-length: 100\r\n\r\n{",
        b"POST /v1/users HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{",
        f"GET /v1/users HTTP/1.1\r\nauthorization: Bearer {local.secret_key}\r\n\r\n".encode() * 50,
    ]
    for data in sent * 5:
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            connection.sendall(data)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
    assert httpx.get(f"{url}/v1/users", headers={"authorization": f"Bearer {local.secret_key}"}).status_code == 200
    assert capsys.readouterr().err == ""


def test_what_else_goes_wrong_is_told(local: LocalClerk, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer(local._service, 0, Access()) as server:
        for error, told in ((ConnectionResetError(), ""), (ZeroDivisionError(), "ZeroDivisionError")):
            try:
                raise error
            except (OSError, ZeroDivisionError):
                server.handle_error(None, ("127.0.0.1", 1))
            assert told in capsys.readouterr().err or not told


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:4010", "[::1]:4010"])
def test_this_machine_may_ask(url: str, headers: dict[str, str], host: str) -> None:
    assert httpx.get(f"{url}/v1/users", headers={**headers, "host": host}).status_code == 200


@pytest.mark.parametrize("host", ["rebound.example", "localhost.rebound.example:4010", "127.0.0.1.nip.io", ""])
def test_another_host_is_refused_unless_it_is_allowed(local: LocalClerk, headers: dict[str, str], host: str) -> None:
    for allowed, status in (((), 403), (("clerk.test",), 403), ((host.partition(":")[0].upper(),), 200), (("*",), 200)):
        with local.serve(allowed_hosts=allowed) as url:
            answer = httpx.get(f"{url}/v1/users", headers={**headers, "host": host})
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["errors"][0]["code"] == "not_allowed_access"
    assert len(local.requests) == 2


def test_pages_may_call_it_where_their_origin_is_allowed(local: LocalClerk, headers: dict[str, str]) -> None:
    origin = "http://localhost:3000"
    asks = {"origin": origin, "access-control-request-method": "PATCH", "access-control-request-headers": "x-a"}
    for allowed in ([origin], ["*"]):
        with local.serve(allowed_origins=allowed) as url:
            preflight = httpx.options(f"{url}/v1/users", headers=asks)
            assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, origin)
            assert "PATCH" in preflight.headers["access-control-allow-methods"]
            assert preflight.headers["access-control-allow-headers"] == "x-a"
            answer = httpx.get(f"{url}/v1/users", headers={**headers, "origin": origin})
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)
            assert answer.headers["vary"] == "origin"
            refused = httpx.get(f"{url}/v1/users", headers={"origin": origin})
            assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, origin)
            assert "access-control-allow-origin" not in httpx.get(f"{url}/v1/users", headers=headers).headers


def test_pages_of_other_origins_are_kept_out(local: LocalClerk, headers: dict[str, str]) -> None:
    asks = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    for allowed in ([], ["http://localhost:3000"]):
        with local.serve(allowed_origins=allowed) as url:
            for answer in (httpx.options(f"{url}/v1/users", headers=asks), httpx.get(url, headers=asks)):
                assert answer.status_code in (401, 405)
                assert not [name for name in answer.headers if name.startswith("access-control-")]

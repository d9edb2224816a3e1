"""Bodies of every kind, hostile ones among them: an answer comes, and never a failure of the service."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk.testing import API_URL, LocalClerk
from clerk.testing._handling.bodies import DEPTH_LIMIT
from clerk.testing._http.transports import LocalTransport

TYPE = "multipart/form-data; boundary=x"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def post(path: str, body: bytes, content_type: str) -> httpx.Response:
    with LocalClerk(check_answers=True) as local:
        (user_id,) = local.seed_users(1)
        headers = {"authorization": f"Bearer {local.secret_key}", "content-type": content_type}
        with httpx.Client(transport=LocalTransport(local._service), base_url=f"{API_URL}/v1") as client:
            return client.post(path.replace("{id}", user_id), content=body, headers=headers)


def upload(body: bytes, content_type: str = TYPE) -> int:
    return post("/users/{id}/profile_image", body, content_type).status_code


def part(content: bytes, *head: bytes) -> bytes:
    return b"--x\r\n" + b"\r\n".join([*head, b"", content]) + b"\r\n"


FILE = b'content-disposition: form-data; name="file"; filename="a.png"'


def test_an_upload() -> None:
    assert upload(part(PNG, FILE, b"content-type: image/png") + b"--x--\r\n") == 200
    assert upload(b"preamble\r\n" + part(PNG, FILE.upper().replace(b'"FILE"', b'"file"')) + b"--x--") == 200
    assert upload(part(PNG, FILE) + b"--x--", 'Multipart/Form-Data; boundary="x"') == 200
    encoded = b"content-disposition: form-data; name=file; filename*=UTF-8''%e2%82%ac.png"
    assert upload(part(PNG, encoded) + b"--x--\r\nepilogue") == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x--",
        part(PNG, FILE),
        part(PNG, FILE) + b"--x",
        b"--xy\r\n" + PNG + b"--x--",
        part(PNG) + b"--x--",
        part(PNG, b"content-disposition: form-data") + b"--x--",
        part(PNG, b'content-disposition: form-data; name="other"; filename="a.png"') + b"--x--",
    ],
)
def test_uploads_that_are_none(body: bytes) -> None:
    assert upload(body) in (400, 422)


def test_parts_within_parts_are_nobodys_business() -> None:
    inner = PNG
    for number in range(2_000):
        boundary = f"b{number}".encode()
        inner = b"--%s\r\ncontent-type: multipart/mixed; boundary=b%d\r\n\r\n%s\r\n--%s--\r\n" % (
            *(boundary, max(0, number - 1), inner, boundary),
        )
    body = part(inner, FILE, b"content-type: multipart/mixed; boundary=b1999") + b"--x--"
    answer = post("/users/{id}/profile_image", body, TYPE)
    assert answer.json()["errors"][0]["code"] == "form_param_value_invalid"  # it is no picture


@pytest.mark.parametrize("content_type", ["", "multipart/form-data", "multipart/mixed; boundary=x", "a/b; boundary=x"])
def test_other_types(content_type: str) -> None:
    assert upload(part(PNG, FILE) + b"--x--", content_type) in (400, 415)


PIECES = st.sampled_from(
    [
        *(b"--x\r\n", b"--x--", b"\r\n", b"\r\n\r\n", b"\n", b":", b"content-disposition", b"form-data; name=", FILE),
        *(b'"', b"file", b"filename*0*=UTF-8''%ff", b"filename*=x'y", b"; ", b"content-type: multipart/x; boundary=x"),
        *(b"\x00", b"\xff\xfe", b"=?utf-8?q?=zz?=", b"content-transfer-encoding: base64", PNG),
    ]
)


@given(st.lists(PIECES, max_size=14))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_multipart_body_is_answered(pieces: list[bytes]) -> None:
    assert upload(b"".join(pieces)) in (200, 400, 413, 415, 422)


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_content_type_is_answered(text: str) -> None:
    for content_type in (text, f"multipart/form-data; boundary={text}", f'multipart/form-data; boundary="{text}"'):
        body = part(PNG, FILE) + b"--x--"
        sent = content_type.encode("latin-1")
        with LocalClerk() as local, httpx.Client(transport=LocalTransport(local._service)) as client:
            (user_id,) = local.seed_users(1)
            headers = [(b"authorization", f"Bearer {local.secret_key}".encode()), (b"content-type", sent)]
            answer = client.post(f"{API_URL}/v1/users/{user_id}/profile_image", content=body, headers=headers)
        assert answer.status_code in (200, 400, 415, 422)


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_json_may_have_so_many_levels(opening: bytes) -> None:
    closing = b"}" if opening.startswith(b"{") else b"]"
    for depth, status in ((DEPTH_LIMIT - 1, 200), (DEPTH_LIMIT, 400), (900, 400), (100_000, 400)):
        metadata = opening * (depth - 1) + b'{"a": 1}' + closing * (depth - 1)
        if not opening.startswith(b"{"):
            metadata = b'{"a": ' + opening * (depth - 1) + b"1" + closing * (depth - 1) + b"}"
        body = b'{"username": "somebody", "public_metadata": ' + metadata + b"}"
        answer = post("/users", body, "application/json")
        assert answer.status_code == status, depth
        if status == 400:
            assert answer.json()["errors"][0]["code"] == "request_body_invalid"


def test_many_values_beside_each_other_are_no_levels() -> None:
    body = json.dumps({"username": "somebody", "public_metadata": {"a": [[]] * 1_000}})
    assert post("/users", body.encode(), "application/json").status_code == 200

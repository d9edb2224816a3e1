"""The local service is no laxer than the real one: over all operations where the kind is general."""

from __future__ import annotations

import re

import httpx
import pytest

from clerk.testing._core import handler_of
from clerk.testing._document.operations import Operation, load_document
from clerk.testing._document.samples import sample
from clerk.testing._resources.samples import SAMPLE_IDS

from .test_refusals import errors

BODILESS = [operation for operation in load_document().operations.values() if operation.body_kind == "none"]


@pytest.mark.parametrize("operation", BODILESS, ids=lambda operation: str(operation.id))
def test_a_body_is_refused_where_none_is_declared(raw: httpx.Client, operation: Operation) -> None:
    document = load_document()
    path = operation.path.format(
        **{name: sample(one.schema, document) for name, one in operation.path_parameters.items()}
    )
    required = {name: sample(one.schema, document) for name, one in operation.query.items() if one.required}
    status = operation.declared(422, 400)
    answer = raw.request(operation.method, path, json={"b": 1, "a": None}, params=required)
    if answer.status_code != 404:
        assert (answer.status_code, errors(answer)) == (status, [("form_param_unknown", n) for n in ("a", "b")])
        listed = raw.request(operation.method, path, json=[1], params=required)
        assert errors(listed) == [("request_body_invalid", None)]
        nothing = raw.request(operation.method, path, json={}, params=required)
        assert "form_param_unknown" not in nothing.text


def test_there_are_many_without_a_body() -> None:
    assert len(BODILESS) > 100


@pytest.mark.parametrize(
    "identifier", ["", "nobody", "ada@", "@example.com", "*@", "+1", "0x12", "ada @example.com", "1" * 31]
)
@pytest.mark.parametrize("name", ["allowlist", "blocklist"])
def test_identifiers_that_are_none_say_what_may_be_one(raw: httpx.Client, name: str, identifier: str) -> None:
    answer = raw.post(f"/{name}_identifiers", json={"identifier": identifier})
    assert errors(answer) == [("form_param_format_invalid", "identifier")]
    (error,) = answer.json()["errors"]
    if not re.search(r"[@+]", identifier):
        assert "*@ followed by a domain, a phone number or a wallet's address" in error["long_message"]


PICTURES = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "older gif": b"GIF87a",
    "webp": b"RIFF\x24\n\0\0WEBPVP8 ",
}
OTHERS = [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BM", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7", b"PNG", b"\0" * 30]


@pytest.mark.parametrize("kind", ["user", "organization", "OAuth application"])
def test_pictures_of_some_kinds_and_10_mb_are_taken(raw: httpx.Client, kind: str) -> None:
    method, path, status = {
        "user": ("POST", f"/users/{_made(raw, '/users', username='somebody')}/profile_image", 400),
        "organization": ("PUT", f"/organizations/{_made(raw, '/organizations', name='A')}/logo", 400),
        "OAuth application": (
            "PUT",
            f"/oauth_applications/{_made(raw, '/oauth_applications', name='A')}/logo",
            400,
        ),
    }[kind]
    operation = load_document().route(path)
    assert operation is not None
    status = operation[0][method].declared(422, 400)

    def send(content: bytes) -> httpx.Response:
        # What it is called and said to be doesn't count.
        return raw.request(method, path, files={"file": ("a.txt", content, "text/plain")})

    for picture in PICTURES.values():
        assert send(picture).status_code == 200
    assert send(PICTURES["png"].ljust(10_000_000, b"\0")).status_code == 200
    too_large = send(PICTURES["png"].ljust(10_000_001, b"\0"))
    assert (too_large.status_code, errors(too_large)) == (status, [("form_param_exceeds_allowed_size", "file")])
    for other in OTHERS:
        assert (send(other).status_code, errors(send(other))) == (status, [("form_param_value_invalid", "file")])


def _made(raw: httpx.Client, path: str, **body: str) -> str:
    identifier: str = raw.post(path, json=body).json()["id"]
    return identifier


ABOUT_SOMETHING = [
    operation
    for operation in load_document().operations.values()
    if operation.path_parameters and handler_of(operation)[0] == "sample"
]


@pytest.mark.parametrize("operation", ABOUT_SOMETHING, ids=lambda operation: str(operation.id))
def test_samples_are_about_what_is_there(raw: httpx.Client, operation: Operation) -> None:
    there = {"user_id": _made(raw, "/users", username="somebody"), "provider": "oauth_google"}
    there |= {"organization_id": _made(raw, "/organizations", name="A")}
    there |= {name: identifier for name, (_, identifier) in SAMPLE_IDS.items()}
    body = {} if operation.body_kind == "none" else sample(operation.body_schema, load_document())

    def status(**changed: str) -> int:
        path = operation.path.format(**{**there, **changed})
        return raw.request(operation.method, path, json=body).status_code

    assert status() == operation.status
    for name in operation.path_parameters.keys() - {"provider"}:
        assert status(**{name: f"{there[name]}_2"}) == 404


def test_what_samples_list_can_be_got(raw: httpx.Client) -> None:
    user_id = _made(raw, "/users", username="somebody")
    (statement,) = raw.get("/billing/statements").json()["data"]
    assert raw.get(f"/billing/statements/{statement['id']}").json()["id"] == statement["id"]
    (item,) = raw.get("/billing/subscription_items").json()["data"]
    assert raw.delete(f"/billing/subscription_items/{item['id']}").json()["id"] == item["id"]
    (device,) = raw.get(f"/users/{user_id}/trusted_devices").json()["data"]
    assert raw.delete(f"/users/{user_id}/trusted_devices/{device['id']}").status_code == 200


METADATA = [
    (operation.id, operation.method, operation.path)
    for operation in load_document().operations.values()
    if operation.path.endswith("/metadata")
]


@pytest.mark.parametrize(("operation_id", "method", "path"), METADATA)
def test_null_empties_a_bag_of_metadata(raw: httpx.Client, operation_id: str, method: str, path: str) -> None:
    user_id = _made(raw, "/users", username="somebody")
    organization_id = _made(raw, "/organizations", name="A", created_by=user_id)
    path = path.format(user_id=user_id, organization_id=organization_id)
    bags = {"public_metadata": {"a": {"b": 1}}, "private_metadata": {"c": 2}}
    raw.request(method, path, json=bags)
    answer = raw.request(method, path, json={"public_metadata": None, "private_metadata": {"c": None, "d": 3}})
    assert answer.status_code == 200
    assert answer.json()["public_metadata"] == {}
    assert answer.json()["private_metadata"] == ({"d": 3} if method == "PATCH" else {"c": None, "d": 3})

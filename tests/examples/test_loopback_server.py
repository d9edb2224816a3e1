"""The stand-in that the quickstart runs on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from examples import loopback_server
from generator.building import corrected_document

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    service = loopback_server.Service(corrected_document(ROOT), loopback_server.SECRET_KEY)
    headers = {"Authorization": f"Bearer {loopback_server.SECRET_KEY}"}
    with loopback_server.serve(service) as url, httpx.Client(base_url=f"{url}/v1", headers=headers) as client:
        yield client


@pytest.mark.parametrize("authorization", ["", "Bearer sk_test_another", "Basic sk_test_loopback"])
def test_another_key_is_refused(client: httpx.Client, authorization: str) -> None:
    response = client.get("/users", headers={"Authorization": authorization})
    assert response.status_code == 401
    assert response.json()["errors"][0]["code"] == "clerk_key_invalid"


def test_created_user_is_kept_updated_and_deleted(client: httpx.Client) -> None:
    created = client.post("/users", json={"first_name": "Ada", "email_address": ["ada@example.com"]}).json()
    url = f"/users/{created['id']}"
    assert client.patch(url, json={"last_name": "Lovelace"}).status_code == 200
    user = client.get(url).json()
    assert (user["first_name"], user["last_name"]) == ("Ada", "Lovelace")
    assert user["email_addresses"][0]["email_address"] == "ada@example.com"
    assert user in client.get("/users").json()
    assert client.delete(url).json() == {"object": "user", "id": created["id"], "deleted": True}
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("path", ["/users/user_missing", "/nothing/here"])
def test_what_is_missing_is_404_in_clerks_form(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "resource_not_found"


def test_fixed_path_goes_before_one_with_a_parameter(client: httpx.Client) -> None:
    assert client.get("/users/count").json()["object"] == "total_count"


def test_operation_without_content_answers_204(client: httpx.Client) -> None:
    response = client.post("/webhooks/svix")
    assert response.status_code == 200
    response = client.delete("/webhooks/svix")
    assert (response.status_code, response.content) == (204, b"")


def test_quickstart_tells_its_story() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.loopback_server", "examples/quickstart.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    sync, asynchronous = done.stdout.split("\n\n")
    assert "Created Ada Byron, user_" in sync
    assert "Updated: now Ada Lovelace" in sync
    assert "Created Joan" in asynchronous
    assert "Updated: now Joan Clarke" in asynchronous
    for part in (sync, asynchronous):
        assert "Grace Hopper, user_" in part
        assert "email address is grace@example.com" in part
        assert "Caught NotFoundError: " in part


def test_exit_code_is_that_of_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os\nassert os.environ['CLERK_API_URL'].startswith('http://127.0.0.1:')\nraise SystemExit(7)\n"
    )
    assert loopback_server.run(str(script)) == 7

"""Models and pages where pydantic and FastAPI take them."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, TypeAdapter, ValidationError

from clerk import AsyncPage, Page, create_clerk_client, models
from tests.conduct.listing import ListService
from tests.faults.bodies import USER, user
from tests.support.clients import SECRET_KEY

ADA = models.User.from_dict(user(private_metadata={"plan": "gold"}, verification_attempts_remaining=None))


@pytest.fixture
def page() -> Page[models.User]:
    service = ListService([USER, ADA.to_dict()])
    with create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": service}) as client:
        return client.users.get_user_list()


def without_none(data: Any) -> Any:  # Any: JSON data
    if isinstance(data, dict):
        return {name: without_none(value) for name, value in data.items() if value is not None}
    return [without_none(item) for item in data] if isinstance(data, list) else data


class Account(BaseModel):
    user: models.User
    friends: list[models.User] = []
    seen: dict[str, models.User | None] = {}
    verification: models.VerificationOTP | models.VerificationAdmin | None = None


def test_a_model_in_a_model_of_pydantic() -> None:
    account = Account(user=ADA, friends=[USER, ADA], seen={"a": ADA, "b": None})  # type: ignore[list-item]  # it is read

    assert account.user is ADA
    assert account.friends == [models.User.from_dict(USER), ADA]
    assert account.model_dump()["seen"] == {"a": ADA.to_dict(), "b": None}
    assert Account.model_validate_json(account.model_dump_json()) == account
    assert account.model_dump(include={"user": {"id"}}) == {"user": {"id": "user_1"}}
    assert json.loads(account.model_dump_json(exclude={"user", "friends"})) == {
        "seen": {"a": ADA.to_dict(), "b": None},
        "verification": None,
    }
    assert None not in account.model_dump(exclude_none=True)["user"].values()


def test_what_breaks_the_document_is_refused_without_being_shown() -> None:
    broken = {**USER, "banned": "planted", "email_addresses": [{"id": "planted"}]}
    with pytest.raises(ValidationError) as caught:
        Account(user=broken)  # type: ignore[arg-type]  # that is the point

    assert {".".join(map(str, error["loc"])) for error in caught.value.errors()} >= {
        "user.banned",
        "user.email_addresses[].email_address",
    }
    assert "planted" not in f"{caught.value} {caught.value.errors()}"


@pytest.mark.parametrize("kind", [Page, AsyncPage])
def test_pages(page: Page[models.User], kind: Any) -> None:
    adapter = TypeAdapter(kind[models.User])
    data = {"data": [USER, ADA.to_dict()], "total_count": 2}

    made = adapter.validate_python({**data, "more": 1})
    assert type(made) is kind
    assert made == page
    assert dict(made) == {"data": page.data, "total_count": 2, "more": 1}
    assert adapter.validate_json(json.dumps(data)) == page
    assert adapter.dump_python(made) == {**data, "more": 1}
    assert adapter.dump_python(made, include={"data": {"__all__": {"id"}}}) == {"data": [{"id": "user_1"}] * 2}
    assert list(adapter.json_schema()["properties"]) == ["data", "total_count"]
    with pytest.raises(ValueError, match="made from data alone"):
        made.auto_paging_iter()
    refused: list[Any] = [None, [], {"data": [5], "total_count": 1}, {"data": None, "total_count": 0}]
    for wrong in refused:
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)


def test_a_page_of_the_sync_client_is_itself(page: Page[models.User]) -> None:
    assert TypeAdapter(Page[models.User]).validate_python(page) is page
    assert TypeAdapter(Page).dump_python(page)["total_count"] == 2
    with pytest.raises(KeyError):
        page["nothing"]


@pytest.fixture
def service(page: Page[models.User]) -> TestClient:
    app = FastAPI()

    @app.get("/user")
    async def get_user() -> models.User:
        return ADA

    @app.get("/some", response_model_include={"id", "first_name"})
    async def get_some() -> models.User:
        return ADA

    @app.get("/none", response_model_exclude_none=True)
    async def get_without_none() -> models.User:
        return ADA

    @app.get("/users")
    async def get_users() -> list[models.User]:
        return page.data

    @app.get("/page")
    async def get_page() -> Page[models.User]:
        return page

    @app.get("/user-as-it-comes")
    async def get_anything():  # type: ignore[no-untyped-def]  # that is the point
        return ADA

    @app.get("/page-as-it-comes")
    def get_any_page():  # type: ignore[no-untyped-def]  # that is the point
        return page

    @app.post("/user")
    async def take(user: Annotated[models.User, Body()]) -> str:
        return user.id

    return TestClient(app)


def test_fastapi(service: TestClient, page: Page[models.User]) -> None:
    whole = ADA.to_dict()
    some = {"id": "user_1", "first_name": "Ada"}
    listed = {"data": [USER, whole], "total_count": 2}

    assert service.get("/user").json() == service.get("/user-as-it-comes").json() == whole
    assert whole["private_metadata"] == {"plan": "gold"}, "it goes out too, and the docs say so"
    assert service.get("/some").json() == some
    assert service.get("/none").json() == without_none(whole)
    assert service.get("/users").json() == listed["data"]
    assert service.get("/page").json() == service.get("/page-as-it-comes").json() == listed
    assert service.post("/user", json=whole).json() == "user_1"
    refused = service.post("/user", json={**whole, "banned": None})
    assert (refused.status_code, refused.json()["detail"][0]["loc"]) == (422, ["body", "banned"])


def test_fastapi_takes_what_has_a_property_that_hides_a_method_of_mappings() -> None:
    app = FastAPI()
    keys = {"keys": [{"kty": "oct", "k": "a", "kid": "b", "alg": "HS256", "use": "sig"}]}
    jwks = models.JWKS.from_dict(keys)
    app.add_api_route("/plain", lambda: jwks)
    app.add_api_route("/described", lambda: jwks, response_model=models.JWKS)
    with TestClient(app) as client:
        assert client.get("/plain").json() == client.get("/described").json() == jwks.to_dict() == keys
    assert vars(jwks) == keys
    copied = copy.deepcopy(jwks)
    assert copied == pickle.loads(pickle.dumps(jwks)) == jwks


def test_fastapi_describes_them(service: TestClient) -> None:
    described = service.get("/openapi.json").json()

    assert {"User", "EmailAddress", "Page_User_"} <= described["components"]["schemas"].keys()
    assert described["components"]["schemas"]["User"]["properties"]["id"]["type"] == "string"


def test_pydantic_is_not_loaded_by_this_package() -> None:
    code = f"""
import sys
from clerk import models, create_clerk_client
user = models.User.from_dict({USER!r})
repr(user), user.to_dict(), dict(user)
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("pydantic", "pydantic_core", "cattrs")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

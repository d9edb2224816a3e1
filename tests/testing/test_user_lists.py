"""Lists of users: filters, orders, pages, counts."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clerk.testing import LocalClerk
from clerk.testing._store.tables import Table

from .conftest import Client, Refused


@pytest.fixture
def people(client: Client, local: LocalClerk) -> dict[str, str]:
    """Name -> id of four users, the oldest first."""
    ada = client.users.create_user(
        email_address=["ada@example.com", "countess@example.org"],
        username="ada_l",
        first_name="Ada",
        last_name="Lovelace",
        external_id="1",
        created_at="2020-01-01T00:00:00Z",
    )
    grace = client.users.create_user(
        email_address=["grace@example.com"],
        phone_number=["+15555550100"],
        first_name="Grace",
        last_name="Hopper",
        external_id="2",
        created_at="2021-01-01T00:00:00Z",
    )
    alan = client.users.create_user(
        web3_wallet=["0x" + "a" * 40], first_name="Alan", banned=True, created_at="2022-01-01T00:00:00Z"
    )
    edsger = client.users.create_user(username="edsger", created_at="2023-01-01T00:00:00Z")
    client.sessions.create_session(user_id=grace.id)
    return {"ada": ada.id, "grace": grace.id, "alan": alan.id, "edsger": edsger.id}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "edsger alan grace ada"),
        ({"email_address": ["countess@example.org", "GRACE@example.com", "x@example.com"]}, "grace ada"),
        ({"phone_number": ["+15555550100"]}, "grace"),
        ({"username": ["edsger", "nobody"]}, "edsger"),
        ({"web3_wallet": ["0x" + "a" * 40]}, "alan"),
        ({"external_id": ["1", "+2", "3"]}, "grace ada"),
        ({"external_id": ["-1"]}, "edsger alan grace"),
        ({"query": "LOVE"}, "ada"),
        ({"query": "example.com"}, "grace ada"),
        ({"query": "0xaaaa"}, "alan"),
        ({"query": "edsg"}, "edsger"),
        ({"query": "ada lovelace"}, "ada"),
        ({"email_address_query": "COUNTESS"}, "ada"),
        ({"phone_number_query": "555"}, "grace"),
        ({"username_query": "DSG"}, "edsger"),
        ({"name_query": "opp"}, "grace"),
        ({"banned": True}, "alan"),
        ({"banned": False}, "edsger grace ada"),
        ({"created_at_after": 1_609_459_200_000}, "edsger alan"),
        ({"created_at_before": 1_609_459_200_000}, "ada"),
        ({"last_active_at_after": 1}, "grace"),
        ({"last_active_at_before": 1}, ""),
        ({"last_active_at_since": 1}, "grace"),
        ({"last_sign_in_at_after": 1}, "grace"),
        ({"provider": "oauth_google", "provider_user_id": ["1"]}, ""),
        ({"query": "ada", "banned": True}, ""),
        ({"email_address": ["ada@example.com"], "username": ["edsger"]}, ""),
        ({"order_by": "created_at"}, "ada grace alan edsger"),
        ({"order_by": "+first_name"}, "edsger ada alan grace"),
        ({"order_by": "-first_name"}, "grace alan ada edsger"),
        ({"order_by": "-email_address"}, "grace ada edsger alan"),
        ({"order_by": "-username"}, "edsger ada alan grace"),
        ({"order_by": "-last_sign_in_at", "limit": 1}, "grace"),
        ({"order_by": "-phone_number", "limit": 1}, "grace"),
        ({"order_by": "-web3wallet", "limit": 1}, "alan"),
        ({"limit": 2, "offset": 1}, "alan grace"),
        ({"limit": 2, "offset": 3}, "ada"),
        ({"offset": 10}, ""),
        ({"limit": 1, "offset": 1, "banned": False}, "grace"),
        ({"external_id": ["1", "2"], "limit": 1, "order_by": "+created_at"}, "ada"),
    ],
)
def test_filters(client: Client, people: dict[str, str], filters: dict[str, Any], expected: str) -> None:
    names = {identifier: name for name, identifier in people.items()}
    assert " ".join(names[user.id] for user in client.users.get_user_list(**filters)) == expected
    counted = {name: value for name, value in filters.items() if name not in ("limit", "offset", "order_by")}
    if counted == filters:
        assert client.users.get_count(**filters) == len(expected.split())


def test_filters_by_user_and_organization(client: Client, people: dict[str, str]) -> None:
    ada, grace, alan = people["ada"], people["grace"], people["alan"]
    organization = client.organizations.create_organization(name="Acme", created_by=ada)
    client.organizations.create_organization_membership(organization.id, user_id=alan, role="org:member")
    found = client.users.get_user_list(organization_id=[organization.id])
    assert [user.id for user in found] == [alan, ada]
    assert client.users.get_count(organization_id=[f"-{organization.id}"]) == 2
    assert [user.id for user in client.users.get_user_list(user_id=[f"+{grace}", "user_1"])] == [grace]
    assert client.users.get_count(user_id=[f"-{grace}"]) == 3
    assert client.users.get_count(user_id=[f"-{grace}", ada]) == 1


def test_cursors(client: Client, people: dict[str, str], refused: Refused) -> None:
    alan, ada = people["alan"], people["ada"]
    after = client.users.get_user_list(starting_after=alan)
    assert [user.id for user in after] == [people["grace"], ada]
    ascending = client.users.get_user_list(starting_after=alan, order_by="+created_at")
    assert [user.id for user in ascending] == [people["edsger"]]
    narrowed = client.users.get_user_list(starting_after=alan, external_id=["1", "2"], limit=1)
    assert [user.id for user in narrowed] == [people["grace"]]
    upwards = client.users.get_user_list(starting_after=ada, external_id=["1", "2"], order_by="created_at")
    assert [user.id for user in upwards] == [people["grace"]]
    wrong = (422, [("form_param_value_invalid", "starting_after")])
    assert refused(client.users.get_user_list, starting_after=alan, offset=1) == wrong
    assert refused(client.users.get_user_list, starting_after=alan, order_by="username") == wrong
    assert refused(client.users.get_user_list, starting_after="user_1") == wrong


def test_lists_have_limits(client: Client, refused: Refused) -> None:
    many = [f"u{number}" for number in range(101)]
    assert refused(client.users.get_user_list, user_id=many) == (422, [("form_param_array_size_exceeded", "user_id")])
    alone = (422, [("form_param_missing", "provider_user_id")])
    assert refused(client.users.get_user_list, provider="oauth_google") == alone


def test_a_plus_that_became_a_blank_is_one(raw: httpx.Client, local: LocalClerk) -> None:
    first, _ = local.seed_users(2)
    assert raw.get("/users?order_by=+created_at").json()[0]["id"] == first
    assert [user["id"] for user in raw.get(f"/users?user_id=+{first}").json()] == [first]


def test_whole_numbers_may_be_written_as_others(raw: httpx.Client, local: LocalClerk) -> None:
    local.seed_users(2)
    assert len(raw.get("/users?limit=1.0&offset=0.0").json()) == 1
    assert raw.get("/users?limit=1.5").status_code == 422


def test_the_first_of_several_orders_counts(raw: httpx.Client, local: LocalClerk) -> None:
    first, _ = local.seed_users(2)
    assert raw.get("/users?order_by=created_at&order_by=-created_at").json()[0]["id"] == first


def test_pages_cost_what_they_are_long(client: Client, local: LocalClerk, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = local.seed_users(100_000)
    for order in ("created_at", "email_address"):
        client.users.get_user_list(limit=1, order_by=order)  # sorts
    read = 0
    get, page = dict.__getitem__, Table.page

    class Counting(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            nonlocal read
            read += 1
            return get(self, key)

        def values(self) -> Any:
            raise AssertionError("all rows are read")

    users = local._service.core.state.users
    users._rows = Counting(users._rows)
    assert page is Table.page
    for offset in (0, 50_000, 99_990):
        found = client.users.get_user_list(limit=10, offset=offset)
        assert [user.id for user in found] == ids[::-1][offset : offset + 10]
    assert read == 30
    assert client.users.get_user_list(limit=10, order_by="email_address", offset=99_990)[9].id
    after = client.users.get_user_list(limit=10, starting_after=ids[50_000])
    assert [user.id for user in after] == ids[49_990:50_000][::-1]
    assert client.users.get_count() == 100_000
    assert read <= 60


def test_what_is_sorted_stays_sorted(client: Client, local: LocalClerk) -> None:
    local.seed_users(3)
    client.users.get_user_list(order_by="first_name")
    client.users.get_user_list(order_by="email_address")
    client.users.create_user(email_address=["a@example.com"], first_name="Aaron")
    user = client.users.get_user_list(order_by="email_address", limit=1)[0]
    assert user.first_name == "Aaron"
    client.users.update_user(user.id, first_name="Zoe")
    assert client.users.get_user_list(order_by="-first_name", limit=1)[0].id == user.id
    client.users.delete_user(user.id)
    assert client.users.get_count() == 3
    assert len(client.users.get_user_list(order_by="-first_name")) == 3

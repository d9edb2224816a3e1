from __future__ import annotations

import asyncio
import copy
import pickle
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from clerk import (
    UNSET,
    ClerkAPIResponseError,
    InternalServerError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.conduct.listing import (
    CONCURRENCIES,
    ListService,
    access_tokens,
    all_redirect_urls,
    all_users,
    collect,
    ids,
    ids_of,
    organizations,
    redirect_urls,
    users,
)
from tests.faults.bodies import JSONDict, user
from tests.support.clients import SECRET_KEY, Kind

# Where to go on.


def test_users_in_order_of_creation_go_by_cursor(kind: Kind) -> None:
    service = ListService(users(1012), key=None)

    assert ids(collect(kind, service, all_users)) == ids_of(service.items)
    assert service.pages == [
        (None, None, None),
        ("500", None, "user_9"),
        ("500", None, "user_509"),
        ("500", None, "user_1009"),
    ]


@pytest.mark.parametrize("order_by", ["created_at", "+created_at", "-created_at"])
def test_an_order_by_creation_keeps_the_cursor(kind: Kind, order_by: str) -> None:
    service = ListService(users(5), key=None)

    assert len(collect(kind, service, lambda client: client.users.get_user_list(order_by=order_by, limit=2))) == 5
    assert service.pages == [("2", None, None), ("2", None, "user_1"), ("2", None, "user_3")]
    assert {query["order_by"] for query in service.queries} == {order_by}


@pytest.mark.parametrize(
    "filters", [{"order_by": "last_active_at"}, {"order_by": "-email_address"}, {"offset": 1}], ids=str
)
def test_other_orders_and_offsets_go_by_offset(kind: Kind, filters: dict[str, Any]) -> None:
    service = ListService(users(5), key=None)
    start = filters.get("offset", 0)

    found = collect(kind, service, lambda client: client.users.get_user_list(limit=2, **filters))

    assert ids(found) == ids_of(service.items[start:])
    assert [offset for _, offset, _ in service.pages[1:]] == [str(start + 2), str(start + 4)]
    assert {cursor for _, _, cursor in service.pages} == {None}


def test_an_offset_of_zero_is_no_reason_against_the_cursor(kind: Kind) -> None:
    service = ListService(users(3), key=None)

    assert len(collect(kind, service, lambda client: client.users.get_user_list(limit=2, offset=0))) == 3
    assert service.pages == [("2", "0", None), ("2", None, "user_1")]


@CONCURRENCIES
def test_a_walk_that_begins_at_a_cursor_goes_on_by_cursor(kind: Kind, concurrency: int) -> None:
    service = ListService(users(7), key=None)

    found = collect(
        kind,
        service,
        lambda client: client.users.get_user_list(limit=2, starting_after="user_1"),
        concurrency=concurrency,
    )

    assert ids(found) == ids_of(service.items[2:])
    assert service.pages == [("2", None, "user_1"), ("2", None, "user_3"), ("2", None, "user_5")]


def test_everything_else_goes_by_offset(kind: Kind) -> None:
    service = ListService(redirect_urls(1012), key=None)

    assert ids(collect(kind, service, all_redirect_urls)) == ids_of(service.items)
    assert service.pages == [(None, None, None), ("500", "10", None), ("500", "510", None), ("500", "1010", None)]


@CONCURRENCIES
def test_filters_go_with_every_page(kind: Kind, concurrency: int) -> None:
    service = ListService(users(6), key=None)

    collect(
        kind,
        service,
        lambda client: client.users.get_user_list(limit=2, query="ada", email_address=["a@b.c"]),
        concurrency=concurrency,
    )

    assert len(service.queries) >= 4
    assert {(query["query"], query["email_address"]) for query in service.queries} == {("ada", "a@b.c")}


# How much of it.


@CONCURRENCIES
def test_a_limit_that_was_given_is_kept(kind: Kind, concurrency: int) -> None:
    service = ListService(redirect_urls(8))

    found = collect(
        kind,
        service,
        lambda client: client.redirect_urls.get_redirect_url_list(limit=3, offset=1),
        concurrency=concurrency,
    )

    assert ids(found) == ids_of(service.items[1:])
    assert service.pages == [("3", "1", None), ("3", "4", None), ("3", "7", None)]


@CONCURRENCIES
def test_without_a_limit_later_pages_are_as_large_as_the_service_allows(kind: Kind, concurrency: int) -> None:
    token = {
        "object": "machine_to_machine_token",
        "subject": "mch_1",
        "expiration": None,
        "expired": False,
        "last_used_at": None,
        "revocation_reason": None,
        "revoked": False,
        "created_at": 1,
        "updated_at": 1,
    }
    items = [{"id": f"mt_{number}", **token} for number in range(130)]
    service = ListService(items, key="m2m_tokens", maximum=100)

    found = collect(kind, service, lambda client: client.m2m.list(subject="mch_1"), concurrency=concurrency)

    assert ids(found) == ids_of(items)
    assert service.pages == [(None, None, None), ("100", "10", None), ("100", "110", None)]


@pytest.mark.parametrize("key", [None, "data"])
@pytest.mark.parametrize("maximum", [500, 2000])
@CONCURRENCIES
def test_a_limit_above_the_maximum(kind: Kind, concurrency: int, maximum: int, key: str | None) -> None:
    service = ListService(redirect_urls(1600), maximum=maximum, key=key)

    found = collect(
        kind, service, lambda client: client.redirect_urls.get_redirect_url_list(limit=1000), concurrency=concurrency
    )

    assert ids(found) == ids_of(service.items)
    assert {limit for limit, _, _ in service.pages[1:]} == {"500"}


@pytest.mark.parametrize(("items", "begin"), [(users(25), all_users), (redirect_urls(25), all_redirect_urls)])
def test_a_page_is_gone_before_the_next_is_fetched(
    kind: Kind, items: list[JSONDict], begin: Callable[[Any], Any]
) -> None:
    """Jobs go through more items than memory holds."""
    service = ListService(items, key=None if begin is all_users else "data", maximum=10)
    seen: list[weakref.ref[Any]] = []
    alive: list[int] = []
    service.between = lambda _: alive.append(sum(item() is not None for item in seen))
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "http_options": {"transport": service}}

    def see(item: Any) -> None:
        seen.append(weakref.ref(item))

    async def go_through() -> None:
        async with create_async_clerk_client(**options) as client:
            async for item in (await begin(client)).auto_paging_iter():
                see(item)

    if kind == "sync":
        with create_clerk_client(**options) as client:
            for item in begin(client).auto_paging_iter():
                see(item)
    else:
        asyncio.run(go_through())

    assert len(seen) == 25
    assert alive == [0, 1, 1], "only the item that the loop has at hand"


# Where it ends.


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (9, 1), (10, 2), (11, 2), (509, 2), (510, 3)])
def test_a_short_page_is_the_last(kind: Kind, count: int, pages: int) -> None:
    service = ListService(redirect_urls(count), key=None)

    assert len(collect(kind, service, all_redirect_urls)) == count
    assert len(service.queries) == pages


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (10, 1), (11, 2), (510, 2), (511, 3)])
@CONCURRENCIES
def test_with_a_total_nothing_is_asked_for_beyond_it(kind: Kind, count: int, pages: int, concurrency: int) -> None:
    service = ListService(redirect_urls(count))

    assert len(collect(kind, service, all_redirect_urls, concurrency=concurrency)) == count
    assert len(service.queries) == pages


@CONCURRENCIES
def test_a_total_that_changes(kind: Kind, concurrency: int) -> None:
    service = ListService(redirect_urls(30))

    def grow(number: int) -> None:
        if number == 1:
            service.items += redirect_urls(45)[30:]

    service.between = grow
    found = collect(
        kind, service, lambda client: client.redirect_urls.get_redirect_url_list(limit=10), concurrency=concurrency
    )

    assert ids(found) == ids_of(service.items)
    assert len(found) == 45


class Capped(ListService):
    """Gives 100 items a page at most, whatever it is asked for."""

    def _page(self, query: dict[str, str]) -> list[JSONDict]:
        return super()._page({**query, "limit": str(min(100, int(query.get("limit", "10"))))})


@pytest.mark.parametrize("key", [None, "data"])
@pytest.mark.parametrize("limit", [100, 500, 1000])
@CONCURRENCIES
def test_a_service_that_gives_less_than_it_is_asked_for(
    kind: Kind, concurrency: int, limit: int, key: str | None
) -> None:
    service = Capped(redirect_urls(1250), key=key)

    found = collect(
        kind, service, lambda client: client.redirect_urls.get_redirect_url_list(limit=limit), concurrency=concurrency
    )

    assert ids(found) == ids_of(service.items)
    assert len(service.queries) <= 13 + 3 * concurrency


@CONCURRENCIES
def test_a_service_that_gives_less_than_the_client_asks_for_by_itself(kind: Kind, concurrency: int) -> None:
    service = Capped(redirect_urls(1250))

    assert ids(collect(kind, service, all_redirect_urls, concurrency=concurrency)) == ids_of(service.items)


def test_users_of_a_service_that_gives_less_than_it_is_asked_for(kind: Kind) -> None:
    service = Capped(users(253), key=None)

    assert len(collect(kind, service, lambda client: client.users.get_user_list(limit=500))) == 253
    assert [cursor for _, _, cursor in service.pages] == [None, "user_99", "user_199"]


@CONCURRENCIES
def test_organizations_that_come_by_the_hundred(kind: Kind, concurrency: int) -> None:
    service = Capped(organizations(250))

    found = collect(
        kind, service, lambda client: client.organizations.get_organization_list(limit=500), concurrency=concurrency
    )

    assert ids(found) == ids_of(service.items)
    assert [offset for _, offset, _ in service.pages] == [None, "100", "200"]


@CONCURRENCIES
def test_items_without_ids_that_come_by_the_hundred(kind: Kind, concurrency: int) -> None:
    service = Capped(access_tokens(1230), key=None)

    found = collect(
        kind,
        service,
        lambda client: client.users.get_user_oauth_access_token("user_1", "oauth_google", limit=500),
        concurrency=concurrency,
    )

    assert [item.provider_user_id for item in found] == [str(number) for number in range(1230)]


class Deaf(ListService):
    """Answers with the same items, whatever it is asked."""

    def _page(self, query: dict[str, str]) -> list[JSONDict]:
        return self.items


@pytest.mark.parametrize("total", [None, 10, 11, 1_000_000])
@pytest.mark.parametrize("make", [redirect_urls, access_tokens])
@CONCURRENCIES
def test_a_service_that_answers_the_same_whatever_the_offset(
    kind: Kind, concurrency: int, make: Callable[[int], list[JSONDict]], total: int | None
) -> None:
    service = Deaf(make(10), key=None if total is None else "data")
    service.total = lambda: total or 0

    def first(client: Any) -> Any:  # Any: either client, and the page or what gives it when awaited
        if make is redirect_urls:
            return client.redirect_urls.get_redirect_url_list(limit=10)
        return client.users.get_user_oauth_access_token("user_1", "oauth_google", limit=10)

    found = collect(kind, service, first, concurrency=concurrency)

    assert len(service.queries) <= 2 + concurrency
    # What has no ids may be alike and yet not the same.
    assert len(found) == (10 if make is redirect_urls or total == 10 else 20)


@pytest.mark.parametrize("total", [None, "250", -1, 7.5, True])
@CONCURRENCIES
def test_a_total_that_is_none_ends_nothing(kind: Kind, concurrency: int, total: Any) -> None:
    service = ListService(redirect_urls(25))
    service.total = lambda: total
    if total == -1:
        assert len(collect(kind, service, all_redirect_urls, concurrency=concurrency)) == 10
    else:
        found = collect(kind, service, all_redirect_urls, concurrency=concurrency)
        assert ids(found) == ids_of(service.items)


@CONCURRENCIES
def test_a_page_without_its_items_ends_the_walk(kind: Kind, concurrency: int) -> None:
    service = ListService(redirect_urls(25))
    whole = service._page
    service._page = lambda query: None if query.get("offset") == "10" else whole(query)  # type: ignore[assignment,method-assign,return-value]  # the null is the point

    found = collect(
        kind, service, lambda client: client.redirect_urls.get_redirect_url_list(limit=10), concurrency=concurrency
    )

    assert ids(found) == ids_of(service.items[:10])


@pytest.mark.parametrize("total", [0, 3])
def test_a_total_below_what_is_there_ends_the_walk(kind: Kind, total: int) -> None:
    service = ListService(redirect_urls(30))
    service.total = lambda: total

    assert len(collect(kind, service, all_redirect_urls)) == 10


def test_a_list_that_is_not_paged_is_one_page(kind: Kind) -> None:
    items = [{"id": f"blid_{number}", "identifier": "a"} for number in range(30)]
    service = ListService(items, default=30)

    found = collect(kind, service, lambda client: client.blocklist_identifiers.get_blocklist_identifier_list())

    assert ids(found) == ids_of(items)
    assert len(service.queries) == 1


@CONCURRENCIES
def test_a_service_that_ignores_the_cursor_is_not_asked_for_ever(kind: Kind, concurrency: int) -> None:
    service = ListService(users(10), key=None)
    service._page = lambda _: service.items  # type: ignore[assignment,method-assign]  # as if there were no parameters

    found = collect(
        kind,
        service,
        lambda client: client.users.get_user_list(limit=10, starting_after="user_3"),
        concurrency=concurrency,
    )

    assert ids(found) == ids_of(service.items)
    assert len(service.queries) == 2


# What changes in between.


@pytest.mark.parametrize("order_by", ["-created_at", "created_at"])
def test_writes_in_between_neither_repeat_nor_skip_users(kind: Kind, order_by: str) -> None:
    service = ListService(users(12), key=None)
    there_all_along = [item["id"] for item in service.items if item["id"] not in ("user_0", "user_3")]

    def write(number: int) -> None:
        if number == 1:
            service.items[:] = [item for item in service.items if item["id"] not in ("user_0", "user_3")]
        if order_by == "-created_at":
            service.items.insert(0, user(id=f"user_new_{number}"))
        else:
            service.items.append(user(id=f"user_new_{number}"))
        if number > 6:
            service.between = lambda _: None

    service.between = write
    found = ids(collect(kind, service, lambda client: client.users.get_user_list(order_by=order_by, limit=5)))

    assert len(found) == len(set(found))
    assert [name for name in found if name in there_all_along] == there_all_along


@pytest.mark.parametrize("key", [None, "data"])
def test_by_offset_what_comes_twice_is_dropped(kind: Kind, key: str | None) -> None:
    service = ListService(redirect_urls(9), key=key)
    service.between = lambda number: service.items.insert(0, {**redirect_urls(1)[0], "id": f"ru_new_{number}"})

    found = collect(kind, service, lambda client: client.redirect_urls.get_redirect_url_list(limit=4))

    assert ids(found) == [f"ru_{number}" for number in range(9)]


@CONCURRENCIES
def test_items_without_ids_are_all_kept(kind: Kind, concurrency: int) -> None:
    service = ListService(access_tokens(25), default=10, maximum=10, key=None)

    found = collect(
        kind,
        service,
        lambda client: client.users.get_user_oauth_access_token("user_1", "oauth_google", limit=10),
        concurrency=concurrency,
    )

    assert [item.provider_user_id for item in found] == [str(number) for number in range(25)]


@pytest.mark.parametrize("identity", [UNSET, None, 7], ids=str)
def test_users_whose_ids_are_missing_go_on_by_offset(kind: Kind, identity: object) -> None:
    items = [{name: value for name, value in one.items() if name != "id"} for one in users(25)]
    if identity is not UNSET:
        items = [{**one, "id": identity} for one in items]
    service = ListService(items, key=None)

    assert len(collect(kind, service, lambda client: client.users.get_user_list(limit=10))) == 25
    assert service.pages == [("10", None, None), ("10", "10", None), ("10", "20", None)]


def test_a_user_without_an_id_in_the_middle_of_the_walk(kind: Kind) -> None:
    service = ListService(users(25), key=None)
    service.items[14]["id"] = None

    found = collect(kind, service, lambda client: client.users.get_user_list(limit=5))

    assert ids(found) == ids_of(service.items)
    assert [cursor or offset for _, offset, cursor in service.pages] == [
        None,
        "user_4",
        "user_9",
        "15",
        "user_19",
        "user_24",
    ]


# Pages themselves.


def test_a_page_can_be_walked_from_again(kind: Kind) -> None:
    service = ListService(redirect_urls(25), key=None)
    pages: list[Any] = []

    def remember(client: Any) -> Any:  # Any: either client, and the page or what gives it when awaited
        if kind == "sync":
            pages.append(client.redirect_urls.get_redirect_url_list(limit=10))
            return pages[0]

        async def fetch() -> Any:  # Any: a page
            pages.append(await client.redirect_urls.get_redirect_url_list(limit=10))
            return pages[0]

        return fetch()

    first = collect(kind, service, remember)
    page = pages[0]

    assert (len(page), page[0], page[-1], page[1:3]) == (10, first[0], first[9], first[1:3])
    assert list(page) == page.data == first[:10]
    assert first[0] in page
    assert page.total_count is None
    assert repr(page).endswith("Page: 10>")


DUPLICATES = pytest.mark.parametrize(
    "duplicate",
    [
        copy.copy,
        copy.deepcopy,
        *(partial(lambda protocol, page: pickle.loads(pickle.dumps(page, protocol)), n) for n in range(2, 6)),
    ],
    ids=["copy", "deepcopy", *(f"pickle {n}" for n in range(2, 6))],
)


@DUPLICATES
def test_a_page_travels_without_its_client(kind: Kind, duplicate: Callable[[Any], Any]) -> None:
    service = ListService(redirect_urls(25))
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "http_options": {"transport": service}}

    def limit(client: Any) -> Any:  # Any: either client, and the page or what gives it when awaited
        return client.redirect_urls.get_redirect_url_list(limit=10)

    def check(page: Any, twin: Any) -> None:  # Any: pages of either client
        assert twin == page
        assert (twin.data, twin.total_count, type(twin)) == (page.data, 25, type(page))
        assert SECRET_KEY.encode() not in pickle.dumps(twin)
        with pytest.raises(ValueError, match=r"no client .*auto_paging_iter\(client="):
            twin.auto_paging_iter()

    if kind == "sync":
        with create_clerk_client(**options) as client:
            page = limit(client)
            twin = duplicate(page)
            check(page, twin)
            assert list(twin.auto_paging_iter(client=client)) == list(page.auto_paging_iter())
        return

    async def go() -> None:
        async with create_async_clerk_client(**options) as client:
            page = await limit(client)
            twin = duplicate(page)
            check(page, twin)
            walked = [item async for item in twin.auto_paging_iter(concurrency=2, client=client)]
            assert walked == [item async for item in page.auto_paging_iter()]

    asyncio.run(go())


@DUPLICATES
def test_a_whole_list_needs_no_client(duplicate: Callable[[Any], Any]) -> None:
    for items in (redirect_urls(3), redirect_urls(0)):
        service = ListService(items)
        with create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": service}) as client:
            page = duplicate(client.redirect_urls.get_redirect_url_list())
        assert ids(list(page.auto_paging_iter(concurrency=3))) == ids_of(items)


def test_pages_compare_by_what_they_hold() -> None:
    def page(count: int, key: str | None = None) -> Any:  # Any: a page
        service = ListService(redirect_urls(count), key=key)
        with create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": service}) as client:
            return client.redirect_urls.get_redirect_url_list()

    assert page(2) == page(2)
    assert page(2) != page(3)
    assert page(2) != page(2, "data")
    assert page(2) != [1, 2]
    assert repr(page(2, "data")) == "<Page: 2 of 2>"
    with pytest.raises(TypeError, match="unhashable"):
        hash(page(2))


def test_a_failing_first_page_is_an_error_of_the_call(kind: Kind) -> None:
    service = ListService(users(3))
    service.failures = {0: 500}

    with pytest.raises(InternalServerError):
        collect(kind, service, all_users)


def test_a_cursor_beside_an_offset_is_for_the_service_to_refuse(kind: Kind) -> None:
    service = ListService(users(3), key=None)

    with pytest.raises(ClerkAPIResponseError, match="cursor_beside_offset"):
        collect(kind, service, lambda client: client.users.get_user_list(starting_after="user_0", offset=1))

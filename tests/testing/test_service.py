"""The local service as a whole: faults, what was received, time, threads."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

import clerk
from clerk import AuthenticationError, ClerkConnectionError, ClerkTimeoutError, InternalServerError, RateLimitError
from clerk.testing import API_URL, LocalClerk
from clerk.testing._core import AnswerError, check_answer, handler_of
from clerk.testing._document.operations import load_document
from clerk.testing._handling.request import HANDLERS
from clerk.testing._http.transports import LocalTransport

from .conftest import Client


def test_each_service_has_a_state_of_its_own() -> None:
    with LocalClerk() as one, LocalClerk(secret_key="sk_test_other") as other:
        one.seed_users(2)
        assert one.client().users.get_count() == 2
        assert other.client().users.get_count() == 0
        assert other.secret_key == "sk_test_other"
        with pytest.raises(AuthenticationError):
            other.client(secret_key=one.secret_key).users.get_count()


def test_clients_take_options(local: LocalClerk) -> None:
    client = local.client(api_version="2024-10-01", http_options={"headers": {"x-mine": "1"}})
    client.users.get_count()
    (received,) = local.requests
    assert received.headers["x-mine"] == "1"
    assert received.headers["clerk-api-version"] == "2024-10-01"


async def test_the_async_client_does_the_same(local: LocalClerk) -> None:
    async with local.async_client(http_options={"headers": {"x-mine": "1"}}) as client:
        user = await client.users.create_user(email_address=["ada@example.com"])
        found = await client.users.get_user_list()
        assert [one.id for one in found] == [user.id]
        local.fail_next(delay=0.01)
        assert await client.users.get_count() == 1
    assert local.requests[0].headers["x-mine"] == "1"


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 418, 422, 429, 500, 502, 503])
def test_statuses_on_demand(client: Client, local: LocalClerk, status: int) -> None:
    local.fail_next(status=status, times=2, retry_after=3)
    for _ in range(2):
        with pytest.raises(clerk.ClerkAPIResponseError) as caught:
            client.users.create_user(username="somebody")
        assert (caught.value.status_code, caught.value.retry_after) == (status, 3)
        assert caught.value.errors[0].code
    assert client.users.get_count() == 0
    assert [one.status for one in local.requests] == [status, status, 200]


def test_connections_break_off_on_demand(client: Client, local: LocalClerk) -> None:
    local.fail_next(drop=True)
    with pytest.raises(ClerkConnectionError) as caught:
        client.users.create_user(username="somebody")
    assert isinstance(caught.value.__cause__, httpx.ReadError)
    assert client.users.get_count() == 0
    assert local.requests[0].status is None


async def test_connections_break_off_for_the_async_client_too(local: LocalClerk) -> None:
    local.fail_next(drop=True)
    async with local.async_client(max_retries=0) as client:
        with pytest.raises(ClerkConnectionError):
            await client.users.get_count()


def test_answers_are_late_on_demand(local: LocalClerk) -> None:
    local.fail_next(delay=60, times=2)
    with local.client(max_retries=0, http_options={"timeout": 0.01}) as client:
        with pytest.raises(ClerkTimeoutError):
            client.users.create_user(username="somebody")
        assert local.requests == []

        async def late() -> None:
            async with local.async_client(max_retries=0, http_options={"timeout": 0.01}) as patient:
                await patient.users.get_count()

        with pytest.raises(ClerkTimeoutError):
            asyncio.run(late())
        local.fail_next(delay=0.001)
        assert client.users.get_count() == 0


def test_delays_without_a_timeout(local: LocalClerk) -> None:
    local.fail_next(delay=0.01, status=503)
    patient = local.client(max_retries=0, deadline=None, http_options={"timeout": None})
    with patient as client, pytest.raises(InternalServerError):
        client.users.get_count()


@pytest.mark.parametrize("wrong", [{"drop": True}, {"status": 504}, {"delay": 60}, {"delay": 0.001, "drop": True}])
async def test_requests_are_carried_out_and_their_answers_lost(local: LocalClerk, wrong: dict[str, Any]) -> None:
    options: Any = {"max_retries": 0, "http_options": {"timeout": 0.01}}
    for times in (1, 2):
        local.fail_next(carried_out=True, **wrong)
        with local.client(**options) as client, pytest.raises((ClerkConnectionError, InternalServerError)):
            client.users.create_user(username=f"sync_{times}")
        local.fail_next(carried_out=True, **wrong)
        async with local.async_client(**options) as patient:
            with pytest.raises((ClerkConnectionError, InternalServerError)):
                await patient.users.create_user(username=f"async_{times}")
        assert local.client().users.get_count() == 2 * times


def test_a_delete_that_was_carried_out_meets_nothing_at_its_second_try(local: LocalClerk) -> None:
    (user_id,) = local.seed_users(1)
    local.fail_next(drop=True, carried_out=True, method="DELETE")
    with pytest.raises(clerk.NotFoundError):
        local.client().users.delete_user(user_id)
    assert [one.status for one in local.requests] == [None, 404]


def test_faults_are_meant_for_some_requests(client: Client, local: LocalClerk) -> None:
    local.fail_next(status=429, method="post", path="/users")
    local.fail_next(status=503, path="/v1/organizations")
    assert client.users.get_count() == 0
    with pytest.raises(RateLimitError):
        client.users.create_user(username="somebody")
    assert client.users.create_user(username="somebody").id
    with pytest.raises(InternalServerError):
        client.organizations.get_organization_list()


def test_faults_that_are_none(local: LocalClerk) -> None:
    with pytest.raises(ValueError, match="pass at least one of status, drop and delay"):
        local.fail_next()
    with pytest.raises(ValueError, match="times"):
        local.fail_next(status=503, times=0)


def test_what_was_received_is_kept_without_the_key(client: Client, local: LocalClerk) -> None:
    client.users.get_user_list(limit=2, user_id=["a", "b"])
    client.users.create_user(username="somebody")
    listed, created = local.requests
    assert (listed.method, listed.path, listed.json) == ("GET", "/v1/users", None)
    assert listed.query == {"limit": ["2"], "user_id": ["a", "b"]}
    assert created.json == {"username": "somebody"}
    assert created.headers["authorization"] == f"Bearer {local.secret_key}"
    assert local.secret_key not in repr(local.requests)
    assert "'path'" not in repr(created)
    assert "json={'username': 'somebody'}" in repr(created)


def test_requests_are_kept_within_bounds(local: LocalClerk) -> None:
    """40 uploads of 1 MiB: the latest 16 are kept."""
    (user_id,) = local.seed_users(1)
    image = b"\x89PNG\r\n\x1a\n" + bytes(2**20 - 400)
    with local.client() as client:
        for _ in range(40):
            client.users.update_user_profile_image(user_id, file=("a.png", image, "image/png"))
        assert len(local.requests) == 16
        assert sum(len(one.body) for one in local.requests) <= 2**24
        client.users.update_user_profile_image(user_id, file=("a.png", image * 9, "image/png"))
        assert 1 <= len(local.requests) <= 8
        client.users.get_count()
        assert local.requests[-2].body.count(b"PNG") == 9
        local.reset()
        assert local.requests == []


def test_no_more_requests_are_kept_than_a_test_needs() -> None:
    from clerk.testing._http import received

    kept = received.ReceivedRequests()
    for number in range(received.REQUESTS_LIMIT + 5):
        kept.add(received.ReceivedRequest("GET", f"/{number}", {}, {}, b""))
    assert len(kept.all()) == received.REQUESTS_LIMIT
    assert kept.all()[0].path == "/5"
    kept.add(received.ReceivedRequest("POST", "/large", {}, {}, bytes(received.BODIES_LIMIT + 1)))
    assert [one.path for one in kept.all()] == ["/large"]


def test_reset_forgets_everything(client: Client, local: LocalClerk) -> None:
    client.users.create_user(username="somebody")
    local.advance(3600)
    local.fail_next(status=503)
    local.reset()
    assert local.requests == []
    user = client.users.create_user(username="somebody")
    assert user.created_at < time.time() * 1000 + 60_000
    assert client.users.get_count() == 1


def test_snapshots(client: Client, local: LocalClerk) -> None:
    first = client.users.create_user(username="first", public_metadata={"a": [1]})
    before = local.snapshot()
    second = client.users.create_user(username="second")
    client.users.update_user_metadata(first.id, public_metadata={"a": [2]})
    for _ in range(2):
        local.restore(before)
        assert [one.id for one in client.users.get_user_list()] == [first.id]
        assert client.users.get_user(first.id) == first
        client.users.delete_user(first.id)
    assert second.id not in [one.id for one in client.users.get_user_list()]
    assert "content" not in repr(before)


def test_seeds(client: Client, local: LocalClerk) -> None:
    client.users.create_user(email_address=["user2@example.com"])
    ids = local.seed_users(3)
    found = client.users.get_user_list(order_by="created_at")[1:]
    assert [one.id for one in found] == ids
    assert [one.email_addresses[0].email_address for one in found] == [
        "user1@example.com",
        "user3@example.com",
        "user4@example.com",
    ]
    assert found[0].first_name
    assert local.seed_users(0) == []


def test_32_threads_lose_nothing_and_see_nothing_twice(local: LocalClerk) -> None:
    threads, each = 32, 8

    def work(number: int) -> tuple[list[str], list[str]]:
        with local.client() as client:
            made = [client.users.create_user(username=f"user_{number}_{index}").id for index in range(each)]
            page, seen = client.users.get_user_list(limit=20), list[str]()
            while len(page):
                seen += [user.id for user in page]
                page = client.users.get_user_list(limit=20, starting_after=seen[-1])
            return made, seen

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(work, range(threads)))
    made = {identifier for own, _ in results for identifier in own}
    assert len(made) == threads * each
    for own, seen in results:
        assert len(set(seen)) == len(seen)
        assert set(own) <= set(seen) <= made
    everything = list(local.client().users.get_user_list(limit=100).auto_paging_iter())
    assert {user.id for user in everything} == made


def test_the_default_clients_can_lead_here(local: LocalClerk) -> None:
    from clerk import clerk_client, users

    with local.as_default():
        clerk_client.users.create_user(username="somebody")
        assert users.get_count() == 1
        assert clerk.async_clerk_client is not None
    with pytest.raises(clerk.ClerkConfigurationError, match="CLERK_SECRET_KEY"):
        clerk_client.users.get_count()


def test_mistakes_of_the_service_are_not_hidden(local: LocalClerk, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(call: Any) -> Any:
        return {"keys": 1}

    def broken(call: Any) -> Any:
        call.state.redirect_urls.add(call.state.stamped("ru", url="x"))
        raise ZeroDivisionError

    local.client().instance.get()  # whose handlers are there from now on
    local.client().jwks.get_jwks()
    monkeypatch.setitem(HANDLERS, "GetInstance", ("stateful", broken))
    monkeypatch.setitem(HANDLERS, "GetJWKS", ("stateful", wrong))
    with httpx.Client(transport=LocalTransport(local._service), base_url=API_URL) as client:
        client.headers["authorization"] = f"Bearer {local.secret_key}"
        with pytest.raises(ZeroDivisionError):
            client.get("/v1/instance")
        assert client.get("/v1/redirect_urls").json() == []
        with pytest.raises(AnswerError, match="GetJWKS 200"):
            client.get("/v1/jwks")


def test_answers_without_a_body_have_nothing_to_check(local: LocalClerk) -> None:
    from clerk.testing._answers import Answer

    check_answer(load_document().operations["UpdateInstance"], Answer(204, {}))


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys, importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'jwt' else find(name, *rest)\n"
        "from clerk.testing import LocalClerk\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "clerk.testing needs jwt" in done.stderr
    assert "pip install 'clerk-client[testing]'" in done.stderr


def test_only_what_is_there_is_there() -> None:
    from clerk import testing

    assert dir(testing) == sorted(testing.__all__)
    for name in testing.__all__:
        assert getattr(testing, name) is not None
    assert not {"respond", "take_fault"} & set(dir(testing.LocalClerk))
    with pytest.raises(AttributeError, match="Nothing"):
        testing.Nothing  # type: ignore[attr-defined]  # noqa: B018  # what is not there is asked for


def test_every_handler_is_found_by_the_path_of_its_operation() -> None:
    from clerk.testing import _resources

    folder = Path(str(_resources.__file__)).parent
    texts = {
        ".".join(path.relative_to(folder).with_suffix("").parts): path.read_text() for path in folder.rglob("*.py")
    }
    with_handlers = {name for name, text in texts.items() if "answers(" in text or ".register()" in text}
    assert with_handlers == set(_resources.HOMES)
    for operation in load_document().operations.values():
        named = {name for name in with_handlers if f'"{operation.id}"' in texts[name]}
        assert named <= set(_resources.homes_of(operation.path)), operation.id
        assert named or handler_of(operation)[0] != "stateful", operation.id


def test_only_the_handlers_that_are_asked_are_loaded() -> None:
    code = """if True:
        import sys
        from clerk.testing import LocalClerk
        with LocalClerk() as local:
            local.client().users.get_count()
        print(*(name for name in sys.modules if name.startswith("clerk.testing._resources.users.")))
        print(*(name for name in ("asyncio", "clerk.auth", "jsonschema_rs", "jwt") if name in sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    users, others = done.stdout.split("\n")[:2]
    assert "clerk.testing._resources.users.lists" in users
    assert "clerk.testing._resources.users.contacts" not in users
    assert others == ""


def test_the_plain_package_loads_nothing_of_it() -> None:
    code = "import sys, clerk; clerk.ClerkClient; print([n for n in sys.modules if n.startswith('clerk.testing')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Lists and counts of users: filters, orders, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from ..._answers import JSON, refusal
from ..._handling import checks as checks
from ..._handling.listing import order_of
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from .records import contacts_of, show_user

Test = Callable[[Record], bool]

_VALUES_LIMIT = 100
_ORDERS = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "email_address": "_email_address",
    "web3wallet": "_web3wallet",
    "first_name": "first_name",
    "last_name": "last_name",
    "phone_number": "_phone_number",
    "username": "username",
    "last_active_at": "last_active_at",
    "last_sign_in_at": "last_sign_in_at",
}
_CONTACTS = ("email_address", "phone_number", "web3_wallet")


@answers("GetUserList")
def list_users(request: CheckedRequest) -> JSON:
    """GET /users."""
    field, descending = order_of(request, _ORDERS)
    offset, limit = request.query["offset"], request.query["limit"]
    after = _cursor(request, field)
    chosen, tests = _chosen(request), _tests(request)
    users = request.state.users
    if chosen is None and not tests and after is None:
        found: Iterable[Record] = users.page(_ORDERS[field], descending=descending, offset=offset, limit=limit)
    else:
        in_order = _in_order(request, chosen, _ORDERS[field], descending=descending, after=after)
        found = islice((user for user in in_order if _passes(user, tests)), offset, offset + limit)
    return [show_user(request.state, user) for user in found]


@answers("GetUsersCount")
def count_users(request: CheckedRequest) -> JSON:
    """GET /users/count."""
    chosen, tests = _chosen(request), _tests(request)
    if chosen is None and not tests:
        total = len(request.state.users)
    else:
        users = request.state.users if chosen is None else map(request.state.users.get, chosen)
        total = sum(user is not None and _passes(user, tests) for user in users)
    return {"object": "total_count", "total_count": total}


def user_tests(request: CheckedRequest) -> list[Test]:
    """Return the tests that a user must pass for the filters that are not exact identifiers."""
    query, state = request.query, request.state
    tests: list[Test] = []
    for name in ("created_at", "last_active_at", "last_sign_in_at"):
        _add_time_tests(tests, name, query.get(f"{name}_after"), query.get(f"{name}_before"))
    if text := (query.get("query") or "").lower():
        tests.append(lambda user: any(text in known for known in _known(state, user)))
    tests += [
        _contact_test(state, kind, part)
        for kind in ("email_address", "phone_number")
        if (part := (query.get(f"{kind}_query") or "").lower())
    ]
    if name_part := (query.get("name_query") or "").lower():
        tests.append(lambda user: name_part in _full_name(user))
    if username_part := (query.get("username_query") or "").lower():
        tests.append(lambda user: username_part in (user.get("username") or "").lower())
    return tests


def exact_users(request: CheckedRequest) -> set[str] | None:
    """Return the ids of the users that match the filters by exact identifiers, or None if there are no such filters."""
    state = request.state
    chosen: set[str] | None = None
    for kind in _CONTACTS:
        if (values := _values(request, kind)) is not None:
            table = contacts_of(state, kind)
            keys = [value.lower() if kind == "email_address" else value for value in values]
            chosen = _narrowed(chosen, {contact["user_id"] for key in keys for contact in table.find(kind, key)})
    if (values := _values(request, "username")) is not None:
        chosen = _narrowed(chosen, {user["id"] for value in values for user in state.users.find("username", value)})
    return chosen


def _chosen(request: CheckedRequest) -> set[str] | None:
    state, chosen = request.state, exact_users(request)
    _check_provider(request)
    if request.query.get("provider") is not None:
        return set()  # nobody has an external account here
    for name, ids in (
        ("user_id", lambda value: {value}),
        ("external_id", lambda value: {user["id"] for user in state.users.find("external_id", value)}),
        (
            "organization_id",
            lambda value: {member["user_id"] for member in state.memberships.find("organization_id", value)},
        ),
    ):
        included = [value for value, excluded in _signed(request, name) if not excluded]
        if included:
            chosen = _narrowed(chosen, set().union(*map(ids, included)))
    return chosen


def _tests(request: CheckedRequest) -> list[Test]:
    tests, state, query = user_tests(request), request.state, request.query
    if "banned" in query:
        tests.append(lambda user: user.get("banned", False) is query["banned"])
    if (since := query.get("last_active_at_since")) is not None:
        tests.append(lambda user: (user.get("last_active_at") or -1) >= since)
    for name, of in (
        ("user_id", lambda user: {user["id"]}),
        ("external_id", lambda user: {user.get("external_id")}),
        (
            "organization_id",
            lambda user: {member["organization_id"] for member in state.memberships.find("user_id", user["id"])},
        ),
    ):
        excluded = {value for value, minus in _signed(request, name) if minus}
        if excluded:
            tests.append(_exclusion(of, excluded))
    return tests


def _exclusion(of: Callable[[Record], set[str]], excluded: set[str]) -> Test:
    return lambda user: not of(user) & excluded


def _passes(user: Record, tests: Iterable[Test]) -> bool:
    return all(test(user) for test in tests)


def _in_order(
    request: CheckedRequest, chosen: set[str] | None, field: str, *, descending: bool, after: Record | None
) -> Iterator[Record]:
    users = request.state.users
    if chosen is None:
        return users.ordered(field, descending=descending, after=after)
    found = [user for user in map(users.get, chosen) if user is not None]
    found.sort(key=lambda user: _place(user, field), reverse=descending)
    if after is not None:
        place = _place(after, field)
        found = [user for user in found if (_place(user, field) < place if descending else _place(user, field) > place)]
    return iter(found)


def _place(user: Record, field: str) -> tuple[bool, JSON, int]:
    value = user.get(field)
    return value is not None, "" if value is None else value, user["_sequence"]


def _cursor(request: CheckedRequest, field: str) -> Record | None:
    cursor: str | None = request.query.get("starting_after")
    if cursor is None:
        return None
    if field != "created_at" or request.query["offset"]:
        raise checks.invalid("starting_after", "starting_after needs the order of created_at, and no offset.")
    user = request.state.users.get(cursor)
    if user is None:
        raise checks.invalid("starting_after", f"There is no user with the id {cursor!r} to start after.")
    return user


def _values(request: CheckedRequest, name: str) -> list[str] | None:
    values: list[str] | None = request.query.get(name)
    if values is not None and len(values) > _VALUES_LIMIT:
        message = f"{name} takes at most {_VALUES_LIMIT} values."
        raise refusal("form_param_array_size_exceeded", message, parameter=name)
    return values


def _signed(request: CheckedRequest, name: str) -> list[tuple[str, bool]]:
    # A plus sign that was not percent-encoded arrives as a space.
    return [(value.lstrip("+- "), value.startswith("-")) for value in _values(request, name) or []]


def _narrowed(chosen: set[str] | None, ids: set[str]) -> set[str]:
    return ids if chosen is None else chosen & ids


def _check_provider(request: CheckedRequest) -> None:
    given = {name for name in ("provider", "provider_user_id") if name in request.query}
    if len(given) == 1:
        missing = ({"provider", "provider_user_id"} - given).pop()
        raise refusal("form_param_missing", "provider and provider_user_id must be given together.", parameter=missing)
    _values(request, "provider_user_id")


def _add_time_tests(tests: list[Test], name: str, after: int | None, before: int | None) -> None:
    if after is not None:
        tests.append(lambda user: user.get(name) is not None and user[name] > after)
    if before is not None:
        tests.append(lambda user: user.get(name) is not None and user[name] < before)


def _contact_test(state: State, kind: str, part: str) -> Test:
    table = contacts_of(state, kind)
    return lambda user: any(part in contact[kind].lower() for contact in table.find("user_id", user["id"]))


def _full_name(user: Record) -> str:
    return " ".join(filter(None, [user.get("first_name"), user.get("last_name")])).lower()


def _known(state: State, user: Record) -> Iterator[str]:
    yield _full_name(user)
    yield (user.get("username") or "").lower()
    yield user["id"].lower()
    for kind in _CONTACTS:
        for contact in contacts_of(state, kind).find("user_id", user["id"]):
            yield contact[kind].lower()

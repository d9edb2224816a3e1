"""What the documentation says of Clerk's SDK for Python, tried on it; what is so is told as JSON, claim by claim."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any, SupportsIndex

from tests.peers.official_python.steps import sdk, security

httpx: Any = import_module("httpx")  # of the peer's environment
jwt: Any = import_module("jwt")
rsa: Any = import_module("cryptography.hazmat.primitives.asymmetric.rsa")
serialization: Any = import_module("cryptography.hazmat.primitives.serialization")

KEY = "sk_test_that_nobody_has"
COUNT = {"object": "total_count", "total_count": 1}
Answer = Callable[[Any], Any]  # from a request of the peer's httpx to its answer
CLAIMS: dict[str, Callable[[], bool]] = {}


class Clock:
    """The clock, which goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        time.time = lambda: self.now
        time.sleep = self._sleep

    def _sleep(self, seconds: float | SupportsIndex) -> None:
        self.slept.append(float(seconds))
        self.now += float(seconds)


def claim(function: Callable[[], bool]) -> Callable[[], bool]:
    """Have a claim tried."""
    CLAIMS[function.__name__] = function
    return function


def client(answer: Answer, seen: list[Any] | None = None) -> Any:
    """Return a client that gets its answers from a function, and its requests noted."""

    def respond(request: Any) -> Any:
        if seen is not None:
            seen.append(request)
        return answer(request)

    return sdk.Clerk(bearer_auth=KEY, client=httpx.Client(transport=httpx.MockTransport(respond)))


def refused(status: int) -> Answer:
    """Answer with an error."""
    error = {"code": "some_code", "message": "no", "long_message": "no", "meta": {"param_name": "a", "other": [1]}}
    return lambda _: httpx.Response(status, json={"errors": [error], "clerk_trace_id": "trace_1"})


def error_of(status: int) -> Any:
    """Return what a call raises."""
    try:
        client(refused(status)).users.get(user_id="user_1")
    except sdk.models.ClerkBaseError as error:
        return error
    raise AssertionError(status)


@claim
def a_post_is_sent_again_after_503() -> bool:
    Clock()
    seen: list[Any] = []
    try:
        client(lambda _: httpx.Response(503, json={}), seen).users.create(email_address=["ada@example.com"])
    except sdk.models.ClerkBaseError:
        return len(seen) > 2 and {request.method for request in seen} == {"POST"}
    return False


@claim
def it_goes_on_for_an_hour() -> bool:
    clock = Clock()
    try:
        client(lambda _: httpx.Response(503, json={})).users.count()
    except sdk.models.ClerkBaseError:
        return 3600 <= clock.now < 3700
    return False


@claim
def it_waits_as_long_as_the_service_asks() -> bool:
    clock = Clock()
    answers = [httpx.Response(503, headers={"retry-after": "86400"}, json={}), httpx.Response(200, json=COUNT)]
    return client(lambda _: answers.pop(0)).users.count().total_count == 1 and clock.slept == [86400]


@claim
def a_429_is_not_sent_again() -> bool:
    clock, seen = Clock(), list[Any]()
    try:
        client(refused(429), seen).users.count()
    except sdk.models.ClerkBaseError:
        return len(seen) == 1 and clock.slept == []
    return False


@claim
def the_trace_id_is_in_the_text_of_the_body_only() -> bool:
    error = error_of(404)
    data = error.data.model_dump()
    return "trace_1" in error.body and not hasattr(error, "clerk_trace_id") and "trace_1" not in json.dumps(data)


@claim
def statuses_have_no_classes_of_their_own() -> bool:
    classes = {type(error_of(status)) for status in (400, 401, 403, 404, 409, 422, 429)}
    return classes == {sdk.models.ClerkErrors, sdk.models.SDKError}


@claim
def a_key_and_private_metadata_show() -> bool:
    made = client(lambda _: httpx.Response(200, json=[]))
    user = sdk.models.User.model_construct(private_metadata={"note": "nobody's business"})
    return KEY not in repr(made) and KEY in repr(made.sdk_configuration) and "nobody's business" in repr(user)


@claim
def ids_in_paths_are_not_encoded() -> bool:
    seen: list[Any] = []
    made = client(refused(404), seen)
    for identifier in ("..", "user_1/ban"):
        try:
            made.users.get(user_id=identifier)
        except sdk.models.ClerkBaseError:
            continue
    return [request.url.path for request in seen] == ["/v1", "/v1/users/user_1/ban"]


@claim
def defaults_are_added() -> bool:
    seen: list[Any] = []
    client(lambda _: httpx.Response(200, json=[]), seen).users.list(request={})
    return dict(seen[0].url.params) == {"limit": "10", "offset": "0", "order_by": "-created_at"}


@claim
def a_null_for_metadata_is_dropped() -> bool:
    seen: list[Any] = []
    try:
        made = client(refused(404), seen)
        made.users.update_metadata(user_id="user_1", public_metadata=None)
    except sdk.models.ClerkBaseError:
        return bool(json.loads(seen[0].content) == {})
    return False


def is_lost(answer: dict[str, object]) -> bool:
    try:
        client(lambda _: httpx.Response(200, json=answer)).users.count()
    except sdk.models.ClerkBaseError as error:
        return type(error).__name__ == "ResponseValidationError"
    return False


@claim
def an_answer_that_breaks_the_document_is_lost() -> bool:
    broken = {"a new value": {**COUNT, "object": "sum"}, "null": {**COUNT, "total_count": None}, "lack": {}}
    return all(map(is_lost, broken.values())) and not is_lost(COUNT)


@claim
def it_does_not_verify_webhooks() -> bool:
    webhooks = sdk.Clerk(bearer_auth=KEY).webhooks
    return not [name for name in (*dir(webhooks), *dir(security)) if "verify" in name and "token" not in name]


@claim
def there_are_no_handshakes_and_no_permissions() -> bool:
    statuses = {status.name for status in security.types.AuthStatus}
    return statuses == {"SIGNED_IN", "SIGNED_OUT"} and not hasattr(security.types.SessionAuthObjectV2, "has")


@claim
def tokens_are_let_in_that_must_not_be() -> bool:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = private.public_key().public_bytes(serialization.Encoding.PEM, spki).decode()
    claims = {"sub": "user_1", "sid": "sess_1", "exp": 4102444800, "iat": 0, "nbf": 0, "v": 2}
    odd = (
        {name: value for name, value in claims.items() if name != "exp"},
        {name: value for name, value in claims.items() if name != "sub"},
        {**claims, "sts": "pending"},
    )
    options = security.AuthenticateRequestOptions(secret_key=KEY, jwt_key=public)
    return all(
        security.authenticate_request(
            SimpleNamespace(headers={"Authorization": f"Bearer {jwt.encode(token, private, algorithm='RS256')}"}),
            options,
        ).is_signed_in
        for token in odd
    )


def tried(function: Callable[[], bool]) -> bool | str:
    """Return what comes of a claim; an exception as its text."""
    try:
        return function()
    except Exception:  # noqa: BLE001  # the test shows it
        return traceback.format_exc()


if __name__ == "__main__":
    sys.stdout.write(json.dumps({name: tried(function) for name, function in CLAIMS.items()}))

"""What a request must be to pass for a webhook of Clerk's."""

from __future__ import annotations

import base64
import copy
import email.message
import pickle
import random
import types
from typing import Any

import httpx
import pytest
from django.http.request import HttpHeaders
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from clerk import ClerkConfigurationError, ClerkError, WebhookVerificationError, events, verify_webhook
from clerk._webhook_keys import signing_keys
from tests.webhooks.signing import BODY, EVENT, OTHER_SECRET, SECRET, body_of, signature, signed

NOW = 1_764_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it be NOW, and a bit."""
    monkeypatch.setattr("clerk._webhooks.time", types.SimpleNamespace(time=lambda: NOW + 0.999))


def refused(body: Any, headers: Any, **options: Any) -> WebhookVerificationError:
    with pytest.raises(WebhookVerificationError) as caught:
        verify_webhook(body, headers, **{"signing_secret": SECRET, **options})
    return caught.value


def test_a_signed_event() -> None:
    event = verify_webhook(BODY, signed(message_id="msg_2"), signing_secret=SECRET)

    assert event.message_id == "msg_2"
    assert event.type == "user.deleted"
    assert event.to_dict() == EVENT


@pytest.mark.parametrize(
    "body", [BODY, BODY.decode(), bytearray(BODY), memoryview(BODY)], ids=["bytes", "text", "bytearray", "memoryview"]
)
def test_the_body_is_bytes_or_text(body: Any) -> None:
    assert verify_webhook(body, signed(), signing_secret=SECRET).to_dict() == EVENT


def test_text_beyond_ascii_is_signed_as_utf_8() -> None:
    body = '{"type": "é.ü", "data": "日本"}'

    assert verify_webhook(body, signed(body.encode()), signing_secret=SECRET).to_dict()["type"] == "é.ü"


@pytest.mark.parametrize("body", [None, EVENT, 1, [BODY]])
def test_another_body_is_a_mistake_of_the_caller(body: Any) -> None:
    with pytest.raises(TypeError, match=f"must be the bytes that were received, or a str, not {type(body).__name__}"):
        verify_webhook(body, signed(), signing_secret=SECRET)


def environ(headers: dict[str, str]) -> dict[str, Any]:
    return {"wsgi.input": object(), **{f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in headers}}


def message(headers: dict[str, str]) -> email.message.Message:
    made = email.message.Message()
    for name, value in headers.items():
        made[name.title()] = value
    return made


FORMS = {
    "dict": dict,
    "dict in capitals": lambda headers: {name.upper(): value for name, value in headers.items()},
    "dict of lists": lambda headers: {name: [value] for name, value in headers.items()},
    "dict of bytes": lambda headers: {name.encode(): value.encode() for name, value in headers.items()},
    "pairs": lambda headers: list(headers.items()),
    "pairs, once": lambda headers: iter(headers.items()),
    "pairs of bytes": lambda headers: [(name.title().encode(), value.encode()) for name, value in headers.items()],
    "others beside them": lambda headers: {"host": "a", "x-none": None, "x-list": [], 7: 7, **headers},
    "white space around": lambda headers: {name: f" \t{value} " for name, value in headers.items()},
    "WSGI": environ,
    "http.server": message,
    "httpx": httpx.Headers,
    "Starlette": StarletteHeaders,
    "Werkzeug": WerkzeugHeaders,
    "Django": lambda headers: HttpHeaders(environ(headers)),
    "the names of Standard Webhooks": lambda headers: {k.replace("svix", "Webhook"): v for k, v in headers.items()},
    "both names": lambda headers: {**headers, "webhook-id": "msg_3", "webhook-signature": "v1,0"},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_headers_come_in_any_form(form: Any) -> None:
    event = verify_webhook(BODY, form(signed()), signing_secret=SECRET)

    assert event.message_id == "msg_1"


@pytest.mark.parametrize("headers", [None, 1, "svix-id", b"svix-id", [1], [("a", "b", "c")]])
def test_what_is_no_headers_is_a_mistake_of_the_caller(headers: Any) -> None:
    with pytest.raises(TypeError, match="headers must be a mapping or a list of pairs"):
        verify_webhook(BODY, headers, signing_secret=SECRET)


@pytest.mark.parametrize("value", ["", " \t", None, 7, [], object()])
@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp", "svix-signature"])
def test_all_three_headers_are_needed(name: str, value: Any) -> None:
    headers = signed()
    for incomplete in ({**headers, name: value}, {key: headers[key] for key in headers if key != name}):
        error = refused(BODY, incomplete)

        assert error.reason == "header-missing"
        assert name in str(error)


def test_one_header_of_svix_is_enough_to_leave_those_of_standard_webhooks_aside() -> None:
    headers = {**signed(prefix="webhook-"), "svix-id": "msg_1"}

    assert refused(BODY, headers).reason == "header-missing"


@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp", "svix-signature"])
def test_no_header_may_be_repeated(name: str) -> None:
    headers = signed()

    assert refused(BODY, [*headers.items(), (name.title(), headers[name])]).reason == "header-repeated"
    assert refused(BODY, {**headers, name: [headers[name], "x"]}).reason == "header-repeated"


@pytest.mark.parametrize(
    "given", [SECRET, SECRET.removeprefix("whsec_"), [SECRET], f" {SECRET}\n", (OTHER_SECRET, SECRET)]
)
def test_the_secret_has_forms(given: Any) -> None:
    assert verify_webhook(BODY, signed(), signing_secret=given).to_dict() == EVENT


@pytest.mark.parametrize("text", [SECRET, f"{OTHER_SECRET} {SECRET}", f"{SECRET}\n"])
def test_the_environment_has_the_secret(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", text)

    assert verify_webhook(BODY, signed()).to_dict() == EVENT
    with pytest.raises(WebhookVerificationError):  # what is given comes first
        verify_webhook(BODY, signed(), signing_secret=OTHER_SECRET)


UNREADABLE = {
    "blank": "  ",
    "no base64": "whsec_%%%%",
    "no key": "whsec_",
    "padding missing": "whsec_AAAAAA",
    "a secret key": "sk_test_abcd",
    "beyond ASCII": "whsec_é",
    "a list with a bad one": [SECRET, ""],
}


@pytest.mark.parametrize("secret", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_secret_is_a_mistake_of_the_configuration(secret: Any) -> None:
    with pytest.raises(ClerkConfigurationError, match=r"signing_secret must be whsec_ followed by base64"):
        verify_webhook(BODY, signed(), signing_secret=secret)


def test_an_unreadable_secret_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_%")

    with pytest.raises(ClerkConfigurationError, match="the environment variable CLERK_WEBHOOK_SIGNING_SECRET must"):
        verify_webhook(BODY, signed())


@pytest.mark.parametrize("text", [None, "", " "])
def test_a_missing_secret_says_where_it_is_to_be_had(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    if text is not None:
        monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", text)

    with pytest.raises(ClerkConfigurationError, match=r"no webhook signing secret: .*CLERK_WEBHOOK_SIGNING_SECRET"):
        verify_webhook(b"", {})


@pytest.mark.parametrize("secret", [1, SECRET.encode(), [SECRET.encode()], [None], []])
def test_a_secret_of_another_type(secret: Any) -> None:
    with pytest.raises(ClerkConfigurationError, match="signing_secret"):
        verify_webhook(BODY, signed(), signing_secret=secret)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("offset", "options", "reason"),
    [
        (0, {}, None),
        (-300, {}, None),
        (-301, {}, "timestamp-too-old"),
        (300, {}, None),
        (301, {}, "timestamp-too-new"),
        (-10, {"tolerance": 10}, None),
        (-11, {"tolerance": 10}, "timestamp-too-old"),
        (-11, {"tolerance": 10.5}, "timestamp-too-old"),
        (0, {"tolerance": 0}, None),
        (1, {"tolerance": 0}, "timestamp-too-new"),
        (-10_000_000, {"tolerance": float("inf")}, None),
        (10**17, {}, "timestamp-too-new"),
    ],
)
def test_the_time_of_sending(offset: int, options: dict[str, Any], reason: str | None) -> None:
    headers = signed(at=NOW + offset)

    if reason is None:
        assert verify_webhook(BODY, headers, signing_secret=SECRET, **options).to_dict() == EVENT
    else:
        assert refused(BODY, headers, **options).reason == reason


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "timestamp",
    [f"{NOW}.0", f"+{NOW}", f"-{NOW}", "1_764_000_000", "0x69", "1e9", "now", "١٧٦٤٠٠٠٠٠٠", "9" * 5000, f"{NOW}\x00"],
)
def test_the_time_of_sending_is_digits(timestamp: str) -> None:
    assert refused(BODY, signed(at=timestamp)).reason == "timestamp-malformed"


@pytest.mark.parametrize("tolerance", [-1, float("nan"), None, True, "300"])
def test_another_tolerance(tolerance: Any) -> None:
    with pytest.raises(ClerkConfigurationError, match="tolerance must be"):
        verify_webhook(BODY, signed(), signing_secret=SECRET, tolerance=tolerance)


def with_signatures(*entries: str) -> dict[str, str]:
    return {**signed(at=NOW), "svix-signature": " ".join(entries)}


RIGHT = signature(BODY, "msg_1", str(NOW))


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "entries",
    [
        (RIGHT, "v1,AAAA"),
        ("v1,AAAA", RIGHT),
        ("v1a,AAAA", "v2", ",", "v1", "é", RIGHT),
        (signature(BODY, "msg_1", str(NOW), OTHER_SECRET), RIGHT),
        *((f"v1,{count}",) * count + (RIGHT,) for count in (0, 1, 1000)),
    ],
)
def test_one_signature_of_several_has_to_match(entries: tuple[str, ...]) -> None:
    assert verify_webhook(BODY, with_signatures(*entries), signing_secret=SECRET).to_dict() == EVENT


_, _, VALUE = RIGHT.partition(",")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "entry",
    [
        VALUE,
        f"v2,{VALUE}",
        f"v1a,{VALUE}",
        f"V1,{VALUE}",
        f"v1,{VALUE},",
        f"v1,{VALUE[:-1]}",
        f"v1,{VALUE}=",
        f"v1,{VALUE.swapcase()}",
        f"v1,{base64.b64decode(VALUE).hex()}",
        "v1,",
        ",",
        "v1,é",
        "v1,\udcff",
        "\x00",
    ],
)
def test_no_other_signature_matches(entry: str) -> None:
    assert refused(BODY, with_signatures(entry)).reason == "signature-mismatch"


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("changed", "headers"),
    [
        (BODY + b" ", signed(at=NOW)),
        (BODY.replace(b"user_1", b"user_2"), signed(at=NOW)),
        (b"", signed(at=NOW)),
        (BODY.decode("utf-8").encode("utf-16"), signed(at=NOW)),
        (BODY.decode() + "\udcff", signed(at=NOW)),
        (BODY, signed(at=NOW) | {"svix-id": "msg_2"}),
        (BODY, signed(at=NOW) | {"svix-id": "msg_\udcff"}),
        (BODY, signed(at=NOW) | {"svix-id": b"msg_\xff"}),
        (BODY, signed(at=NOW, secret=OTHER_SECRET)),
    ],
)
def test_whatever_is_changed_breaks_the_signature(changed: Any, headers: Any) -> None:
    assert refused(changed, headers).reason == "signature-mismatch"


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "no UTF-8": b'{"type": "\xff"}',
    "UTF-16": '{"type": "a"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"type": "a"}',
    "two values": b'{"type": "a"}{}',
    "NaN": b'{"type": "a", "data": NaN}',
    "Infinity": b'{"type": "a", "data": -Infinity}',
    "a list": body_of([EVENT]),
    "text": body_of("user.created"),
    "null": b"null",
    "no type": body_of({"object": "event", "data": {}}),
    "a type of another kind": body_of({"type": ["user.created"]}),
    "null for a type": body_of({"type": None}),
    "too deep": b'{"type": "a", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too long a number": b'{"type": "a", "data": ' + b"1" * 5000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_signed_body_that_is_no_event(body: bytes) -> None:
    assert refused(body, signed(body)).reason == "body-malformed"


def test_what_is_wrong_is_told_in_this_order() -> None:
    wrong = random.Random(1).randbytes(10)
    assert refused(wrong, {}).reason == "header-missing"
    assert refused(wrong, {**signed(), "svix-timestamp": "1"}).reason == "timestamp-too-old"
    assert refused(wrong, signed()).reason == "signature-mismatch"
    assert refused(wrong, signed(wrong)).reason == "body-malformed"


def test_an_error_travels_and_tells_no_secret() -> None:
    error = refused(BODY, signed(secret=OTHER_SECRET))

    assert isinstance(error, ClerkError)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(twin), twin.reason, str(twin)) == (WebhookVerificationError, error.reason, str(error))


def test_no_frame_of_an_error_holds_the_secret_or_the_right_signature() -> None:
    headers = signed(at=None, secret=OTHER_SECRET)
    right = signed(at=headers["svix-timestamp"])["svix-signature"].partition(",")[2]
    body = {"signing_secret": SECRET}
    with pytest.raises(WebhookVerificationError) as caught:
        verify_webhook(BODY, headers, **body)  # type: ignore[arg-type]  # one keyword
    traceback = caught.value.__traceback__
    assert traceback is not None
    frames = []
    following = traceback.tb_next  # the first frame is this test's
    while following:
        frames.append(repr(following.tb_frame.f_locals))
        following = following.tb_next

    assert len(frames) >= 2
    assert not [frame for frame in frames if SECRET[6:] in frame or right in frame or "\\x01\\x02\\x03" in frame]


def test_a_key_stays_where_it_is() -> None:
    (key,) = signing_keys(SECRET)

    assert repr(key) == "SigningKey(...)"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(key)


def test_events_are_there_by_two_names() -> None:
    import clerk.events
    import clerk_generated.events

    assert clerk.events is events is clerk_generated.events
    assert set(events.__all__) == set(dir(events))
    with pytest.raises(AttributeError, match=r"no attribute 'UserCreatd'"):
        events.UserCreatd  # type: ignore[attr-defined]  # noqa: B018  # on purpose

"""Signatures that others made pass here, and those made here pass there; where they judge otherwise is told."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import standardwebhooks
import svix

from clerk import WebhookVerificationError, verify_webhook
from clerk.testing import SIGNING_SECRET, sign_webhook
from tests.webhooks.document import EXAMPLES, TYPES
from tests.webhooks.signing import BODY, OTHER_SECRET, SECRET, body_of, signature, signed

from .stories import ROOT, do_without

HOME = ROOT / "tests/peers/node"
EVENT = EXAMPLES["user.created"]


@pytest.mark.parametrize("event_type", TYPES)
@pytest.mark.parametrize("library", [svix, standardwebhooks], ids=["svix", "standardwebhooks"])
def test_what_they_sign_passes_here(library: Any, event_type: str) -> None:
    body, now = json.dumps(EXAMPLES[event_type]), datetime.now(UTC)
    headers = {
        "svix-id": "msg_1",
        "svix-timestamp": str(int(now.timestamp())),
        "svix-signature": library.Webhook(SECRET).sign("msg_1", now, body),
    }

    event = verify_webhook(body.encode(), headers, signing_secret=SECRET)

    assert event.to_dict() == EXAMPLES[event_type]


@pytest.mark.parametrize("event_type", TYPES)
def test_what_is_signed_here_passes_there(event_type: str) -> None:
    body, headers = sign_webhook(EXAMPLES[event_type])
    standard = {name.replace("svix-", "webhook-"): value for name, value in headers.items()}

    svix.Webhook(SIGNING_SECRET).verify(body, headers)
    assert standardwebhooks.Webhook(SIGNING_SECRET).verify(body, standard) == EXAMPLES[event_type]


@pytest.mark.parametrize("library", [svix, standardwebhooks], ids=["svix", "standardwebhooks"])
def test_what_is_refused_here_is_refused_there(library: Any) -> None:
    for body, headers in (
        (BODY + b" ", signed()),
        (BODY, signed(at=1)),
        (BODY, signed(secret=OTHER_SECRET)),
        (BODY, {}),
    ):
        named = {name.replace("svix-", "webhook-"): value for name, value in headers.items()}
        with pytest.raises(library.WebhookVerificationError):
            library.Webhook(SECRET).verify(body, headers if library is svix else named)
        with pytest.raises(WebhookVerificationError):
            verify_webhook(body, headers, signing_secret=SECRET)


def node(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    program = shutil.which("node")
    if program is None:
        do_without("there is no Node.js here")
    if not (HOME / "node_modules/@clerk/backend").is_dir():
        do_without("@clerk/backend is not installed: run `make env`")
    done = subprocess.run(
        [program, HOME / "webhooks.mjs"],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def a_case(body: bytes, headers: dict[str, str], secret: str = SECRET) -> dict[str, Any]:
    return {"body": base64.b64encode(body).decode(), "headers": headers, "secret": secret}


def verdict(body: bytes, headers: dict[str, str], secret: str = SECRET) -> Any:
    """What is made of a request here: the event, or why there is none."""
    try:
        return verify_webhook(body, headers, signing_secret=secret).to_dict()
    except WebhookVerificationError as error:
        return error.reason


def with_signature(*entries: str) -> dict[str, str]:
    return {**signed(), "svix-signature": " ".join(entries)}


def its_signature() -> str:
    return signed()["svix-signature"]


def late(seconds: int) -> dict[str, str]:
    return signed(at=int(time.time()) + seconds)


def with_time(form: str) -> dict[str, str]:
    headers = signed()
    return {**headers, "svix-timestamp": form.format(headers["svix-timestamp"])}


# Body and headers, whether both let the request pass, and the reason here if not.
AGREED: dict[str, tuple[bytes, Any, str | None]] = {
    "as Clerk sends it": (BODY, signed, None),
    "names in capitals": (BODY, lambda: {name.upper(): value for name, value in signed().items()}, None),
    "white space around values": (BODY, lambda: {name: f"  {value} " for name, value in signed().items()}, None),
    "a signature of an old secret before it": (
        BODY,
        lambda: with_signature(signed(secret=OTHER_SECRET)["svix-signature"], its_signature()),
        None,
    ),
    "signatures of another version": (BODY, lambda: with_signature("v1a,AAAA", "v2,BBBB", its_signature()), None),
    "of four minutes ago": (BODY, lambda: late(-240), None),
    "of four minutes from now": (BODY, lambda: late(240), None),
    "of six minutes ago": (BODY, lambda: late(-360), "timestamp-too-old"),
    "of six minutes from now": (BODY, lambda: late(360), "timestamp-too-new"),
    "a body that was changed": (BODY + b" ", signed, "signature-mismatch"),
    "another id": (BODY, lambda: signed() | {"svix-id": "msg_2"}, "signature-mismatch"),
    "another secret": (BODY, lambda: signed(secret=OTHER_SECRET), "signature-mismatch"),
    "another version alone": (
        BODY,
        lambda: with_signature(its_signature().replace("v1,", "v2,")),
        "signature-mismatch",
    ),
    "a signature without its version": (BODY, lambda: with_signature(its_signature()[3:]), "signature-mismatch"),
    "no id": (BODY, lambda: signed() | {"svix-id": ""}, "header-missing"),
    "no time": (BODY, lambda: signed() | {"svix-timestamp": " "}, "header-missing"),
    "no signature": (BODY, lambda: signed() | {"svix-signature": ""}, "header-missing"),
    "a time that is none": (BODY, lambda: signed(at="now"), "timestamp-malformed"),
    "no JSON": (b"<html>", lambda: signed(b"<html>"), "body-malformed"),
}


def test_both_judge_alike() -> None:
    cases = {name: (body, make()) for name, (body, make, _) in AGREED.items()}

    theirs = dict(zip(cases, node([a_case(*case) for case in cases.values()]), strict=True))

    assert {name: "event" in result for name, result in theirs.items()} == {
        name: reason is None for name, (_, _, reason) in AGREED.items()
    }
    expected = json.loads(BODY)
    assert {name: verdict(*case) for name, case in cases.items()} == {
        name: expected if reason is None else reason for name, (_, _, reason) in AGREED.items()
    }
    assert all(expected.items() <= result["event"].items() for result in theirs.values() if "event" in result)


# What Clerk's own check lets pass and ours does not, or the other way round.
OURS_IS_STRICTER: dict[str, tuple[bytes, Any, str]] = {
    "a time with something behind it": (BODY, lambda: with_time("{} or so"), "timestamp-malformed"),
    "a list of events": (body_of([EVENT]), lambda: signed(body_of([EVENT])), "body-malformed"),
    "a body without a type": (b"{}", lambda: signed(b"{}"), "body-malformed"),
    "a signature with something behind it": (
        BODY,
        lambda: with_signature(f"{its_signature()},more"),
        "signature-mismatch",
    ),
}


def test_where_ours_is_stricter() -> None:
    cases = {name: (body, make()) for name, (body, make, _) in OURS_IS_STRICTER.items()}

    theirs = node([a_case(*case) for case in cases.values()])

    assert ["event" in result for result in theirs] == [True] * len(cases)
    assert {name: verdict(*case) for name, case in cases.items()} == {
        name: reason for name, (_, _, reason) in OURS_IS_STRICTER.items()
    }


def test_where_ours_is_kinder() -> None:
    headers = signed(prefix="webhook-")

    (theirs,) = node([a_case(BODY, headers)])

    assert theirs["error"].endswith("Missing required webhook headers: svix-id, svix-timestamp, svix-signature")
    assert verdict(BODY, headers) == json.loads(BODY)


def test_both_read_the_same_events() -> None:
    cases = {name: sign_webhook(example, signing_secret=SECRET) for name, example in EXAMPLES.items()}

    theirs = node([a_case(*case) for case in cases.values()])

    assert [result["event"] for result in theirs] == list(EXAMPLES.values())


def test_what_node_signs_passes_here() -> None:
    now = int(time.time())
    cases = [
        {
            "body": base64.b64encode(body_of(example)).decode(),
            "secret": SECRET,
            "sign": {"id": "msg_1", "timestamp": now},
        }
        for example in EXAMPLES.values()
    ]

    signatures = [result["signature"] for result in node(cases)]

    for example, theirs in zip(EXAMPLES.values(), signatures, strict=True):
        body = body_of(example)
        assert theirs == signature(body, "msg_1", str(now))
        headers = {"svix-id": "msg_1", "svix-timestamp": str(now), "svix-signature": theirs}
        assert verify_webhook(body, headers, signing_secret=SECRET).to_dict() == example

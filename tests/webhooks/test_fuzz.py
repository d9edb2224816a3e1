"""Whatever a stranger sends ends in one error, or in an event that was signed."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clerk import WebhookVerificationError, events, verify_webhook
from tests.webhooks.document import EXAMPLES
from tests.webhooks.signing import BODY, SECRET, body_of, signed

NAMES = [f"{prefix}{name}" for prefix in ("svix-", "Webhook-") for name in ("id", "timestamp", "signature")]
VALUES = st.one_of(
    st.text(),
    st.binary(),
    st.text(st.characters(codec=None), max_size=4).map(lambda text: f"v1,{text} v1"),
    st.integers(-(10**20), 10**20).map(lambda offset: str(int(time.time()) + offset)),
    st.sampled_from(list(signed().values())),
)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)

# It is the machine that is slow now and then.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(body: Any, headers: Any) -> WebhookVerificationError | events.Event:
    try:
        return verify_webhook(body, headers, signing_secret=SECRET)
    except WebhookVerificationError as error:
        return error


@patient
@given(st.binary() | st.text() | st.just(BODY), st.lists(st.tuples(st.sampled_from(NAMES) | st.text(), VALUES)))
@example(BODY, [])
def test_what_is_not_signed_is_refused(body: Any, headers: list[Any]) -> None:
    came = outcome(body, headers)

    if isinstance(came, WebhookVerificationError):
        assert came.reason != "body-malformed"
        assert str(came).isprintable()
    else:
        assert body in (BODY, BODY.decode())
        assert came.type == "user.deleted"


@patient
@given(st.binary() | JSON.map(body_of))
def test_what_is_signed_is_an_event_or_refused(body: bytes) -> None:
    came = outcome(body, signed(body))

    if isinstance(came, WebhookVerificationError):
        assert came.reason == "body-malformed"
    else:
        assert came.to_dict() == json.loads(body)


EXAMPLE: Any = st.sampled_from(sorted(EXAMPLES)).map(EXAMPLES.__getitem__)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, item in inner for place in places(item, (*way, key)))]


@patient
@given(EXAMPLE, st.randoms(use_true_random=False), st.lists(JSON, min_size=1, max_size=4))
def test_no_event_is_lost_whatever_its_shape(example: Any, chance: Any, replacements: list[Any]) -> None:
    payload = copy.deepcopy(example)
    for replacement in replacements:
        *way, last = chance.choice([place for place in places(payload) if place and place != ("type",)])
        holder = payload
        for key in way:
            holder = holder[key]
        holder[last] = replacement

    came = outcome(body_of(payload), signed(body_of(payload)))

    assert not isinstance(came, WebhookVerificationError)
    assert came.type == payload["type"]
    assert came.to_dict() == json.loads(body_of(payload))

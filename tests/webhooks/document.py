"""The webhooks' document as oracle: its examples, and what each of its events has to look like."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from clerk.testing._document.checkers import translate
from generator import build
from generator.document.walk import EVENTS

ROOT = Path(__file__).parents[2]

# Those of Clerk's document, with the longer texts left out.
EXAMPLES: dict[str, Any] = json.loads((ROOT / "tests/data/webhook-examples.json").read_text())


@cache
def corrected() -> dict[str, Any]:
    """The corrected document."""
    return build.corrected_events(ROOT)


TYPES = sorted(corrected()[EVENTS])


@cache
def _validator(event_type: str) -> Any:  # the library's class has no public name
    components = {name: translate(schema) for name, schema in corrected()["components"]["schemas"].items()}
    body = corrected()[EVENTS][event_type]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft4Validator({**translate(body), "components": {"schemas": components}})


def complaints(event: dict[str, Any]) -> list[str]:
    """Tell where an event breaks the document."""
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message}"
        for error in _validator(event["type"]).iter_errors(event)
    ]

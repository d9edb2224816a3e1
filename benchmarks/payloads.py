"""The users that the loopback server returns, as Clerk would: about 3 KB of JSON each, made from payload.json."""

from __future__ import annotations

import json
from pathlib import Path

SECRET_KEY = "sk_test_benchmark"  # noqa: S105  # not a real key
USER_ID = "user_2NNEqL2nrIRdJ194ndJqA000000"
USER = json.loads(Path(__file__).with_name("payload.json").read_text(encoding="utf-8"))


def users(count: int) -> bytes:
    """Return the JSON of one user, with the id `USER_ID`; for another count an array of different users."""
    user = json.dumps(USER, separators=(",", ":")).encode()
    if count == 1:
        return user
    return b"[%b]" % b",".join(user.replace(b"000000", b"%06d" % number) for number in range(count))

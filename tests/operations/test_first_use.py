"""What is found of a model that nobody has used yet: attrs writes a class's methods only when they are asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

FIRST_USES = {
    "fields": "assert attrs.fields(models.User)[0] == attrs.fields(models.User).id",
    "has": "assert attrs.has(models.User)",
    "inspect": "assert not hasattr(attrs, 'inspect') or attrs.inspect(models.User).is_slotted",
    "all that a class has": """
for name, value in vars(models.User).items():
    assert getattr(value, "fget", None) is None or isinstance(value, property)
    assert name in dir(models.User) and (getattr(models.User, name) is not None or name == "__hash__")
""",
    "replace": "assert not hasattr(copy, 'replace') or copy.replace(made, code='else').code == 'else'",
    "asdict": "assert attrs.asdict(made)['code'] == 'gone'",
    "evolve": "assert attrs.evolve(made, code='else').to_dict() == {**ERROR, 'code': 'else'}",
    "equality": "assert made == models.VerificationError.from_dict(ERROR) and not made != copy.copy(made)",
    "inequality": "assert made != models.VerificationError.from_dict({**ERROR, 'code': 'else'}) and made != 5",
    "pickle": "assert pickle.loads(pickle.dumps(made)).to_dict() == ERROR",
    "deep copy": "assert copy.deepcopy(made).to_dict() == ERROR",
    "weak reference": "assert weakref.ref(made)() is made",
    "hash": "assert models.User.__hash__ is None and not isinstance(made, Hashable)",
    "new": "assert models.VerificationError(**ERROR) == made",
    "unexpected keyword": """
try:
    models.VerificationError(code='gone', mesage='')
except TypeError as error:
    assert str(error).startswith("VerificationError.__init__() got an unexpected keyword argument 'mesage'")
else:
    raise AssertionError
""",
    "signature": "assert 'email_addresses' in inspect.signature(models.User).parameters",
    "hints of init": "assert typing.get_type_hints(models.User.__init__)['username'] == str | None",
    "hints": "assert typing.get_type_hints(models.User)['passkeys'] == list[models.Passkey]",
    "resolve_types": "assert attrs.fields(attrs.resolve_types(models.User)).passkeys.type == list[models.Passkey]",
    "match": """
match made:
    case models.VerificationError(code=code):
        assert code == 'gone' and models.VerificationError.__match_args__ == ()
""",
    "subclass of attrs": """
@attrs.define(kw_only=True)
class Error(models.VerificationError):
    status: int = 400
error = Error.from_dict(ERROR)
assert type(error) is Error and attrs.evolve(error, status=500) == Error(**ERROR, status=500)
assert Error(**ERROR) != made and pickle.loads(pickle.dumps(Error(**ERROR, status=1))).status == 1
""",
    "subclass": """
class Error(models.VerificationError):
    def __init__(self, **given):
        super().__init__(**given)
        self.status = 400
assert Error(**ERROR).status == 400 and Error.__attrs_attrs__ == models.VerificationError.__attrs_attrs__
assert pickle.loads(pickle.dumps(Error(**ERROR))).code == 'gone'
""",
    "a subclass that calls `super()`": """
calls = []
class Error(models.VerificationError):
    def __init__(self, text):
        calls.append('init')
        super().__init__(**{**ERROR, 'message': text})
    def __eq__(self, other):
        calls.append('eq')
        return super().__eq__(other)
assert Error('a').message == 'a' and Error('a') == Error('a') and calls == ['init', 'init', 'init', 'eq']
""",
    "signature of a class": "assert list(inspect.signature(models.JWKS).parameters)[0] == 'keys'",
    "an interruption": """
def interrupt(frame, event, argument):
    parts = vars(models.VerificationError)
    if frame.f_code.co_name == '_generate' and not type(parts['__eq__']).__name__ == '_NotYetGenerated':
        raise KeyboardInterrupt
    return interrupt
sys.settrace(interrupt)
try:
    models.VerificationError(**ERROR)
except KeyboardInterrupt:
    pass
else:
    raise AssertionError('not interrupted')
finally:
    sys.settrace(None)
assert models.VerificationError(**ERROR) == made and attrs.fields(models.VerificationError).code.name == 'code'
""",
    "event": """
event = events.UserDeleted(data=events.DeletedObject(deleted=True, object='user'), object='event', type='user.deleted')
assert event.message_id == '' and attrs.evolve(event, message_id='msg_1') != event
""",
    "threads": """
with ThreadPoolExecutor(8) as threads:
    assert set(threads.map(lambda _: models.VerificationError(**ERROR) == made, range(50))) == {True}
""",
}
START = """
import attrs, copy, inspect, pickle, typing, weakref
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from clerk import events, models

ERROR = {"code": "gone", "message": "It has gone.", "long_message": "It has gone for good."}
made = models.VerificationError.from_dict(ERROR)
"""


EACH = f"""
import sys

for name, code in {FIRST_USES!r}.items():
    for module in [module for module in sys.modules if module.partition(".")[0] in ("clerk", "clerk_generated")]:
        del sys.modules[module]
    exec(compile({START!r} + code, name, "exec"), globals())
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_model_is_found_as_attrs_makes_it() -> None:
    run(EACH)


def test_reading_an_answer_loads_what_it_holds() -> None:
    answer = {"verification": {"strategy": "email_code", "status": "verified", "attempts": 1, "expire_at": 2}}
    address = {"id": "idn_1", "object": "email_address", "email_address": "ada@example.com", "reserved": False}
    address |= {"linked_to": [], "created_at": 1, "updated_at": 1, "new": True, **answer}
    loaded = json.loads(
        run(f"""
import json, sys
from clerk import models
assert models.EmailAddress.from_dict({address!r}).to_dict() == {address!r}
print(json.dumps([name for name in sys.modules if name.partition(".")[0] in ("attr", "attrs", "dateutil")
    or name.startswith(("clerk_generated.models.", "clerk_generated.enums"))]))
""")
    )
    assert sorted(loaded) == ["clerk_generated.models.email_address", "clerk_generated.models.verification_otp"]

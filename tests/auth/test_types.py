"""Types at run time: hints resolve, errors and results are pickled, nothing is loaded too early."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
import typing

import attrs
import pytest

import clerk
import clerk.auth
from clerk import AsyncClerkClient, ClerkClient, TokenVerificationError
from clerk.auth import SessionAuth


@pytest.mark.parametrize("client", [ClerkClient, AsyncClerkClient])
@pytest.mark.parametrize("method", ["authenticate_request", "verify_token"])
def test_hints_resolve(client: type, method: str) -> None:
    function = getattr(client, method)
    hints = typing.get_type_hints(function)
    assert set(inspect.signature(function).parameters) - {"self"} == set(hints) - {"return"}


@pytest.mark.parametrize("name", clerk.auth.__all__)
def test_all_that_is_public_resolves(name: str) -> None:
    value = getattr(clerk.auth, name)
    if inspect.isclass(value):
        typing.get_type_hints(value)
        if attrs.has(value):
            attrs.resolve_types(value)
        for _, method in inspect.getmembers(value, inspect.isfunction):
            if method.__module__.startswith("clerk."):
                typing.get_type_hints(method)


def test_the_methods_of_both_clients_are_alike() -> None:
    for name in ("authenticate_request", "verify_token"):
        sync, other = getattr(ClerkClient, name), getattr(AsyncClerkClient, name)
        assert str(inspect.signature(sync)) == str(inspect.signature(other))
        assert inspect.iscoroutinefunction(other)


def test_results_are_values() -> None:
    auth = SessionAuth(user_id="user_1", org_permissions=["org:a:b"], session_claims={"sub": "user_1"})
    for twin in (copy.deepcopy(auth), pickle.loads(pickle.dumps(auth)), attrs.evolve(auth)):
        assert twin == auth
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        auth.user_id = "user_2"  # type: ignore[misc]  # it is frozen


def test_an_error_says_what_to_do() -> None:
    error = TokenVerificationError("the token is expired", reason="token-expired", action="sign in anew")
    assert str(error) == "the token is expired: sign in anew"
    assert str(TokenVerificationError("the token is expired", reason="token-expired")) == "the token is expired"


def loaded_by(code: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_nothing_is_loaded_before_it_is_used() -> None:
    modules = loaded_by("import clerk; clerk.clerk_client; clerk.async_clerk_client; clerk.ClerkClient")
    assert not [name for name in modules if name.startswith(("clerk.auth", "cryptography", "jwt"))]
    used = "from clerk import clerk_client; clerk_client.authenticate_request({'authorization': 'Bearer x'})"
    modules = loaded_by(used)
    assert "clerk.auth" in modules
    assert not [
        name for name in modules if name.split(".")[0] in ("cryptography", "jwt", "starlette", "django", "flask")
    ]


def test_without_cryptography_there_is_one_clear_error() -> None:
    code = (
        "sys.modules['cryptography'] = None; sys.modules['cryptography.exceptions'] = None\n"
        "import clerk\n"
        "try:\n"
        "    clerk.ClerkClient(jwt_key='x').verify_token('e30.e30.' + 'A' * 4)\n"
        "except clerk.TokenVerificationError as error: print(error.reason)\n"
        "import base64, json\n"
        "head = base64.urlsafe_b64encode(json.dumps({'alg': 'RS256'}).encode()).decode().rstrip('=')\n"
        "try:\n"
        "    clerk.ClerkClient(jwt_key='x').verify_token(head + '.e30.AAAA')\n"
        "except clerk.ClerkConfigurationError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", f"import sys\n{code}"], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[0] == "token-invalid-algorithm"
    assert "pip install 'clerk-client[auth]'" in run.stdout

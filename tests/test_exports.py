from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clerk
import clerk_generated.sub_apis

ROOT = Path(__file__).parents[1]

NAMES = {
    "API_VERSION",
    "AsyncClerkClient",
    "AsyncHTTPOptions",
    "AsyncPage",
    "AuthenticationError",
    "BadRequestError",
    "ClerkAPIError",
    "ClerkAPIResponseError",
    "ClerkClient",
    "ClerkConfigurationError",
    "ClerkConnectionError",
    "ClerkDecodeError",
    "ClerkError",
    "ClerkTimeoutError",
    "ConflictError",
    "HTTPOptions",
    "InternalServerError",
    "NotFoundError",
    "Page",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "Response",
    "TokenVerificationError",
    "UNSET",
    "UnprocessableEntityError",
    "Unset",
    "WebhookVerificationError",
    "__version__",
    "async_clerk_client",
    "auth",
    "clerk_client",
    "create_async_clerk_client",
    "create_clerk_client",
    "events",
    "models",
    "reset_default_clients",
    "to_datetime",
    "verify_webhook",
}


def test_the_exported_names() -> None:
    assert set(clerk.__all__) == NAMES | set(clerk_generated.sub_apis.SUB_APIS)
    assert clerk.__all__ == sorted(clerk.__all__)
    assert sorted(dir(clerk)) == clerk.__all__


@pytest.mark.parametrize("name", clerk.__all__)
def test_every_name_is_there(name: str) -> None:
    value = getattr(clerk, name)

    assert getattr(clerk, name) is value


@pytest.mark.parametrize("name", clerk_generated.sub_apis.SUB_APIS)
def test_a_sub_api_is_that_of_the_default_client(name: str) -> None:
    assert getattr(clerk, name) is getattr(clerk.clerk_client, name)


def test_type_checkers_see_what_there_is() -> None:
    tree = ast.parse((ROOT / "clerk" / "__init__.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    seen = {alias.name for node in imports for alias in node.names if node.module != "typing"}

    assert seen >= NAMES


@pytest.mark.parametrize("name", ["userz", "ClerkClientt", "_HOME", "__wrapped__"])
def test_a_name_that_does_not_exist(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'clerk' has no attribute '{name}'"):
        getattr(clerk, name)


def test_star_import() -> None:
    namespace: dict[str, object] = {}
    exec("from clerk import *", namespace)

    assert set(clerk.__all__) <= namespace.keys()


def loaded_by(code: str) -> set[str]:
    """Return the modules that code loads in a fresh Python."""
    report = "import sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}; {report}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout))


HEAVY = {"httpx", "attr", "attrs", "dateutil", "clerk_generated.models", "json.decoder", "logging", "asyncio", "ssl"}


def test_importing_the_package_loads_next_to_nothing() -> None:
    assert not loaded_by("import clerk") & (HEAVY - {"json.decoder"})


@pytest.mark.parametrize("code", ["from clerk import clerk_client", "from clerk import users"])
def test_the_default_client_loads_no_models(code: str) -> None:
    loaded = loaded_by(code)

    assert "httpx" in loaded
    assert not loaded & {"attr", "dateutil", "clerk_generated.models"}
    assert not [name for name in loaded if name.startswith(("clerk._async", "clerk_generated.async_sub_apis"))]


def test_version() -> None:
    assert clerk.__version__.count(".") == 2


@pytest.mark.parametrize(
    ("milliseconds", "moment"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_700_000_000_123, datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
        (253_402_300_799_999, datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ],
)
def test_to_datetime(milliseconds: int, moment: datetime) -> None:
    assert clerk.to_datetime(milliseconds) == moment
    assert clerk.to_datetime(milliseconds).tzinfo is UTC


@pytest.mark.parametrize("value", [None, True, 1.5, "0", clerk.UNSET])
def test_to_datetime_takes_ints_only(value: object) -> None:
    with pytest.raises(TypeError, match=f"must be an int, not {type(value).__name__}"):
        clerk.to_datetime(value)  # type: ignore[arg-type]  # on purpose


def test_to_datetime_refuses_what_no_datetime_holds() -> None:
    with pytest.raises(OverflowError):
        clerk.to_datetime(10**15)

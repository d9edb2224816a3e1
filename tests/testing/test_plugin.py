"""The fixtures for other people's tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import asyncio
import clerk
from clerk import clerk_client as default_client, users

def test_state_is_kept_within_a_test(local_clerk, clerk_client):
    clerk_client.users.create_user(email_address=["ada@example.com"])
    assert users.get_count() == default_client.users.get_count() == 1
    assert [request.method for request in local_clerk.requests] == ["POST", "GET", "GET"]

def test_state_is_not_kept_between_tests(clerk_client):
    assert clerk_client.users.get_count() == 0

def test_the_async_client(local_clerk, async_clerk_client):
    local_clerk.seed_users(2)
    async def story():
        return await async_clerk_client.users.get_count(), await clerk.async_clerk_client.users.get_count()
    assert asyncio.run(story()) == (2, 2)

def test_without_the_fixtures_nothing_leads_there():
    try:
        default_client.users.get_count()
    except clerk.ClerkConfigurationError:
        return
    raise AssertionError
"""


ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'pytest-plugin'}")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # other plugins import much


def _run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "clerk_client_pytest", *options)


def test_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    _run(pytester).assert_outcomes(passed=4)


def test_the_async_client_with_pytest_asyncio(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import clerk

        async def test_one(async_clerk_client):
            await async_clerk_client.users.create_user(username="somebody")
            assert await clerk.async_clerk_client.users.get_count() == 1

        async def test_other(async_clerk_client):
            assert await clerk.async_clerk_client.users.get_count() == 0
        """
    )
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    _run(pytester, "-p", "pytest_asyncio.plugin", "-W", "error", *options).assert_outcomes(passed=2)


def test_it_imports_nothing_before_a_fixture_is_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert not {"clerk._default", "clerk.testing._local", "httpx", "jsonschema_rs", "jwt"} & set(sys.modules)
        """
    )
    _run(pytester).assert_outcomes(passed=1)


def test_nothing_leaves_before_or_after_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from clerk import ClerkConfigurationError, clerk_client as default_client, create_clerk_client

        def is_kept():
            with pytest.raises(ClerkConfigurationError, match="calls to api.clerk.com are blocked"):
                create_clerk_client(secret_key="sk_live_x").users.get_count()
            return True

        @pytest.fixture
        def early():
            assert is_kept()
            yield
            assert is_kept()

        def test_one(early, local_clerk):
            assert default_client.users.get_count() == 0
            assert create_clerk_client(secret_key="sk_live_x").users.get_count() == 0

        def test_asked_for_late(request):
            assert request.getfixturevalue("clerk_client").users.get_count() == 0
        """
    )
    _run(pytester).assert_outcomes(passed=2)


def test_without_the_extra_it_says_what_to_install(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import importlib.util
        find = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *rest: None if name == "jsonschema_rs" else find(name, *rest)

        def test_anything(clerk_client):
            pass
        """
    )
    result = _run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*clerk.testing needs jsonschema_rs*pip install 'clerk-client[[]testing[]]'*"])


def test_the_module_itself_imports_pytest_only() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import clerk_client_pytest;"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['clerk_client_pytest']"

"""What all tests share."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]  # pytest-xdist has no py.typed

from tests.support.clients import KINDS, Kind
from tests.support.left_out import left_out
from tests.support.reports import run_and_report
from tests.support.scheduling import InChunks, grouped_first
from tests.support.server import ScriptedServer
from tests.support.transports import TRANSPORTS, Transport

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would all programs that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Where images for containers forbid it, every worker and program would compile thousands of modules again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Every client loads the authorities that it trusts, which takes longer than most tests: one will do.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "support" / "tls" / "authority.pem")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than cores: some tests wait, for a deadline or for another process."""
    return (yield) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InChunks:
    return InChunks(config, log)


@pytest.hookimpl(trylast=True)  # when they have been shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    grouped_first(items)


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    gc.disable()  # nothing that is collected here is garbage


def pytest_collection_finish() -> None:
    """Have the garbage collector come less often: pytest and the models hold much that it looks through each time."""
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not hasattr(item.config, "workerinput"):
        return None
    run_and_report(item, nextitem)
    return True


@pytest.fixture(autouse=True)
def _no_configuration_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("CLERK_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    yield
    if default := sys.modules.get("clerk._default"):
        default.reset_default_clients()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Say at the end of all what was left out."""
    yield
    reporter: pytest.TerminalReporter | None = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        stats = reporter.stats
        reporter.write_line(left_out(stats.get("skipped", []), len(stats.get("deselected", []))))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Which client a test is about: it runs once with each."""
    chosen: Kind = request.param
    return chosen


@pytest.fixture(params=TRANSPORTS, ids=" ".join)
def transport(request: pytest.FixtureRequest) -> Transport:
    """Which client, on which transport, a test is about: it runs once with each."""
    chosen: Transport = request.param
    return chosen

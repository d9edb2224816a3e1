"""The built site in a real browser: Debian's chromium, as `apt-get install chromium chromium-driver` brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import ROOT

# One worker builds the site, once.
pytestmark = pytest.mark.xdist_group("site")

PAGES = ["index.html", "quickstart/", "testing/", "from-nodejs/", "reference/sub-apis/users/", "reference/models/User/"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server calls it so
        pass


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def programs() -> list[str]:
    """Return the paths of the browser and its driver."""
    names = ("chromium", "chromedriver")
    found = [path for path in map(shutil.which, names) if path]
    if missing := [name for name in names if shutil.which(name) is None]:
        pytest.skip(f"there is no {' and no '.join(missing)}: apt-get install chromium chromium-driver")
    return found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:  # selenium's drivers have several classes
    """A browser of the test's own."""
    chromium, chromedriver = programs()
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless",
        "--no-sandbox",  # a container's root has none
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,1000",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    try:
        driver.set_page_load_timeout(60)
        yield driver
    finally:
        driver.quit()


def complaints(browser: Any) -> list[str]:  # selenium's drivers have several classes
    """Return the errors on the console since the last time."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def hosts(browser: Any) -> set[str]:  # selenium's drivers have several classes
    """Return the addresses that the browser has asked since the last time."""
    import json
    from urllib.parse import urlsplit

    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return {urlsplit(address).netloc for address in sent if address.startswith("http")}


def test_search_leads_to_the_method(browser: Any, url: str) -> None:  # selenium's drivers have several classes
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(f"{url}/")
    browser.find_element(By.CSS_SELECTOR, "label.md-search__icon, .md-search__input").click()
    browser.find_element(By.CSS_SELECTOR, ".md-search__input").send_keys("get_user_list")
    first = WebDriverWait(browser, 60).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, ".md-search-result__item a.md-search-result__link")
    )[0]
    first.click()
    WebDriverWait(browser, 60).until(lambda page: "/reference/sub-apis/users/" in page.current_url)
    heading = browser.find_element(By.ID, "clerk_generated.sub_apis.users.UsersApi.get_user_list")
    assert "get_user_list" in heading.text
    assert "order_by" in browser.find_element(By.TAG_NAME, "article").text
    assert not complaints(browser)
    assert hosts(browser) == {url.removeprefix("http://")}


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_without_complaints(
    browser: Any,  # selenium's drivers have several classes
    url: str,
    page: str,
) -> None:
    browser.get(f"{url}/{page}")
    assert "clerk-client" in browser.title
    assert not complaints(browser)
    assert hosts(browser) == {url.removeprefix("http://")}


def test_site_has_a_page_for_every_method_and_model(site: Path) -> None:
    from clerk import clerk_client, models
    from clerk_generated import typed_dicts
    from clerk_generated._runtime.model import Model
    from clerk_generated.sub_apis import SUB_APIS

    for name in SUB_APIS:
        text = (site / "reference" / "sub-apis" / name / "index.html").read_text(encoding="utf-8")
        methods = [method for method in dir(type(getattr(clerk_client, name))) if not method.startswith("_")]
        missing = [method for method in methods if f'Api.{method}"' not in text]
        assert not missing
    listed = {path.name for path in (site / "reference" / "models").iterdir()}
    for name in dir(models):
        value = getattr(models, name)
        if isinstance(value, type) and issubclass(value, Model) and name != "UnknownVariant":
            assert name in listed
    dicts = (site / "reference" / "dicts" / "index.html").read_text(encoding="utf-8")
    assert all(
        f"typed_dicts.{name}" in dicts for name in dir(typed_dicts) if name.endswith("Dict") and name != "TypedDict"
    )

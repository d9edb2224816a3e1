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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # selenium's drivers have several classes
    """The browser, which takes a second to start."""
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
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    try:
        driver.set_page_load_timeout(60)
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def browser(running: Any, url: str) -> Any:  # selenium's drivers have several classes
    """A browser that has seen nothing yet."""
    running.get("about:blank")
    running.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    running.execute_cdp_cmd("Network.clearBrowserCache", {})
    running.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    for kind in running.log_types:
        running.get_log(kind)  # what others have left is read away
    return running


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


QUESTIONS: dict[str, str | tuple[str, ...]] = {
    "create user": "reference/sub-apis/users/create_user/",
    "createUser": "reference/sub-apis/users/create_user/",
    "getUserList": "reference/sub-apis/users/get_user_list/",
    "get_user_list": "reference/sub-apis/users/get_user_list/",
    "getClient": "reference/sub-apis/clients/get_client/",
    "getSessionList": "reference/sub-apis/sessions/get_session_list/",
    "ban user": "reference/sub-apis/users/ban_user/",
    "count users": "reference/sub-apis/users/get_count/",
    "update user metadata": "reference/sub-apis/users/update_user_metadata/",
    "delete organization": "reference/sub-apis/organizations/delete_organization/",
    "create organization membership": "reference/sub-apis/organizations/create_organization_membership/",
    "create invitation": "reference/sub-apis/invitations/create_invitation/",
    "revoke session": "reference/sub-apis/sessions/revoke_session/",
    "createSignInToken": "reference/sub-apis/sign_in_tokens/create_sign_in_token/",
    "first_name": ("reference/sub-apis/users/", "reference/models/"),
    "paginate": "paging/",
    "auto_paging_iter": ("paging/", "reference/pages/"),
    "CLERK_API_URL": ("configuration/", "from-nodejs/"),
    "CLERK_SECRET_KEY": ("configuration/", "quickstart/", "from-nodejs/"),
    "CLERK_LOGGING": ("configuration/", "from-nodejs/"),
    "createClerkClient": "from-nodejs/",
    "clerk-sdk-node": "from-nodejs/",
    "httpOptions": ("from-nodejs/", "reference/clients/", "configuration/"),
    "authenticateRequest": ("from-nodejs/", "session-tokens/"),
    "verify_webhook": ("webhooks/", "reference/events/"),
    "retry": ("errors/", "reliability/"),
    "RateLimitError": ("errors/", "reference/exceptions/"),
    "LocalClerk": ("testing/", "reference/testing/"),
    "FastAPI": ("fastapi/", "webhooks/"),
    "upload image": ("uploads/", "reference/sub-apis/users/update_user_profile_image/"),
}


def test_search_brings_the_right_page_first(browser: Any, url: str) -> None:  # selenium's drivers have several classes
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(f"{url}/")
    browser.find_element(By.CSS_SELECTOR, "label.md-search__icon, .md-search__input").click()
    field = browser.find_element(By.CSS_SELECTOR, ".md-search__input")
    wrong = {}
    for question, expected in QUESTIONS.items():
        field.clear()
        field.send_keys(" ")  # until something is typed, the results of the question before are shown
        WebDriverWait(browser, 60, poll_frequency=0.1).until(_shows_nothing)
        # All of it at once: the results of what is typed so far would come first.
        browser.execute_script("arguments[0].value = arguments[1]", field, question)
        field.send_keys(" ")
        found: str = WebDriverWait(browser, 60, poll_frequency=0.3).until(_Settled()) or ""
        if not found.removeprefix(f"{url}/").startswith(expected):
            wrong[question] = found.removeprefix(f"{url}/")
    assert not wrong
    assert not complaints(browser)
    assert hosts(browser) == {url.removeprefix("http://")}


def _shows_nothing(browser: Any) -> bool:  # selenium's drivers have several classes
    script = "return document.querySelector('a.md-search-result__link') === null"
    return bool(browser.execute_script(script))


class _Settled:
    """Tells where the first result leads, once it has stayed the same: the search goes on while a question is typed."""

    def __init__(self) -> None:
        self._seen: list[str | None] = []

    def __call__(self, browser: Any) -> str | None:  # selenium's drivers have several classes
        script = """
            const link = document.querySelector("a.md-search-result__link");
            const said = document.querySelector(".md-search-result__meta").textContent;
            return link ? link.href.split(/[?#]/)[0] : said.startsWith("No matching") ? "nothing" : null;
        """
        self._seen.append(browser.execute_script(script))
        last = self._seen[-4:]
        return last[0] if len(last) == 4 and len(set(last)) == 1 else None


_LOOK = """
    const cut = [...document.querySelectorAll("article table")].filter((table) => {
        const box = table.parentElement;
        const right = table.getBoundingClientRect().right;
        return right > innerWidth + 1 || box.scrollWidth > box.clientWidth + 1;
    });
    // A name is broken where a piece of it, which nothing says may break, stands on two lines.
    const broken = [];
    for (const code of document.querySelectorAll("article td code")) {
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const range = document.createRange();
            range.selectNodeContents(node);
            const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (!/[\\s-]/.test(node.data) && lines.size > 1) broken.push(code.textContent);
        }
    }
    const page = document.documentElement;
    return [cut.length, broken, page.scrollWidth > innerWidth, page.scrollHeight];
"""
HEIGHT = 15_000  # pixels


def test_no_page_is_cut_or_endless(
    browser: Any, url: str, site: Path
) -> None:  # selenium's drivers have several classes
    places = [path.parent.relative_to(site).as_posix() for path in sorted(site.glob("*/index.html"))]
    places += [path.parent.relative_to(site).as_posix() for path in sorted(site.glob("reference/*/index.html"))]
    places += [".", "reference/sub-apis/users", "reference/sub-apis/users/get_user_list", "reference/models/User"]
    wrong = {}
    for width in (390, 1280):
        _resize(browser, width)
        for place in places:
            browser.get(f"{url}/{place}/")
            cut, broken, is_too_wide, height = browser.execute_script(_LOOK)
            # Only the longest of names has to break anywhere, where it stands beside another on a phone.
            if cut or (broken and place != "from-official-sdk") or is_too_wide or height > HEIGHT:
                wrong[place, width] = (cut, broken, is_too_wide, height)
    assert not wrong


def test_a_sub_api_begins_with_a_table_of_its_methods(browser: Any, url: str) -> None:
    from selenium.webdriver.common.by import By

    browser.get(f"{url}/reference/sub-apis/sessions/")
    headings = [heading.text for heading in browser.find_elements(By.CSS_SELECTOR, "article th")]
    assert headings == ["method", "what it does", "request"]
    cells = [cell.text for cell in browser.find_elements(By.CSS_SELECTOR, "article tbody tr:first-child td")]
    assert (cells[0], cells[2]) == ("get_session_list", "GET /sessions")
    assert cells[1].startswith("List the sessions of ")
    _resize(browser, 390)
    assert not browser.find_element(By.CSS_SELECTOR, "article thead").is_displayed()
    script = "return getComputedStyle(arguments[0], '::before').content"
    cell = browser.find_element(By.CSS_SELECTOR, "article tbody tr:first-child td:nth-child(3)")
    assert browser.execute_script(script, cell).replace('" "', "") == '"request: "'


def test_tables_of_methods_open_at_a_click(browser: Any, url: str) -> None:
    from selenium.webdriver.common.by import By

    browser.get(f"{url}/from-nodejs/")
    fold = browser.find_element(By.CSS_SELECTOR, "#users-users ~ details")
    table = fold.find_element(By.TAG_NAME, "table")
    assert not table.is_displayed()
    browser.execute_script("arguments[0].querySelector('summary').click()", fold)
    assert table.is_displayed()
    assert "getUserList" in table.text


def test_tabs_and_themes_work(browser: Any, url: str) -> None:  # selenium's drivers have several classes
    from selenium.webdriver.common.by import By

    browser.get(f"{url}/quickstart/")
    article = browser.find_element(By.TAG_NAME, "article")
    assert "await" not in article.text.partition("Lists")[2]
    browser.find_element(By.XPATH, "//label[contains(., 'Async')]").click()
    assert article.text.count("await async_clerk_client") > 5  # one click turns all of them
    browser.get(f"{url}/reference/sub-apis/users/create_user/")  # and those of the next page
    assert "await async_clerk_client" in browser.find_element(By.TAG_NAME, "article").text

    image = """
        const image = document.createElement("img");
        image.src = "chart.svg#only-dark";
        document.querySelector("article").append(image);
        return getComputedStyle(image).display;
    """
    found = []
    for _ in range(2):
        color = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        found.append((color, browser.execute_script(image)))
        browser.find_element(By.CSS_SELECTOR, "label.md-header__button:not([hidden])[for^='__palette']").click()
    assert found[0][0] != found[1][0]
    assert [display for _, display in found] == ["none", "inline"]


def _resize(browser: Any, width: int) -> None:  # selenium's drivers have several classes
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


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
        methods = {method for method in dir(type(getattr(clerk_client, name))) if not method.startswith("_")}
        listed = {path.name for path in (site / "reference" / "sub-apis" / name).iterdir() if path.is_dir()}
        assert listed == methods
    listed = {path.name for path in (site / "reference" / "models").iterdir()}
    for name in dir(models):
        value = getattr(models, name)
        if isinstance(value, type) and issubclass(value, Model) and name != "UnknownVariant":
            assert name in listed
    dicts = (site / "reference" / "dicts" / "index.html").read_text(encoding="utf-8")
    assert all(
        f"typed_dicts.{name}" in dicts for name in dir(typed_dicts) if name.endswith("Dict") and name != "TypedDict"
    )

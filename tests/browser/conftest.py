"""A real Heartline with the sample company, and browsers on it: the house of the whole-journey tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.customers import Customer
from tests.browser.pictures import keep
from tests.plugin import postgresql_url_for, wants_postgresql
from tests.running import Running, running

DESKTOP = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/London"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "is_mobile": True,
    "has_touch": True,
}
PATIENCE = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys of a file together: they share a house."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Heartline as users start it, in processes of its own; one for each file, whose people have their hands free."""
    folder = tmp_path_factory.mktemp("house") / "data"
    database = {"HEARTLINE_DATABASE_URL": postgresql_url_for("journeys")} if wants_postgresql() else {}
    with running(folder, HEARTLINE_WEBHOOK_NETWORKS="127.0.0.1", **database) as house:
        yield house


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser program for all journeys; each visitor has a profile of their own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, house: Running) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh profile; at the end no page may have thrown an error."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def come(path: str = "/", **profile: object) -> Page:
        context = chromium.new_context(base_url=house.address, **{**PHONE, **profile})  # type: ignore[arg-type]  # plain options
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield come
    for context in contexts:
        context.close()
    assert faults == []


def password_of(house: Running) -> str:
    """Return the password that the sample company's people have in this house."""
    found = re.search(r"grace@qinghe\.example\s+(\S+)", house.output)
    assert found
    return found[1]


@pytest.fixture
def colleague(visitor: Callable[..., Page], house: Running) -> Callable[[str, str], Page]:
    """Sign one of the sample company's people in on a desktop and open a page."""
    password = password_of(house)

    def sign_in(who: str, path: str = "/desk/") -> Page:
        page = visitor(f"/account/login/?next={path}", **{**DESKTOP, "is_mobile": False, "has_touch": False})
        page.fill("input[name=login]", f"{who}@qinghe.example")
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        # the sign-in page's own address holds the path too, as `next`
        page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(path).path)
        return page

    return sign_in


@pytest.fixture
def customer(house: Running) -> Iterator[Callable[..., Customer]]:
    """Let customers come; whoever nobody has served leaves at the end and is in nobody's way."""
    here: list[Customer] = []

    def come(name: str, text: str, **more: str) -> Customer:
        here.append(Customer(house, name, text, **more))
        return here[-1]

    yield come
    for one in here:
        one.heard()
        if one.state["contact"]["state"] == "waiting":
            one.leave()


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a screenshot for the documentation, when HEARTLINE_TEST_PICTURES asks for it (`make pictures`)."""
    return keep

"""A real Heartline with the sample company, and browsers on it: the house of the whole-journey tests."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.customers import Customer
from tests.browser.doors import session_of
from tests.browser.pictures import keep
from tests.plugin import OURS, postgresql_url_for, wants_postgresql
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
NOBODY: Mapping[str, str] = {}


def founded() -> Path:
    """Return a data folder with the sample company, made once for all processes of this run of the tests."""
    folder = Path(os.environ[OURS]) / "founded"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            being_founded = Running(folder.with_name("being-founded"))
            for command in ("load-sample", "reindex"):
                being_founded.command(command)
            being_founded.folder.rename(folder)
    return folder


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Heartline as users start it, in processes of its own; one for each file, whose people have their hands free.

    In the main flow it is the very first start; the other journeys begin in a house that has its sample company.
    """
    folder = tmp_path_factory.mktemp("house") / "data"
    database = {"HEARTLINE_DATABASE_URL": postgresql_url_for("journeys")} if wants_postgresql() else {}
    if not database and not request.node.get_closest_marker("main_flow"):
        shutil.copytree(founded(), folder)
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

    def come(path: str = "/", cookies: Mapping[str, str] = NOBODY, **profile: object) -> Page:
        context = chromium.new_context(base_url=house.address, **{**PHONE, **profile})  # type: ignore[arg-type]  # plain options
        context.add_cookies([{"name": name, "value": kept, "url": house.address} for name, kept in cookies.items()])
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
    """Let one of the sample company's people, who has signed in on a desktop, open a page."""
    password = password_of(house)

    def come(who: str, path: str = "/desk/") -> Page:
        cookies = session_of(house, f"{who}@qinghe.example", password)
        page = visitor(path, cookies, **{**DESKTOP, "is_mobile": False, "has_touch": False})
        page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(path).path)
        return page

    return come


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

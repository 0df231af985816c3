"""Visits in a real Chromium to the test's own database: what the browser tests of all rooms share.

A room whose visitors come otherwise has a `visit` of its own; the browser program is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from heartline.people.models import Person

Visit = Callable[..., Page]
Windows = dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser program for the tests of a file."""
    # Playwright's loop runs in this thread, where Django then refuses its database; the tests here do not share it
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def windows() -> Windows:
    """How large the windows of visitors are."""
    return {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def visit(chromium: Browser, live_server: object, windows: Windows) -> Iterator[Visit]:
    """Open a page as somebody who is signed in, or as nobody; at the end no page may have thrown or been refused."""
    contexts, faults = [], []

    def go(
        person: Person | None, path: str, *, size: str = "desktop", theme: str = "light", language: str = "en"
    ) -> Page:
        width, height = windows[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=size == "phone",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            timezone_id="Pacific/Auckland",
        )
        contexts.append(context)
        if person:
            Person.objects.filter(id=person.id).update(language=language)
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": str(live_server)}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        page.goto(f"{live_server}{path}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []

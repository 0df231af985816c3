"""A real Chromium at the doors of a house that never closes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from heartline.channels.webchat.tests.browser.hands import Visit
from heartline.channels.webchat.tests.serving import serving
from heartline.common.clock import now
from heartline.people.models import Brand, OpeningHours
from tests.cast import Cast, assemble

SIZES = {"desktop": (1440, 900), "phone": (390, 844), "narrow": (320, 2400)}


@pytest.fixture
def cast() -> Cast:
    """The cast, in a house that never closes."""
    cast = assemble(now() - timedelta(hours=1))
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(brand=cast.brand, weekday=weekday, opens=time(0), closes=time(0))
    Brand.objects.update(greeting_en="Tell us what happened.")
    return cast


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), serving() as where:  # the live threads read all the time, also between tests
        yield where


@pytest.fixture
def address(cast: Cast, served: str, settings: Any, tmp_path: Path) -> str:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    return served


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def go(path: str = "/", *, size: str = "desktop", theme: str = "light", language: str = "en", **more: Any) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            has_touch=size != "desktop",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
        page.goto(path if path.startswith("http") else address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []

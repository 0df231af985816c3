"""Who may show the chat, and what the script knows."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from heartline.channels.webchat.entrance import wait_note
from heartline.channels.webchat.words import words
from heartline.people.models import Brand
from tests.cast import Cast

SITE = "https://shop.example"


@pytest.fixture
def brand(cast: Cast) -> Brand:
    cast.brand.allowed_origins = [
        SITE,
        "https://shop.example:8443",
        "https://*.evil.example",
        "'none'; script-src *",
        5,
    ]
    cast.brand.save()
    return cast.brand


def settings_of(html: str) -> dict[str, object]:
    found = re.search(r'<script id="chat-settings" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_only_the_brand_s_own_sites_may_hold_the_frame(brand: Brand, client: Client) -> None:
    answer = client.get("/chat/qinghe/")
    ancestors = re.search(r"frame-ancestors ([^;]*)", answer["Content-Security-Policy"])
    assert ancestors
    assert ancestors[1] == f"'self' {SITE} https://shop.example:8443"
    assert "X-Frame-Options" not in answer
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/b/qinghe/message", "/case/x", "/widget.js"])
def test_nothing_else_may_be_framed(brand: Brand, client: Client, path: str) -> None:
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("origin", "spoken_to"),
    [
        (SITE, SITE),
        ("https://evil.example", ""),
        ("null", ""),
        ("*", ""),
        ("", ""),
        (SITE + "/", ""),
        ("javascript:1", ""),
    ],
)
def test_the_frame_speaks_only_to_the_brand_s_sites(brand: Brand, client: Client, origin: str, spoken_to: str) -> None:
    html = client.get("/chat/qinghe/", {"origin": origin}).content.decode()
    assert settings_of(html)["parent"] == spoken_to


def test_the_frame_sets_no_cookie_and_speaks_the_site_s_language(brand: Brand, client: Client) -> None:
    answer = client.get("/chat/qinghe/", {"language": "en", "want": "fridge"})
    assert not answer.cookies
    assert '<html lang="en"' in answer.content.decode()
    assert settings_of(answer.content.decode())["want"] == "fridge"
    assert '<html lang="zh-Hans"' in client.get("/chat/qinghe/", {"language": "fr"}).content.decode()


def test_what_a_site_passes_on_cannot_break_out(brand: Brand, client: Client) -> None:
    html = client.get("/chat/qinghe/", {"want": "</script><script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "alert(1)" in str(settings_of(html)["want"])


def test_the_script_carries_looks_and_words_and_may_be_loaded_anywhere(brand: Brand, client: Client) -> None:
    answer = client.get("/widget.js")
    code = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert brand.accent in code
    assert "在线客服" in code
    assert "filled in by the server" not in code
    assert "document.cookie" not in code


def test_other_files_are_not_handed_out(brand: Brand, client: Client) -> None:
    for name in ("widget.js", "../pages.py", "..%2f..%2fpages.py", "chat.js.map"):
        assert client.get(f"/chat/assets/{name}").status_code == 404


def test_every_word_the_scripts_ask_for_is_there() -> None:
    from heartline.channels.webchat.assets import NAMES, asset

    code = "".join(asset(name) for name in NAMES)
    asked = set(re.findall(r"\bwords\.(\w+)", code)) | {"sending", "failed", "read", "delivered", "sent"}
    assert asked == set(words())


@pytest.mark.parametrize(
    ("wait", "english", "chinese"),
    [
        ((0, 1), "Nobody is waiting. A person answers in about a minute", "没人排队"),
        ((0, 4), "Probably within 4 minutes now", "现在估计等 4 分钟以内"),
        ((2, 4), "About 2 to 4 minutes now", "现在约等 2～4 分钟"),
    ],
)
def test_a_wait_is_said_as_people_say_it(wait: tuple[int, int], english: str, chinese: str) -> None:
    hall: Any = SimpleNamespace(opening=SimpleNamespace(is_open=True), chat_wait=wait, chat_pause=None)
    with translation.override("en"):
        assert wait_note(hall) == english
    with translation.override("zh-hans"):
        assert wait_note(hall).startswith(chinese)

"""A browser without scripts: it opens pages, follows links and sends forms."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


class Page(HTMLParser):
    """Links, forms and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.hidden: dict[str, str] = {}
        self.lang = ""
        self.text = html
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.lang = found.get("lang", "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found.get("value", "")


def page(client: Client, address: str, **more: Any) -> Page:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return Page(answer.content.decode())


def send(client: Client, address: str, **typed: Any) -> Any:
    """Open a form and send it, with every hidden field it carries."""
    form = page(client, address)
    return client.post(address.partition("?")[0], {**form.hidden, **typed}, REMOTE_ADDR="203.0.113.9")


def ways(found: Page) -> set[str]:
    kinds = {
        "phone": r"tel:\d",
        "chat": r"#chat$",
        "callback": r"/call-me",
        "message": r"/message",
        "contact page": r"^/(b/[\w-]+/)?(\?|$)",
    }
    return {kind for kind, pattern in kinds.items() for link in found.links if re.search(pattern, link)}

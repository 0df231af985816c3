"""A browser on the contact page, as the API sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.channels.webchat.api import WRITING
from heartline.channels.webchat.doors import CHEAP
from tests.cast import NOON, Cast, assemble


@dataclass
class Browser:
    """A browser with its own secret and address; it sends no cookies."""

    address: str = "203.0.113.7"
    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        named = {"headers": self.headers(), "REMOTE_ADDR": self.address, **more}
        return self.client.post(f"/chat/api/{path}", body or {}, content_type="application/json", **named)

    def get(self, path: str = "state", **more: Any) -> Any:
        return self.client.get(f"/chat/api/{path}", headers=self.headers(), REMOTE_ADDR=self.address, **more)

    def upload(self, name: str, content: bytes) -> Any:
        headers = {**self.headers(), "X-File-Name": name}
        return self.client.post(
            "/chat/api/files", content, "application/octet-stream", headers=headers, REMOTE_ADDR=self.address
        )

    def knock(self) -> Browser:
        self.token = self.post("visitor").json()["token"]
        return self

    def start(self, text: str = "师傅昨天又没来", key: str = "firstkey01", **more: Any) -> Any:
        if not self.token:
            self.knock()
        return self.post("start", {"brand": "qinghe", "language": "zh-hans", "text": text, "key": key, **more})

    def say(self, text: str, key: str, **more: Any) -> Any:
        return self.post("messages", {"text": text, "key": key, **more})

    def texts(self) -> list[str]:
        return [message["text"] for message in self.get().json()["messages"]]


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None, at_noon: Any) -> Cast:
    return assemble()


@pytest.fixture
def browser(cast: Cast) -> Browser:
    return Browser()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    CHEAP.forget()
    WRITING.forget()
    return tmp_path / "attachments"

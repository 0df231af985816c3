"""Customers who talk to a running Heartline by the chat's own JSON API, where no second browser is needed."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from typing import Any

from tests.running import Running

_keys = itertools.count(1)


class Customer:
    """A customer's side of a chat."""

    def __init__(self, house: Running, name: str, text: str, *, language: str = "zh-hans", want: str = "") -> None:
        self._house = house
        self._token = self._send("visitor", {})["token"]
        asked = {"language": language, "want": want or text, "text": text, "name": name, "key": _key()}
        self.state = self._send("start", asked)

    def say(self, text: str) -> dict[str, Any]:
        """Write a message."""
        return self._send("messages", {"text": text, "key": _key()})

    def heard(self) -> list[str]:
        """Return what the chat window would show as said, in order."""
        self.state = self._send("state", None)
        return [message["text"] for message in self.state["messages"]]

    def types(self) -> None:
        """Let the other side see that something is being written."""
        self._send("typing", {})

    def asks_to_be_called(self, phone: str) -> None:
        """Be called instead of waiting in the chat."""
        self.state = self._send("callback", {"phone": phone})

    def leave(self) -> None:
        """Leave the chat."""
        self._send("leave", {})

    def _send(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if token := getattr(self, "_token", ""):
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._house.address}/chat/api/{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{path}: {refused.code} {refused.read().decode()}") from None
        answer: dict[str, Any] = json.loads(text) if text else {}
        return answer


def _key() -> str:
    return f"customerkey{next(_keys):05}"

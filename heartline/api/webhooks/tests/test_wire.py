"""Where webhooks may go, whatever is typed in and whatever a name server answers."""

from __future__ import annotations

import socket
import time

import pytest

from heartline.api.webhooks import wire
from heartline.api.webhooks.tests.receiver import Receiver, drip, flood, redirect
from heartline.common.errors import Invalid

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.com/hook",
        "ftp://shop.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://shop.example.com/hook",
        "https://",
        "https:///hook",
        "https://user:secret@shop.example.com/",
        "https://user@shop.example.com/",
        "https://shop.example.com/#part",
        "https://shop.example.com:99999/",
        "https://shop.example.com:x/",
        "https://shop.example.com\\@10.0.0.1/",
        "https://shop.example.com/a b",
        "https://shop.example.com/\r\nX-Evil: 1",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.8:8443/",
        "https://" + "a" * 64 + ".example.com/",
        "https://shop.example.com/" + "a" * 500,
    ],
)
def test_addresses_that_are_not_taken(url: str):
    with pytest.raises(Invalid) as refused:
        wire.check_url(url)
    assert set(refused.value.fields) == {"url"}


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com/hook?token=1",
        "https://shop.example.com:8443",
        "https://例子.测试/hook",
        "https://8.8.8.8/",
    ],
)
def test_addresses_that_are_taken(url: str):
    assert wire.check_url(f" {url} ") == url


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch, address: str):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (address, 443))])
    monkeypatch.setattr(socket, "create_connection", _never)
    assert wire.post("https://shop.example.com/", b"{}", {}).problem == "blocked"


def test_a_name_is_looked_up_once_and_connected_to_as_checked(monkeypatch):
    """Rebinding: a name server that answers first with a public, then with a private address."""
    answers = iter([("93.184.216.34", 443), ("127.0.0.1", 443)])
    asked, connected = [], []

    def look_up(host, *_, **__):
        asked.append(host)
        return [(2, 1, 6, "", next(answers))]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert wire.post("https://shop.example.com/", b"{}", {}).problem == "connection"
    assert (asked, connected) == (["shop.example.com"], [("93.184.216.34", 443)])


def test_of_several_addresses_a_public_one_is_taken(monkeypatch):
    both = [(2, 1, 6, "", ("10.0.0.1", 443)), (2, 1, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert str(wire.resolve("shop.example.com", 443)) == "8.8.8.8"


def test_plain_http_goes_to_allowed_networks_only(settings, monkeypatch):
    settings.WEBHOOK_NETWORKS = ["10.0.0.0/8"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("8.8.8.8", 80))])
    monkeypatch.setattr(socket, "create_connection", _never)
    assert wire.post("http://shop.example.com/", b"{}", {}).problem == "blocked"


def test_what_is_sent_arrives_and_what_is_answered_is_told(receiver: Receiver):
    answer = wire.post(receiver.url, b'{"a": 1}', {"webhook-id": "evt_1"})
    assert (answer.status, answer.problem, answer.good) == (204, "", True)
    (taken,) = receiver.taken
    assert (taken.path, taken.body, taken.id) == ("/hook?from=heartline", b'{"a": 1}', "evt_1")
    assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver):
    receiver.answers = [redirect]
    answer = wire.post(receiver.url, b"{}", {})
    assert (answer.status, answer.good, len(receiver.taken)) == (302, False, 1)


def test_an_answer_that_never_ends_is_cut(receiver: Receiver, monkeypatch):
    monkeypatch.setattr(wire, "ANSWER_WITHIN", 0.3)
    receiver.answers = [drip]
    began = time.perf_counter_ns()
    answer = wire.post(receiver.url, b"{}", {})
    assert (answer.status, answer.good) == (None, False)
    assert time.perf_counter_ns() - began < 5_000_000_000


def test_an_endless_body_is_read_in_part(receiver: Receiver):
    receiver.answers = [flood]
    answer = wire.post(receiver.url, b"{}", {})
    assert (answer.status, len(answer.text)) == (200, wire.SHOWN)


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver: Receiver):
    """The receiver speaks no TLS at all: what matters is that nothing was sent."""
    answer = wire.post(receiver.url.replace("http://", "https://"), b"{}", {})
    assert answer.problem in ("tls", "connection")
    assert receiver.taken == []


def test_nobody_listens_there(receiver: Receiver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert wire.post(f"http://127.0.0.1:{port}/", b"{}", {}).problem == "connection"


def test_an_unknown_name_is_a_problem_of_names(monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert wire.post("https://shop.invalid/", b"{}", {}).problem == "dns"


def _never(*_: object, **__: object) -> None:
    raise AssertionError("nothing may be connected to")

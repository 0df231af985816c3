"""Who gets in: tokens in every wrong form, other visitors' things, and too much of everything."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from heartline.channels.webchat import doors
from heartline.channels.webchat.queries import contact_of_token, customer_of_token
from heartline.channels.webchat.tests.conftest import Browser
from heartline.common.ids import new_token, token_hash
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import store_upload
from heartline.conversations.models import Contact
from heartline.conversations.tests.test_attachments import Sent
from heartline.customers.models import Customer, Identity
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
POSTS = ("messages", "typing", "seen", "leave", "resume", "callback", "rating", "files")
WRONG = ["", "null", "undefined", "None", " ", "%00", "0", "-1", "[]", "x" * 64, "x" * 500, "ü" * 40, "Bearer"]


@pytest.mark.parametrize("path", [*POSTS, "state", "times", "files/abc", "files/%00"])
def test_wrong_tokens_open_nothing(browser: Browser, path: str) -> None:
    browser.start()
    before = Entry.objects.count()
    told = {}
    for number, token in enumerate(WRONG, 10):
        stranger = Browser(address=f"198.51.100.{number}", token=token)
        answer = stranger.post(path) if path in POSTS else stranger.get(path)
        told[token] = (answer.status_code, answer.json()["code"])
        assert Entry.objects.count() == before, token
    assert told == dict.fromkeys(WRONG, (401, "unknown_visitor"))


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "bearer: "])
def test_only_a_bearer_header_is_looked_at(browser: Browser, scheme: str) -> None:
    browser.start()
    answer = browser.client.get("/chat/api/state", headers={"Authorization": f"{scheme}{browser.token}"})
    assert answer.status_code == 401


def test_neither_query_nor_cookie_nor_body_carries_a_token(browser: Browser) -> None:
    browser.start()
    browser.client.cookies["heartline-visitor-qinghe"] = browser.token
    assert browser.client.get(f"/chat/api/state?token={browser.token}").status_code == 401


def test_a_token_of_somebody_s_own_making_starts_nothing(browser: Browser) -> None:
    for made_up in (new_token(), new_token() + ":1wABCD:" + "x" * 43, "x" * 64):
        stranger = Browser(token=made_up)
        assert stranger.start().status_code == 401
    assert not Customer.objects.exists()


def test_a_fresh_token_opens_nothing_before_a_chat(browser: Browser) -> None:
    browser.knock()
    assert browser.get().status_code == 401
    assert browser.say("x", "nokey00001").status_code == 401
    assert browser.upload("a.pdf", PDF).status_code == 401


def test_a_fresh_token_is_good_for_a_day(browser: Browser, at_noon) -> None:
    browser.knock()
    at_noon.shift(24 * 3600 + 1)
    assert browser.start().status_code == 401


def test_only_the_hash_of_a_token_is_kept(browser: Browser) -> None:
    browser.start()
    identity = Identity.objects.get(kind="visitor")
    assert identity.value == token_hash(browser.token)
    assert browser.token not in json.dumps(list(Entry.objects.values_list("body", flat=True)))
    assert customer_of_token(browser.token) == Customer.objects.get()
    assert contact_of_token(browser.token) == Contact.objects.get()
    assert contact_of_token(token_hash(browser.token)) is None


def test_no_answer_repeats_the_token(browser: Browser) -> None:
    answer = browser.start().content.decode()
    assert browser.token not in answer
    assert browser.token not in browser.get().content.decode()


def test_two_visitors_never_meet(cast: Cast) -> None:
    one, other = Browser(), Browser(address="203.0.113.8")
    one.start(text="我的银行卡号是 6222", reach="chen@example.com", name="陈雨桐")
    other.start(text="hello", language="en", reach="chen@example.com", name="陈雨桐")
    assert Customer.objects.count() == 2
    assert other.texts() == ["hello"]
    assert "6222" not in other.get().content.decode()
    file = one.upload("a.pdf", PDF).json()["token"]
    for token in (file, "%00", "null", "x" * 500):
        assert other.get(f"files/{token}").status_code == 404
    assert other.say("steal", "stealkey01", files=[file]).status_code == 422
    assert one.get(f"files/{file}").status_code == 200
    other.post("seen", {"upto": 10**9, "how": "read"})
    other.post("leave")
    assert one.get().json()["contact"]["state"] == "waiting"


def test_an_address_that_a_customer_proved_elsewhere_recognises_nobody(cast: Cast) -> None:
    known = Customer.objects.create(name="陈雨桐", language="zh-hans", tier="top", created_at=NOON)
    Identity.objects.create(customer=known, kind="phone", value="+8613800138000", verified_at=NOON, created_at=NOON)
    browser = Browser()
    browser.start(reach="13800138000", name="陈雨桐")
    contact = Contact.objects.get()
    assert contact.customer != known
    assert contact.customer.tier == "prospect"


def test_files_of_notes_and_unsent_files_of_ours_do_not_exist_for_customers(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = answer_contact(Contact.objects.get(), cast.grace, by=actor_for(cast.grace), now=NOON)
    ours = [store_upload(contact, Sent(f"{n}.pdf", PDF), by=actor_for(cast.grace), now=NOON) for n in range(3)]
    add_message(
        contact, "note", "内部", client_key="n", attachments=(ours[0].token,), by=actor_for(cast.grace), now=NOON
    )
    add_message(
        contact, "reply", "给您", client_key="r", attachments=(ours[1].token,), by=actor_for(cast.grace), now=NOON
    )
    assert [browser.get(f"files/{file.token}").status_code for file in ours] == [404, 200, 404]
    assert ours[0].token not in browser.get().content.decode()


def test_staff_cookies_mean_nothing_here(browser: Browser, cast: Cast) -> None:
    browser.start()
    browser.client.force_login(cast.admin)
    assert browser.client.get("/chat/api/state").status_code == 401


@pytest.mark.usefixtures("minute_that_lasts")
def test_a_thousand_forwarded_addresses_are_one_source(cast: Cast) -> None:
    refused = 0
    for number in range(100):
        browser = Browser()
        answer = browser.post("visitor", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        refused += answer.status_code == 429
    assert refused == 40


@pytest.mark.usefixtures("minute_that_lasts")
def test_a_network_of_the_new_kind_is_one_source(cast: Cast) -> None:
    answers = [Browser(address=f"2001:db8::{n:x}").post("visitor").status_code for n in range(61)]
    assert answers == [201] * 60 + [429]
    assert Browser(address="2001:db8:0:1::1").post("visitor").status_code == 201


def let_no_time_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of what is bounded in memory: on a busy machine the test itself may take a minute."""
    monkeypatch.setattr(doors, "time", SimpleNamespace(monotonic=lambda: 1.0))


def test_chats_messages_and_files_are_counted(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    let_no_time_pass(monkeypatch)
    browser.start()
    answers = [browser.say("x", f"countkey{n:03}").status_code for n in range(41)]
    assert answers == [201] * 40 + [429]
    assert len(browser.texts()) == 41


@pytest.mark.usefixtures("minute_that_lasts")
def test_a_number_and_a_block_of_numbers_are_called_so_often(cast: Cast) -> None:
    def ask(number: str) -> int:
        browser = Browser()
        browser.start()
        return int(browser.post("callback", {"phone": number}).status_code)

    assert [ask("13800138000") for _ in range(4)] == [200, 200, 200, 422]
    others = [ask(f"1380013{n:04}") for n in range(1, 19)]
    assert others == [200] * 17 + [422]
    assert ask("13900139000") == 200


def test_cheap_things_are_bounded_too(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    let_no_time_pass(monkeypatch)
    browser.start()
    assert 429 in [browser.post("typing").status_code for _ in range(70)]


def test_a_hostile_name_stays_text(browser: Browser) -> None:
    canary = "<img src=x onerror=alert(1)>{{7*7}}"
    browser.start(text=canary, name=canary, want=canary)
    answer = browser.get()
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser.texts() == [canary]

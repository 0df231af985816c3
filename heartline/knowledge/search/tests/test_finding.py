"""What is found, by whom, in which order: the same on both databases."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.contacts import ContactRequest, open_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Message
from heartline.customers.actions import add_identity, create_customer
from heartline.knowledge.search import asking
from heartline.knowledge.search.queries import Place, Reader, find
from heartline.knowledge.search.rules import understand
from heartline.knowledge.search.sources import CASES, MESSAGES
from heartline.knowledge.search.tests.conftest import found, keep_up
from heartline.people.queries import scope_of
from tests.cast import NOON, waiting_contact


def contact_of(cast, name, text, *, subject="", queue=None, now=NOON):
    customer = create_customer(cast.brand, name=name, language="en", by=None, now=now)
    request = ContactRequest(
        customer=customer,
        queue=queue or cast.chat_en,
        channel="webchat",
        language="en",
        text=text,
        want=subject,
        client_key="first",
    )
    return open_contact(request, by=Actor.customer(customer.id, customer.name), now=now)


def said(contact):
    return Message.objects.filter(contact=contact).order_by("id").first().id


@pytest.mark.parametrize(
    "typed",
    [
        "退款",
        "款",
        "退款还没有到账",
        "退款還沒有到賬",
        "退款 到账",
        '"退款还没有"',
        "ＩＰＨＯＮＥ",
        "iphone15",
        "iPhone 15",
        "CAFE",
        "café",
        "refunded iphone",
        "refnded",  # a letter missing
        "refudned",  # two swapped
        "refun",  # only the beginning
        "订单 -快递",
        "from:王小明 退款",
        "from:王 退款",
        "from:王小明",
        "状态:待办 退款",
        "state:open 退款",
        "channel:webchat 款",
        "渠道:在线客服 款",
        "queue:chat-en 款",
        "after:2026-11-26 before:2026-11-27 退款",
        "after:昨天 退款",
        "in:messages 退款",
    ],
)
def test_a_message_is_found(cast, typed):
    contact = contact_of(cast, "王小明", "我的订单退款还没有到账，iPhone15 at the Café was refunded")
    contact_of(cast, "李娜", "别的事情，快递没来")
    keep_up()
    assert found(cast.grace, typed, "messages") == [said(contact)]


@pytest.mark.parametrize(
    "typed",
    [
        "款退",
        "到退款",
        "订单 快递",
        "退款 -到账",
        "from:李娜 退款",
        "state:closed 退款",
        "state:nonsense 退款",
        "tag:none 退款",
        "before:2026-11-26 退款",
        "in:files 退款",
        "quite another thing",
        '"iphone refunded"',
        "",
        "   ",
        "-退款",
        "”“\"'()*:&|!<->",
        "\\' OR 1=1 --",
    ],
)
def test_what_was_not_said_is_not_found(cast, typed):
    contact_of(cast, "王小明", "我的订单退款还没有到账，iPhone15 at the Café was refunded")
    keep_up()
    assert found(cast.grace, typed, "messages") == []


@pytest.mark.parametrize(
    "typed",
    [
        "陈雨桐",
        "雨桐",
        "桐",
        "陳雨桐",
        "chen yutong",
        "chenyutong",
        "ChenYutong",
        "yuto",
        "yutnog",
        "13800138000",
        "8613800138000",
        "+86 138 0013 8000",
        "138-0013-8000",
        "8000",
        "chen.yt@example.com",
        "CHEN.YT@EXAMPLE.COM",
        "chen.yt",
        "C-20417",
    ],
)
def test_a_customer_is_found_by_name_and_addresses(cast, typed):
    contact = contact_of(cast, "陈雨桐 ChenYutong", "hello")
    contact_of(cast, "Tom Baker", "hello")
    by = Actor.system("test")
    for kind, value in (("phone", "13800138000"), ("email", "chen.yt@example.com"), ("external", "C-20417")):
        add_identity(contact.customer, kind, value, verified=False, by=by, now=NOON)
    keep_up()
    assert found(cast.grace, typed, "customers") == [contact.customer_id]


def test_a_case_is_found_by_its_number_first(cast):
    first = contact_of(cast, "A", "x", subject="Fridge is loud")
    second = contact_of(cast, "B", "x", subject=f"About case {first.case_id}")
    keep_up()
    assert found(cast.grace, f"#{first.case_id}", "cases") == [first.case_id, second.case_id]
    assert found(cast.grace, f"{first.case_id}", "cases") == [first.case_id, second.case_id]


def test_cases_are_found_by_what_they_are_about_and_whose_they_are(cast):
    contact = contact_of(cast, "Grace Hopper", "x", subject="冰箱没装上 fridge")
    keep_up()
    for typed in ("冰箱", "冰箱 hopper", "没装", "装", "fridge", "frigde", "from:hopper", "owner:none fridge"):
        assert found(cast.grace, typed, "cases") == [contact.case_id], typed
    change_case(contact.case, {"owner": cast.grace}, by=Actor.system("test"), now=NOON)
    assert found(cast.grace, "owner:me fridge", "cases") == [contact.case_id]
    assert found(cast.tom, "owner:me fridge", "cases") == []
    assert found(cast.tom, "owner:grace", "cases") == [contact.case_id]


def test_the_best_come_first_and_the_newest_of_them(cast):
    body = contact_of(cast, "A", "x", subject="Something else")
    change_case(body.case, {"wants": "a new door for the fridge"}, by=Actor.system("test"), now=NOON)
    apart = contact_of(cast, "B", "x", subject="Fridge and its door")
    newer = contact_of(cast, "C", "x", subject="Door of a fridge")
    mistyped = contact_of(cast, "D", "x", subject="Frigde door")
    keep_up()
    ids = [newer.case_id, apart.case_id, body.case_id, mistyped.case_id]
    assert found(cast.grace, "fridge door", "cases") == ids


@pytest.mark.parametrize("newest", [asking._NEWEST, 3])
def test_pages_go_on_where_the_last_one_ended(cast, monkeypatch, newest):
    monkeypatch.setattr(asking, "_NEWEST", newest)  # how many PostgreSQL looks through before it asks its index
    contact = contact_of(cast, "A", "fridge number 0")
    by = Actor.person(cast.grace.id, cast.grace.name)
    for number in range(1, 12):
        text = f"fridge {number}" if number % 3 else f"fridges {number}"
        add_message(contact, "reply", text, client_key=str(number), by=by, now=NOON + timedelta(minutes=number))
    keep_up()
    whole = found(cast.grace, "fridge", "messages", limit=50)
    reader, question = Reader(scope_of(cast.grace), NOON, UTC), understand("fridge")
    place, ids = Place(), []
    while place is not None:
        page = find(reader, question, MESSAGES, place=place, limit=5)
        ids += page.ids
        place = Place.parse(str(page.next)) if page.next else None
        add_message(contact, "reply", "fridge, just now", client_key=f"new{len(ids)}", by=by, now=NOON)
        keep_up()
    assert len(whole) == 12
    assert ids == whole


def test_nobody_finds_what_they_may_not_see(cast):
    theirs = contact_of(cast, "王小明", "秘密 secret fridge", subject="Secret", queue=cast.other_queue)
    mine = contact_of(cast, "李娜", "another secret")
    keep_up()
    assert found(cast.grace, "secret", "messages") == [said(mine)]
    assert found(cast.grace, "秘", "messages") == []
    assert found(cast.grace, "王小明", "customers") == []
    assert found(cast.grace, f"#{theirs.case_id}", "cases") == []
    assert found(cast.outsider, "secret", "messages") == [said(theirs)]
    assert found(cast.admin, "secret", "messages") == [said(mine), said(theirs)]
    assert found(cast.expert, "secret", "messages") == []
    for kind in ("customers", "cases", "messages", "files"):
        assert found(cast.analyst, "secret", kind) == []


def test_an_agent_finds_the_case_that_came_to_them_whatever_its_queue(cast):
    theirs = contact_of(cast, "王小明", "secret", subject="Secret", queue=cast.other_queue)
    keep_up()
    change_case(theirs.case, {"owner": cast.grace}, by=Actor.system("test"), now=NOON)
    assert found(cast.grace, "secret", "cases") == [theirs.case_id]


def test_only_fields_find_the_newest(cast):
    first = waiting_contact(cast)
    second = waiting_contact(cast)
    keep_up()
    reader = Reader(scope_of(cast.lina), NOON, UTC)
    page = find(reader, understand("state:open"), CASES, place=Place(), limit=1)
    assert page.ids == [second.case_id]
    assert page.next is not None
    assert find(reader, understand("state:open"), CASES, place=page.next, limit=1).ids == [first.case_id]

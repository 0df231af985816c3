"""The same thing sent many times at once is done once: a start, a message, a form, a call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from heartline.channels.webchat.tests.conftest import Browser
from heartline.common.clock import now
from heartline.conversations.models import Case, Contact, Message
from heartline.customers.models import Customer
from heartline.people.models import OpeningHours
from heartline.promises.models import FollowUp
from heartline.reception.tests.browsing import page
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def cast() -> Cast:
    cast = assemble(now() - timedelta(hours=1))
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(brand=cast.brand, weekday=weekday, opens=time(0), closes=time(0))
    return cast


def at_once(act: Callable[[int], Any]) -> list[Any]:
    def in_thread(number: int) -> Any:
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(in_thread, range(AT_ONCE)))


def test_one_browser_starts_one_chat(browser: Browser) -> None:
    browser.knock()
    answers = at_once(lambda _number: Browser(token=browser.token).start().status_code)
    assert answers == [201] * AT_ONCE
    assert (Customer.objects.count(), Case.objects.count(), Contact.objects.count()) == (1, 1, 1)
    assert Message.objects.count() == 1


def test_one_key_is_one_message(browser: Browser) -> None:
    browser.start()
    answers = at_once(lambda _number: Browser(token=browser.token).say("二", "samekey001").json()["id"])
    assert len(set(answers)) == 1
    assert Message.objects.count() == 2


def test_one_form_is_one_case(cast: Cast) -> None:
    form = page(Client(), "/b/qinghe/message").hidden
    answers = at_once(lambda _number: Client().post("/b/qinghe/message", {**form, "text": "冰箱没装上"})["Location"])
    assert len(set(answers)) == 1
    assert (Case.objects.count(), Customer.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_one_wish_to_be_called_is_one_call(browser: Browser) -> None:
    browser.start()
    numbers = [f"1391234{n:04}" for n in range(AT_ONCE)]
    at_once(lambda number: Browser(token=browser.token).post("callback", {"phone": numbers[number]}).status_code)
    assert Contact.objects.filter(channel="callback").count() == 1
    assert FollowUp.objects.count() == 1
    assert Contact.objects.get(channel="webchat").state == "abandoned"

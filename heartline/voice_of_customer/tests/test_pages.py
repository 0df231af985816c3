"""The question and the thanks as a customer meets them, without JavaScript and without cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.ledger.models import Entry
from heartline.people.models import RateCount
from heartline.promises.models import FollowUp
from heartline.voice_of_customer.models import Invitation, Response
from heartline.voice_of_customer.tests.helpers import invited
from tests.cast import NOON, Cast, assemble


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def customer() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def receipt_on(page: Any) -> str:
    found = re.search(r'name="receipt" value="([\w-]{32})"', page.content.decode())
    assert found
    return found[1]


def answer(customer: Client, token: str, **fields: Any) -> Any:
    receipt = receipt_on(customer.get(f"/rate/{token}/"))
    return customer.post(f"/rate/{token}/", {"receipt": receipt, **fields})


def test_the_question_is_asked_in_the_language_of_the_case(cast: Cast, customer: Client) -> None:
    page = customer.get(f"/rate/{invited(cast)[1]}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "zh-hans"
    for words in (
        "这次服务您满意吗？",
        "非常满意",
        "满意",
        "一般",
        "不满意",
        "非常不满意",
        "欧嘉怡",
        "冰箱没装上",
        "12月10日",
    ):
        assert words in text
    assert text.index("非常满意") < text.index("非常不满意")


def test_the_visitor_may_choose_another_language(cast: Cast, customer: Client) -> None:
    customer.cookies["heartline_language"] = "en"
    text = customer.get(f"/rate/{invited(cast)[1]}/").content.decode()
    assert "How satisfied are you with the help you got?" in text
    assert "Very dissatisfied" in text


def test_the_secret_stays_out_of_caches_and_referrers(cast: Cast, customer: Client) -> None:
    page = customer.get(f"/rate/{invited(cast)[1]}/")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_looking_changes_nothing(cast: Cast, customer: Client) -> None:
    token = invited(cast)[1]
    before = Entry.objects.count()
    for _ in range(3):
        customer.get(f"/rate/{token}/")
    assert Entry.objects.count() == before
    assert not RateCount.objects.exists()


def test_a_good_answer_is_thanked(cast: Cast, customer: Client) -> None:
    sent = answer(customer, invited(cast)[1], score="5", comment="很快")
    assert sent.status_code == 303
    page = customer.get(sent.headers["Location"])
    assert "收到了，谢谢" in page.content.decode()
    response = Response.objects.get()
    assert (response.score, response.comment, response.came_by) == (5, "很快", "link")


def test_a_low_answer_names_who_comes_back_and_by_when(cast: Cast, customer: Client) -> None:
    sent = answer(customer, invited(cast)[1], score="1")
    text = customer.get(sent.headers["Location"]).content.decode()
    assert "谢谢您直说" in text
    assert "欧嘉怡会在" in text
    assert "12:00" in text
    assert "您希望我们打给您吗" in text


def test_a_wish_to_be_called_is_kept(cast: Cast, customer: Client) -> None:
    thanks = answer(customer, invited(cast)[1], score="2").headers["Location"]
    refused = customer.post(thanks, {"comment": "一直没人来", "phone": "123"})
    assert refused.status_code == 422
    assert "一直没人来" in refused.content.decode()
    assert "手机号好像不对" in refused.content.decode()
    taken = customer.post(thanks, {"comment": "一直没人来", "phone": "138 0013 8000"})
    assert (taken.status_code, taken.headers["Location"]) == (303, thanks)
    assert "138****8000" in customer.get(thanks).content.decode()
    assert FollowUp.objects.get().phone == "+8613800138000"


def test_a_number_we_know_is_not_asked_for_again(cast: Cast, customer: Client) -> None:
    from heartline.customers.actions import add_identity
    from heartline.voice_of_customer.tests.helpers import customer_of

    invitation, token = invited(cast)
    by = customer_of(invitation.contact)
    add_identity(invitation.case.customer, "phone", "13912345678", verified=False, by=by, now=NOON)
    thanks = answer(customer, token, score="1").headers["Location"]
    text = customer.get(thanks).content.decode()
    assert "139****5678" in text
    assert "13912345678" not in text
    customer.post(thanks, {"use": "known"})
    assert FollowUp.objects.get().phone == "+8613912345678"


def test_a_good_answer_offers_no_call(cast: Cast, customer: Client) -> None:
    thanks = answer(customer, invited(cast)[1], score="4").headers["Location"]
    customer.post(thanks, {"phone": "138 0013 8000"})
    assert not FollowUp.objects.exists()


def test_what_is_missing_is_named_and_what_was_typed_is_kept(cast: Cast, customer: Client) -> None:
    page = answer(customer, invited(cast)[1], comment="写了很多")
    assert page.status_code == 422
    assert "请选一项" in page.content.decode()
    assert "写了很多" in page.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize("score", ["0", "6", "-1", "five", "5.0", "５", "", " "])
def test_only_the_five_answers_are_taken(cast: Cast, customer: Client, score: str) -> None:
    assert answer(customer, invited(cast)[1], score=score).status_code == 422
    assert not Response.objects.exists()


def test_the_same_answer_sent_twice_is_thanked_twice_and_counts_once(cast: Cast, customer: Client) -> None:
    token = invited(cast)[1]
    fields = {"receipt": receipt_on(customer.get(f"/rate/{token}/")), "score": "1"}
    first, second = (customer.post(f"/rate/{token}/", fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Response.objects.count() == 1
    assert FollowUp.objects.get().additions.count() == 0


def test_thanks_are_for_an_hour(cast: Cast, customer: Client) -> None:
    thanks = answer(customer, invited(cast)[1], score="5").headers["Location"]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert customer.get(thanks).status_code == 404


def alike(page: Any) -> tuple[int, str, dict[str, str]]:
    """Return what a stranger can tell from a page: nonces and the address they typed themselves left out."""
    text = re.sub(
        r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|name="next" value="[^"]+"', "", page.content.decode()
    )
    headers = {
        name: value
        for name, value in page.headers.items()
        if name not in ("X-Request-Id", "Content-Security-Policy", "Content-Length")
    }
    return page.status_code, text, headers


def test_wrong_spent_expired_and_foreign_links_are_told_alike(cast: Cast) -> None:
    spent, expired, foreign = (invited(cast) for _ in range(3))
    answer(Client(headers={"accept-language": "en"}), spent[1], score="5")
    Invitation.objects.filter(id=expired[0].id).update(expires_at=NOON)
    receipt_of_other = receipt_on(Client().get(f"/rate/{foreign[1]}/"))
    tokens = ["A" * 32, "short", spent[1], expired[1], receipt_of_other, "%00", "%20"]
    for method in ("get", "post"):
        pages = {
            token: getattr(Client(headers={"accept-language": "en"}), method)(f"/rate/{token}/") for token in tokens
        }
        RateCount.objects.all().delete()
        assert len({str(alike(page)) for page in pages.values()}) == 1
        assert next(iter(pages.values())).status_code == 404


def test_who_guesses_waits_whatever_they_try_next(cast: Cast) -> None:
    token = invited(cast)[1]
    guesser = Client(REMOTE_ADDR="2001:db8::1")
    assert [guesser.get(f"/rate/{number:032}/").status_code for number in range(12)] == [404] * 10 + [429] * 2
    neighbour = Client(REMOTE_ADDR="2001:db8::2")
    refused = neighbour.get(f"/rate/{token}/")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="203.0.113.9").get(f"/rate/{token}/").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert guesser.get(f"/rate/{token}/").status_code == 200


@pytest.mark.usefixtures("minute_that_lasts")
def test_forwarding_headers_of_strangers_do_not_make_new_sources(cast: Cast) -> None:
    statuses = [
        Client(headers={"x-forwarded-for": f"198.51.100.{number}"}).get(f"/rate/{number:032}/").status_code
        for number in range(12)
    ]
    assert statuses == [404] * 10 + [429] * 2


@pytest.mark.parametrize("receipt", ["", "x", "x" * 32, "<script>"])
def test_a_receipt_of_the_sender_harms_nobody(cast: Cast, customer: Client, receipt: str) -> None:
    token = invited(cast)[1]
    sent = customer.post(f"/rate/{token}/", {"receipt": receipt, "score": "3"})
    assert sent.status_code == 303
    assert customer.get(sent.headers["Location"]).status_code == 200


def test_a_comment_is_text(cast: Cast, customer: Client) -> None:
    sent = answer(customer, invited(cast)[1], score="9", comment="<img src=x onerror=alert(1)>{{7*7}}")
    assert "<img src=x" not in sent.content.decode()
    assert "{{7*7}}" in sent.content.decode()

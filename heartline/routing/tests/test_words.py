"""Every reason has a sentence in both languages, written as a native would."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import override

from heartline.ledger.events import enrich
from heartline.ledger.models import Entry
from heartline.routing import words
from heartline.routing.actions import decline_offer
from heartline.routing.models import DECLINE_REASONS, OfferState
from heartline.routing.rules import OFFER_CODES, ORDER_CODES, WHY_CODES, Reasons
from heartline.routing.rules.why_not import WHY_NOT_CODES
from heartline.routing.standing import STEP_CODES
from heartline.routing.tests.helpers import by, offer
from heartline.routing.words import sentence
from tests.cast import NOON, Cast, waiting_contact

ENDINGS = {"customer_left", "queue_paused", "taken", "taken_back", "not_available", "clock_set_back"}
STANDING = WHY_NOT_CODES | STEP_CODES
CODES = ORDER_CODES | OFFER_CODES | WHY_CODES | ENDINGS | STANDING | dict(DECLINE_REASONS).keys()
PARAMS: dict[str, Any] = {
    "seconds": 130,
    "late": 3700,
    "count": 3,
    "level": 4,
    "name": "Grace Okafor",
    "skill": "iptv",
    "skill_en": "IPTV",
    "skill_zh": "IPTV 安装",
    "language": "zh-hans",
    "tier": "big",
    "has": 2,
    "held": 3,
    "limit": 3,
    "what": "wider",
    "text": "soon",
}
HAN = "[㐀-鿿]"


def in_language(language: str, code: str, params: dict[str, Any] = PARAMS) -> str:
    with override(language):
        return sentence(code, params)


def test_the_codes_with_sentences_are_the_codes_there_are() -> None:
    assert words.SENTENCES.keys() | words.COUNTED.keys() == CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_a_sentence_in_both_languages(code: str) -> None:
    english, chinese = in_language("en", code), in_language("zh-hans", code)
    assert re.search(HAN, chinese)
    assert not re.search(HAN, english)
    for text in (english, chinese):
        assert "%" not in text
        assert "\ue000" not in text
        assert not text.endswith((".", "。"))
    assert not re.search(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}", chinese), chinese
    assert not re.search(rf"{HAN}[,;:?!()]", chinese), chinese


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("waited", "Waiting for 2 min", "已等 2 分钟"),
        ("tier", "Gold customer: counts as 2 min more", "金卡客户，相当于多等 2 分钟"),
        ("knows_skill", "You know IPTV", "你懂 IPTV 安装"),
        ("speaks_language", "You serve in Chinese", "你能用中文接待"),
        ("offered", "Offered to Grace Okafor right now", "已派给 Grace Okafor，等对方接入"),
        ("overdue", "1 h 1 min past the time we named", "比约好的时间晚了 1 小时 1 分"),
        (
            "all_busy",
            "All 3 people who could take it have their hands full",
            "能接的 3 位同事手上都满了",
        ),
    ],
)
def test_sentences_read_well(code: str, english: str, chinese: str) -> None:
    assert in_language("en", code) == english
    if code != "tier":  # the names of tiers are translated by the room of customers
        assert in_language("zh-hans", code) == chinese


def test_one_person_is_not_all_people() -> None:
    one = {"count": 1}
    assert in_language("en", "all_busy", one) == "The one person who could take it has their hands full"
    assert in_language("zh-hans", "all_busy", one) == "能接的 1 位同事手上都满了"


def test_chinese_names_need_no_space() -> None:
    assert in_language("zh-hans", "offered", {"name": "李娜"}) == "已派给李娜，等对方接入"


def test_a_percent_sign_in_a_name_does_no_harm() -> None:
    assert in_language("en", "offered", {"name": "100% %(x)s"}) == "Offered to 100% %(x)s right now"


def test_a_code_of_a_newer_version_is_shown_as_it_is() -> None:
    assert in_language("en", "telepathy") == "telepathy"


def test_the_states_of_an_offer_are_translated() -> None:
    with override("zh-hans"):
        assert [str(state.label) for state in OfferState] == ["待接", "已接入", "暂不接", "超时未接", "已撤回"]


def test_an_offers_card_says_why_in_every_language_while_it_stands(cast: Cast) -> None:
    contact = waiting_contact(cast)
    reasons: Reasons = (("helped_last_time", {}), ("waited", {"seconds": 95}))
    made = offer(contact, cast.grace, now=NOON, reasons=reasons)
    told = Entry.objects.get(kind="routing.offer_made")
    bodies = [dict(told.body), dict(told.body)]
    enrich([("routing.offer_made", bodies[0])])
    assert bodies[0]["offer"]["reason_words"] == {
        "en": ["You helped last time", "Waiting for 1 min"],
        "zh-hans": ["上次是你接待的", "已等 1 分钟"],
    }
    decline_offer(made.id, cast.grace, "busy", by=by(cast.grace), now=NOON)
    enrich([("routing.offer_made", bodies[1])])
    assert bodies[1]["offer"] is None

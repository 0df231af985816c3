"""What the routing plan says to customers at a step stands in their chat window while they wait."""

from __future__ import annotations

from datetime import timedelta

from heartline.channels.webchat.queries import snapshot
from heartline.people.actions import actor_for
from heartline.routing.actions import take_contact
from heartline.routing.plans.actions import publish, save_draft
from tests.cast import NOON, Cast, assemble, waiting_contact


def test_who_waits_long_is_told_what_the_step_says(db: None) -> None:
    cast: Cast = assemble()
    told = {"en": "Anybody may help you now", "zh": "现在全体同事都可以帮您"}
    steps = [{"until": 120}, {"who": "house", "tell": told}]
    admin = actor_for(cast.admin)
    publish(save_draft({"everywhere": {"steps": steps}}, by=admin, now=NOON), by=admin, now=NOON)
    contact = waiting_contact(cast)
    late = NOON + timedelta(seconds=120)
    assert snapshot(contact, language="zh-hans", now=NOON)["news"] == ""
    assert snapshot(contact, language="zh-hans", now=late)["news"] == told["zh"]
    assert snapshot(contact, language="en", now=late)["news"] == told["en"]
    take_contact(contact, cast.grace, by=actor_for(cast.grace), now=late)
    assert snapshot(contact, language="en", now=late)["news"] == ""

"""Plans are written by keys, checked with the place of every mistake, and live in versions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from heartline.common.errors import Conflict, Invalid
from heartline.ledger.models import Entry
from heartline.people.models import Site, Team
from heartline.routing import rules
from heartline.routing.plans import toml
from heartline.routing.plans.actions import check, discard_draft, publish, rebase_draft, roll_back, save_draft
from heartline.routing.plans.complete import complete
from heartline.routing.plans.queries import channels, content_in_use, current_plan, draft, names, number_in_use
from heartline.routing.plans.reading import read
from heartline.routing.tests.helpers import by
from tests.cast import NOON, Cast

WHOLE: dict[str, Any] = {
    "seed": 7,
    "order": {"live": 1800, "tiers": {"top": 240, "big": 90}},
    "people": {
        "load": 6,
        "turns_by_load": True,
        "weights": {"webchat": 2},
        "interrupts": [{"in_hand": "webform", "incoming": "callback"}],
    },
    "sites": {"hangzhou": {"monday": "09:00–12:00, 13:30–18:00", "closed": ["2026-12-25"]}},
    "everywhere": {"choose": "least_loaded"},
    "queues": {
        "chat-zh": {
            "most_per_person": 2,
            "steps": [
                {"until": 60, "keep_for": "last"},
                {"until": 300, "skills": {"installation": 3}, "sites": ["hangzhou"], "open_sites_only": True},
                {"who": "house", "language": "prefer", "tell": {"en": "Soon", "zh": "马上"}, "offer_callback": True},
            ],
            "borrow": [{"lender": "chat-en", "start": 120, "stop": 30}],
        }
    },
}


def test_a_house_without_a_plan_lives_by_what_is_built_in(cast: Cast) -> None:
    plan, wrong = read({}, names())
    assert wrong == {}
    assert (plan.order, plan.everywhere, plan.queues) == (rules.DEFAULT.order, rules.DEFAULT.everywhere, {})
    assert current_plan() == rules.DEFAULT


def test_a_plan_is_read_into_numbers_and_calendars(cast: Cast) -> None:
    plan, wrong = read(WHOLE, names(), number=3)
    assert wrong == {}
    way = plan.of(cast.chat_zh.id)
    assert [step.until for step in way.steps] == [60, 300, None]
    assert way.steps[1].sites == (cast.site.id,)
    assert way.borrow[0].lender == cast.chat_en.id
    assert plan.of(cast.other_queue.id).choose == "least_loaded"
    assert plan.people.weight("webchat") == 2
    monday_lunch = datetime(2026, 11, 30, 4, 30, tzinfo=UTC)  # 12:30 in Hangzhou
    assert not plan.sites[cast.site.id].is_open(monday_lunch)
    assert plan.sites[cast.site.id].is_open(monday_lunch + timedelta(hours=1))
    assert not plan.sites[cast.site.id].is_open(datetime(2026, 12, 25, 2, tzinfo=UTC))


def test_teams_and_sites_are_called_by_keys_made_of_their_names(cast: Cast) -> None:
    assert names().teams == {"front-line": cast.team.id, "elsewhere": cast.other_team.id}
    twin = Team.objects.create(name_en="Front line", site=cast.site)
    assert twin.key == "front-line-2"
    assert Site.objects.create(name_en="杭州").key == "site"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"sead": 1}, "sead"),
        ({"order": {"live": "long"}}, "order.live"),
        ({"order": {"live": True}}, "order.live"),
        ({"order": {"tiers": {"platinum": 1}}}, "order.tiers.platinum"),
        ({"people": {"load": 2, "weights": {"webchat": 3}}}, "people.weights.webchat"),
        (
            {"people": {"interrupts": [{"in_hand": "webchat", "incoming": "webchat"}]}},
            "people.interrupts.0.incoming",
        ),
        ({"calls": {"attempts": 0}}, "calls.attempts"),
        ({"calls": {"first_gap": 5}}, "calls.first_gap"),
        ({"calls": {"last_gap": 600}}, "calls.last_gap"),
        ({"everywhere": {"choose": "ring_all"}}, "everywhere.choose"),
        ({"queues": {"gone": {}}}, "queues.gone"),
        ({"queues": {"chat-zh": []}}, "queues.chat-zh"),
        ({"everywhere": {"steps": [{}, {}]}}, "everywhere.steps.0.until"),
        ({"everywhere": {"steps": [{"until": 60}, {"until": 60}, {}]}}, "everywhere.steps.1.until"),
        ({"everywhere": {"steps": [{"until": 60}]}}, "everywhere.steps.0.until"),
        ({"everywhere": {"steps": [{"keep_for": "last"}]}}, "everywhere.steps.0.keep_for"),
        ({"everywhere": {"steps": [{"skills": {"flying": 1}}]}}, "everywhere.steps.0.skills.flying"),
        ({"everywhere": {"steps": [{"skills": {"installation": 6}}]}}, "everywhere.steps.0.skills.installation"),
        ({"everywhere": {"steps": [{"teams": ["front-line", "b"]}]}}, "everywhere.steps.0.teams.1"),
        ({"everywhere": {"steps": ["wide"]}}, "everywhere.steps.0"),
        ({"everywhere": {"borrow": [{"lender": "chat-en", "start": 30, "stop": 30}]}}, "everywhere.borrow.0.stop"),
        ({"queues": {"chat-zh": {"borrow": [{"lender": "chat-zh"}]}}}, "queues.chat-zh.borrow.0.lender"),
        ({"sites": {"hangzhou": {"monday": "late"}}}, "sites.hangzhou.monday"),
        ({"sites": {"hangzhou": {"monday": "20-04", "tuesday": "02-10"}}}, "sites.hangzhou.monday"),
        ({"sites": {"hangzhou": {"closed": ["soon"]}}}, "sites.hangzhou.closed.0"),
        ({"sites": {"hangzhou": {"like": {"2026-10-10": "fryday"}}}}, "sites.hangzhou.like.2026-10-10"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_in_both_languages(
    cast: Cast,
    content: dict[str, Any],
    place: str,
) -> None:
    with override("en"):
        english = check(content)
    with override("zh-hans"):
        chinese = check(content)
    assert list(english) == list(chinese) == [place]
    assert english[place] != chinese[place]


def test_a_file_says_the_same_as_the_page(cast: Cast) -> None:
    whole = complete(WHOLE, tuple(sorted(channels())))
    assert toml.loads(toml.dumps(whole)) == whole
    assert toml.loads(toml.dumps(WHOLE)) == WHOLE
    assert read(whole, names()) == read(WHOLE, names())
    assert toml.loads("[sites.hangzhou]\r\nclosed = [2026-12-25]") == {
        "sites": {"hangzhou": {"closed": ["2026-12-25"]}}
    }
    with pytest.raises(Invalid, match="line 2"):
        toml.loads("seed = 1\nseed = no\n")


def test_a_draft_is_published_and_an_old_version_comes_back(cast: Cast) -> None:
    admin = by(cast.admin)
    first = publish(save_draft(WHOLE, note="Steps for chats", by=admin, now=NOON), by=admin, now=NOON)
    assert (first.number, first.state, number_in_use()) == (1, "published", 1)
    assert current_plan().of(cast.chat_zh.id).most_per_person == 2
    second = publish(save_draft({}, by=admin, now=NOON), by=admin, now=NOON)
    assert current_plan() == rules.DEFAULT
    back = roll_back(1, by=admin, now=NOON)
    assert (back.number, back.content, content_in_use()) == (3, WHOLE, WHOLE)
    second.refresh_from_db()
    assert second.state == "retired"
    told = Entry.objects.filter(kind="routing.plan_changed").order_by("id")
    assert [entry.body["what"] for entry in told] == ["drafted", "published", "drafted", "published", "rolled_back"]


def test_nobody_writes_over_anothers_draft(cast: Cast) -> None:
    admin = by(cast.admin)
    seen = save_draft({"seed": 1}, by=admin, now=NOON).saved
    save_draft({"seed": 2}, saved=seen, by=admin, now=NOON)
    with pytest.raises(Conflict):
        save_draft({"seed": 3}, saved=seen, by=admin, now=NOON)
    standing = draft()
    assert standing
    assert standing.content == {"seed": 2}


def test_a_draft_that_another_plan_overtook_is_not_published_by_mistake(cast: Cast) -> None:
    admin = by(cast.admin)
    publish(save_draft({"seed": 1}, by=admin, now=NOON), by=admin, now=NOON)
    standing = save_draft({"seed": 2}, by=admin, now=NOON)
    roll_back(0, by=admin, now=NOON)
    with pytest.raises(Conflict):
        publish(standing, by=admin, now=NOON)
    assert publish(rebase_draft(standing, by=admin, now=NOON), by=admin, now=NOON).number == number_in_use()


def test_a_plan_with_mistakes_can_be_kept_but_not_used(cast: Cast) -> None:
    admin = by(cast.admin)
    standing = save_draft({"order": {"live": -1}}, by=admin, now=NOON)
    with pytest.raises(Invalid) as refused:
        publish(standing, by=admin, now=NOON)
    assert list(refused.value.fields) == ["order.live"]
    discard_draft(by=admin, now=NOON)
    assert draft() is None


def test_what_was_removed_since_does_not_stop_the_plan(cast: Cast) -> None:
    admin = by(cast.admin)
    content = {"everywhere": {"steps": [{"until": 60, "teams": ["elsewhere"]}, {}]}}
    publish(save_draft(content, by=admin, now=NOON), by=admin, now=NOON)
    cast.other_team.delete()
    assert read(content, names())[0].everywhere.steps[0].teams == ()

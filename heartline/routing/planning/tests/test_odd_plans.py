"""Whatever a program writes as a plan is refused with its place, or kept so that every page and file can show it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from heartline.common.errors import Invalid
from heartline.routing.planning.compared import calls_words, changes, own_ways, whole
from heartline.routing.planning.editing import acted
from heartline.routing.planning.labels import things
from heartline.routing.planning.shown import fields_of
from heartline.routing.plans import toml
from heartline.routing.plans.actions import check, save_draft
from heartline.routing.plans.queries import draft
from heartline.routing.tests.helpers import by
from tests.cast import NOON, Cast, assemble

TOP = ("seed", "order", "people", "calls", "sites", "everywhere", "queues", "other")
WAY = ("choose", "known_first", "most_per_person", "reserved", "reserved_for", "steps", "borrow", "other")
STEP = (
    "until", "keep_for", "asked", "skills", "wishes", "language", "who", "teams", "sites", "open_sites_only",
    "experts", "tell", "offer_callback",
)  # fmt: skip
PARTS = {
    "order": ("live", "tiers"),
    "calls": ("attempts", "first_gap"),
    "people": ("load", "weights", "interrupts"),
    "sites": ("hangzhou",),
}
ODD: tuple[Any, ...] = (
    5, -1, 1.5, 10**30, True, None, "", "x", "٣", "2026-01-01", "\ud800", "a\x00b", float("inf"), float("nan"),
    [], [5], ["x"], [[]], [None], [{"a": 1}], {}, {"a": 1}, {"\x00": 1}, {"\ud800": 1}, {"a": {"b": [{}]}},
    {"steps": 5}, {"steps": {"a": 1}}, {"borrow": {"a": 1}}, {"tiers": 5}, {"interrupts": ["x"]},
    [{"tell": {"en": 5, "zh": []}}], [{"skills": {"x": {}}, "teams": [[]], "who": {}}],
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def odd_plans() -> Iterator[dict[str, Any]]:
    """Yield plans with one odd value at one place, for all places and values."""
    for odd in ODD:
        yield from ({top: odd} for top in TOP)
        yield from ({top: {name: odd}} for top, names in PARTS.items() for name in names)
        yield from ({"everywhere": {name: odd}} for name in WAY)
        yield from ({"queues": {"chat-zh": {"steps": [{name: odd}, {}]}}} for name in STEP)
        yield from ({"everywhere": {"borrow": [{name: odd}]}} for name in ("lender", "start", "stop"))


def test_every_odd_plan_is_refused_or_can_be_shown(cast: Cast) -> None:
    known, refused, saved = things(), list[Invalid](), 0
    for plan in odd_plans():
        try:
            saved = save_draft(plan, saved=saved, by=by(cast.admin), now=NOON).saved
        except Invalid as error:
            refused.append(error)
            continue
        kept = draft()
        assert kept is not None
        assert isinstance(changes({}, kept.content, known), list)
        assert own_ways(kept.content, known) is not None
        assert calls_words(kept.content) is not None
        assert fields_of(kept.content, check(kept.content), known) is not None
        assert tomllib.loads(toml.dumps(kept.content)) == json.loads(json.dumps(kept.content))
        assert tomllib.loads(toml.dumps(whole(kept.content)))
    assert len(refused) > 100
    assert all(error.fields for error in refused)


@pytest.mark.parametrize("text", ["live = " + "1" * 5000, "a = " + "[" * 5000 + "]" * 5000, "a = 1\x00"])
def test_a_file_that_no_program_can_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="TOML"):
        toml.loads(text)


def test_a_time_in_a_file_is_its_text() -> None:
    assert toml.loads("at = 09:30:00\non = 2026-12-25") == {"at": "09:30:00", "on": "2026-12-25"}


@pytest.mark.parametrize(
    "act",
    ["remove:order:0", "up:queues:0", "remove:everywhere.steps:" + "9" * 5000, "remove:everywhere.steps.²:0", ":"],
)
def test_an_act_on_what_is_no_list_changes_nothing(act: str) -> None:
    plan = {"order": {"live": 5}, "queues": {}, "everywhere": {"steps": [{}]}}
    assert acted(plan, act) == plan

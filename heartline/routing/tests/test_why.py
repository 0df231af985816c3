"""Why a contact waits: the first thing that is missing, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from heartline.routing.rules import WHY_CODES, Server, Work, decide, why_waiting
from heartline.routing.tests.strategies import NOW, World, works, worlds
from heartline.routing.tests.test_matching import CHAT, GRACE, LINA

FULL = replace(GRACE, held={"webchat": 3})


@pytest.mark.parametrize(
    ("work", "floor", "expected"),
    [
        (CHAT, [], [("nobody_here", {})]),
        (CHAT, [replace(GRACE, queues=frozenset({2}))], [("nobody_here", {})]),
        (CHAT, [replace(GRACE, languages=frozenset({"en"}))], [("no_language", {"language": "zh-hans"})]),
        (CHAT, [replace(GRACE, skills={})], [("no_skill", {"skill": "a", "level": 3})]),
        (
            CHAT,
            [replace(GRACE, skills={}, languages=frozenset())],
            [("no_language", {"language": "zh-hans"}), ("no_skill", {"skill": "a", "level": 3})],
        ),
        (CHAT, [replace(GRACE, skills={}), replace(GRACE, id=2, languages=frozenset())], [("no_combination", {})]),
        (CHAT, [FULL], [("all_busy", {"count": 1})]),
        (CHAT, [FULL, replace(GRACE, id=3, pending=1)], [("all_busy", {"count": 2})]),
        (
            CHAT,
            [FULL, replace(LINA, available=False)],
            [("all_busy", {"count": 1}), ("also_unavailable", {"count": 1})],
        ),
        (CHAT, [replace(GRACE, available=False), replace(LINA, available=False)], [("none_available", {"count": 2})]),
        (replace(CHAT, passed_over={1: None}), [GRACE], [("all_passed_over", {})]),
        (CHAT, [GRACE], [("soon", {})]),
        (replace(CHAT, offered_to="Grace"), [GRACE], [("offered", {"name": "Grace"})]),
        (
            replace(CHAT, channel="callback", due_at=NOW + timedelta(minutes=37)),
            [GRACE],
            [("not_due", {"seconds": 2220})],
        ),
        (
            replace(CHAT, preferred=1, preferred_until=NOW + timedelta(seconds=40)),
            [FULL, LINA],
            [("waits_for_person", {"name": "Grace", "seconds": 40})],
        ),
    ],
)
def test_what_is_missing_is_named(work: Work, floor: list[Server], expected: list[object]) -> None:
    assert list(why_waiting(work, floor, NOW)) == expected


@given(works, worlds)
def test_there_is_always_a_reason_and_it_is_true(work: Work, world: World) -> None:
    codes = [code for code, _ in why_waiting(work, world.servers, NOW)]
    assert codes
    assert set(codes) <= WHY_CODES
    would_match = bool(decide([work], world.servers, NOW))
    if codes == ["soon"]:
        assert would_match
    elif "waits_for_person" not in codes:
        assert not would_match

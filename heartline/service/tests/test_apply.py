"""One file of cases holds Python's apply and the browser's to the same answers; both know every kind."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

import heartline.service.actions  # noqa: F401 - loads the events of every room below
from heartline.ledger.events import KINDS
from heartline.service.apply import IN_CASE, ON_DESK, apply, apply_case
from heartline.service.story.words import BETWEEN_MESSAGES, SILENT, TELLERS
from heartline.service.tests.browser_apply import SCRIPT, apply_in_browser

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "apply_cases.json").read_text())
OF_CUSTOMERS = ("conversations.", "customers.", "promises.", "routing.", "voice_of_customer.")


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_python_applies_as_the_cases_say(case: dict[str, Any]) -> None:
    before = deepcopy(case["before"])
    handler = apply_case if case["view"] == "case" else apply
    assert reduce(handler, case["events"], case["before"]) == case["after"]
    assert case["before"] == before, "apply changed what it was given"


def test_the_browser_applies_as_the_cases_say() -> None:
    for case, after in zip(CASES, apply_in_browser(CASES), strict=True):
        assert after == case["after"], case["what"]


def test_both_know_the_same_kinds() -> None:
    script = SCRIPT.read_text()
    desk, _, case = script.partition("const ON_DESK")[2].partition("const IN_CASE")
    for kinds, table in ((ON_DESK, desk), (IN_CASE, case)):
        assert {kind for kind in KINDS if f'"{kind}":' in table} == set(kinds)
        assert set(kinds) <= set(KINDS)


def test_every_kind_of_a_customers_story_is_told_or_silent_on_purpose() -> None:
    about_customers = {kind for kind in KINDS if kind.startswith(OF_CUSTOMERS)}
    assert about_customers == set(TELLERS) | SILENT
    assert not set(TELLERS) & SILENT
    assert set(TELLERS) >= BETWEEN_MESSAGES

"""The plan by program and by command: drafted, checked with places, tried, published, rolled back, as a file."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client

from heartline.config.commands.routing import command
from heartline.routing.planning.tests.test_pages import CALENDAR
from heartline.routing.plans.queries import current_plan, forget
from tests.cast import NOON, Cast, assemble

KEYS = count()
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    forget()
    return assemble()


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def ask(client: Client, method: str, path: str, **sent: Any) -> Any:
    key = {"Idempotency-Key": f"key-{next(KEYS)}"}
    where = f"/api/v1/routing/plan{path}"
    return client.generic(method, where, json.dumps(sent), content_type="application/json", headers=key)


def test_a_program_writes_tries_publishes_and_rolls_back(cast: Cast, admin: Client) -> None:
    before = ask(admin, "GET", "").json()
    assert (before["number"], before["content"]["order"]["live"]) == (0, 3600)
    wrong = ask(admin, "PUT", "/draft", content={"order": {"live": "soon"}}).json()
    assert set(wrong["problems"]) == {"order.live"}
    assert ask(admin, "POST", "/draft/publish").status_code == 422
    assert ask(admin, "PUT", "/draft", content={}, saved=7).status_code == 409
    made = ask(admin, "PUT", "/draft", content={"order": {"live": 1800}}, saved=wrong["saved"]).json()
    assert made["changes"] == [{"where": "Order · The customer is there", "was": "1 h", "now": "30 min"}]
    assert ask(admin, "POST", "/draft/try").json()["total"]["draft"]["n"] == 0
    done = ask(admin, "POST", "/draft/publish", note="Half an hour is enough").json()
    assert (done["state"], done["note"], current_plan().order.live) == ("published", "Half an hour is enough", 1800)
    assert ask(admin, "POST", "/roll-back", number=0).json()["state"] == "published"
    assert [one["state"] for one in ask(admin, "GET", "/versions").json()["items"]] == ["published", "retired"]
    assert ask(admin, "GET", f"/versions/{done['number']}").json()["content"] == {"order": {"live": 1800}}


def test_a_program_closes_a_site_on_public_holidays(cast: Cast, admin: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        made = ask(admin, "POST", "/draft/holidays", site="hangzhou", ical=CALENDAR.decode()).json()
    assert made["problems"] == {}
    assert {"2026-12-25", "2027-01-01"} <= set(made["content"]["sites"]["hangzhou"]["closed"])
    assert ask(admin, "POST", "/draft/holidays", site="moon", ical=CALENDAR.decode()).status_code == 422


def test_the_file_is_the_same_plan(cast: Cast, admin: Client) -> None:
    file = ask(admin, "GET", "/file").content.decode()
    assert "live = 3600" in file
    sent = ask(admin, "PUT", "/draft/file", toml=file.replace("live = 3600", "live = 60"))
    assert [one["now"] for one in sent.json()["changes"]] == ["1 min"]
    assert ask(admin, "DELETE", "/draft").status_code == 204
    assert ask(admin, "GET", "/draft").json() == {"draft": None}
    assert ask(admin, "PUT", "/draft/file", toml="live = = 1").status_code == 422


def test_the_command_exports_checks_and_publishes(cast: Cast, tmp_path: Path) -> None:
    run = CliRunner()
    file = tmp_path / "plan.toml"
    file.write_text(run.invoke(command, ["export"]).output.replace("live = 3600", "live = 1200"))
    assert "1 h → 20 min" in run.invoke(command, ["check", str(file)]).output
    assert run.invoke(command, ["publish", str(file), "--note", "By command"]).exit_code == 0
    assert current_plan().order.live == 1200
    file.write_text("[order]\nlive = -1\n")
    refused = run.invoke(command, ["check", str(file)])
    assert refused.exit_code == 1
    assert "order.live" in refused.output

"""The reference pages are what the code says."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from heartline.config.environment import VARIABLES
from heartline.config.reference import FOLDER, pages
from tests.plugin import FOR_TESTS
from tests.source import ROOT, product

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "events.md", "roles.md", "metrics.md"])
def test_the_page_is_up_to_date(name):
    assert (FOLDER / name).read_text() == pages()[name], "run `heartline docs` and commit docs/reference"


def test_every_variable_that_is_read_is_declared():
    declared = {variable.name for variable in VARIABLES}
    used = {name for source in product() for name in re.findall(r"HEARTLINE_[A-Z_]+\b", source.text)}
    assert used - declared == set()


def test_variables_named_in_the_docs_exist():
    declared = {variable.name for variable in VARIABLES}
    texts = [path.read_text() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    named = {name for text in texts for name in re.findall(r"HEARTLINE_[A-Z_]+\b", text)}
    assert {name for name in named if not name.startswith(FOR_TESTS)} - declared == set()


def test_commands_named_in_the_docs_exist():
    from heartline.config.cli import COMMANDS

    texts = [path.read_text() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    named = {name for text in texts for name in re.findall(r"`heartline ([a-z][a-z-]+)", text)}
    assert named - set(COMMANDS) == set()


def test_every_process_knows_every_kind_of_event_from_the_start():
    declared = {
        kind
        for source in product()
        for kind in re.findall(r'^@ledger_event\(\s*"([a-z_.]+)"', source.text, re.MULTILINE)
    }
    script = "import django; django.setup(); from heartline.ledger.events import KINDS; print(*KINDS)"
    known = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert set(known) == declared

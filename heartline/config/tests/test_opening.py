"""The database is made ready by one process while another loads the pages."""

from __future__ import annotations

import pickle

import pytest

from heartline.config.processes import opening
from heartline.config.processes.parent import Parent
from heartline.config.startup import CannotStart


def test_loading_the_pages_asks_the_database_nothing(settings):
    settings.DEBUG = True  # no mark on the assets: other tests name them plainly
    opening.load_pages()  # this test has no database: a question would be refused


def full_disk(step):
    step("Creating the database")
    raise CannotStart("The disk is full", "Make room")


def test_what_keeps_the_other_process_from_preparing_is_told_here(monkeypatch, capfd):
    loaded = list[bool]()
    monkeypatch.setattr(opening, "prepare", full_disk)
    monkeypatch.setattr(opening, "load_pages", lambda: loaded.append(True))
    with pytest.raises(CannotStart) as told:
        opening.open_house(Parent())
    assert (told.value.text, told.value.mend) == ("The disk is full", "Make room")
    assert loaded


def test_a_reason_not_to_start_keeps_its_words_on_the_way():
    told = pickle.loads(pickle.dumps(CannotStart("The disk is full", "Make room")))
    assert (str(told), told.mend) == ("The disk is full", "Make room")

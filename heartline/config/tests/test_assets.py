"""Assets are kept for ever under an address that changes with them."""

from __future__ import annotations

import pytest
from django.templatetags.static import static

from heartline.config.assets import FOR_EVER, fingerprint

pytestmark = pytest.mark.once


@pytest.fixture
def mark(settings):
    settings.ASSET_MARK = fingerprint()
    return settings.ASSET_MARK


def test_pages_name_assets_by_their_mark(mark):
    assert static("ui/tokens.css") == f"/static/~{mark}/ui/tokens.css"


def test_without_a_mark_assets_have_their_plain_names():
    assert static("ui/tokens.css") == "/static/ui/tokens.css"


def test_a_marked_asset_is_kept_for_ever(client, mark):
    answer = client.get(static("ui/tokens.css"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == FOR_EVER
    assert answer["Content-Type"].startswith("text/css")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_under_an_older_mark_the_newer_file_is_not_kept(client, mark):
    answer = client.get("/static/~00000000/ui/tokens.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] != FOR_EVER


def test_plain_names_answer_and_are_asked_for_again_soon(client):
    answer = client.get("/static/ui/tokens.css")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["~00000000/../settings.py", "~00000000/no.css", "~zz/ui/tokens.css", "~00000000/"])
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_the_mark_is_the_same_for_the_same_assets():
    assert fingerprint() == fingerprint()

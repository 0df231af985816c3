"""A compiled catalogue always holds what its source says."""

from __future__ import annotations

import gettext

import pytest

from heartline.config import messages

pytestmark = pytest.mark.once

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "HOUSE", tmp_path)
    folder = tmp_path / "room" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "django.po"
    path.write_text(HEAD + 'msgid "Desk"\nmsgstr "工作台"\n')
    return path


def compiled(path):
    with path.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext("Desk")


def test_a_changed_source_is_compiled_whatever_file_times_say(catalogue):
    assert messages.compile_stale() == [catalogue]
    assert compiled(catalogue) == "工作台"
    assert messages.compile_stale() == []
    times = (catalogue.stat().st_atime, 0)
    catalogue.write_text(HEAD + 'msgid "Desk"\nmsgstr "桌面"\n')
    import os

    os.utime(catalogue, times)
    assert messages.compile_stale() == [catalogue]
    assert compiled(catalogue) == "桌面"


def test_a_broken_compiled_file_is_made_again(catalogue):
    catalogue.with_suffix(".mo").write_bytes(b"nonsense")
    assert messages.compile_stale() == [catalogue]


def test_every_catalogue_of_the_house_is_compiled():
    assert [path for path in messages.catalogues() if messages.is_stale(path)] == []

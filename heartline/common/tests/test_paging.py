"""Cursors: every place has one, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Invalid
from heartline.common.paging import read_cursor, write_cursor


@given(st.integers(0, 2**63 - 1))
def test_a_place_survives_being_written(id: int) -> None:
    assert read_cursor(write_cursor(id)) == id


@given(st.text(max_size=60))
def test_what_we_did_not_write_is_refused_or_is_exactly_what_we_would_write(text: str) -> None:
    try:
        id = read_cursor(text)
    except Invalid:
        return
    assert write_cursor(id) == text


@pytest.mark.parametrize("text", ["", "W10", "WzEsMl0", "W3RydWVd", "WyIxIl0", "Wy0xXQ", "WzFd=", "WzFdAA"])
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text)

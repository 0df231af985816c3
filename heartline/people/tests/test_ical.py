"""Public holidays out of calendar files: the days to come, once, and never over what somebody set."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Invalid
from heartline.people.ical import holidays_in
from heartline.people.models import Holiday
from tests.cast import NOON, assemble

TODAY = date(2026, 11, 26)


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{at}\r\n{event}\r\nEND:VEVENT\r\n" for at, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


SPRING = "DTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270209\r\nSUMMARY:春节"
MAKE_UP = "DTSTART;VALUE=DATE:20270213\r\nSUMMARY:春节（班）"
PAST = "DTSTART;VALUE=DATE:20261001\r\nSUMMARY:国庆节"
YEARLY = "DTSTART;VALUE=DATE:20001225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Christmas Day"
MEETING = "DTSTART:20261224T100000Z\r\nSUMMARY:Lunch"
CANCELLED = "DTSTART;VALUE=DATE:20261231\r\nSTATUS:CANCELLED\r\nSUMMARY:Party"


def test_whole_days_to_come_are_holidays_and_nothing_else() -> None:
    found = holidays_in(calendar(SPRING, MAKE_UP, PAST, YEARLY, MEETING, CANCELLED), today=TODAY)
    days = {one.day.isoformat(): one.name_en for one in found.days}
    assert days == {
        "2026-12-25": "Christmas Day",
        "2027-02-06": "春节",
        "2027-02-07": "春节",
        "2027-02-08": "春节",
        "2027-12-25": "Christmas Day",
    }
    assert found.make_up == 1


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: calendar(f"DTSTART;VALUE=DATE:{text}")))
)
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with suppress(Invalid):
        holidays_in(data, today=TODAY)


@pytest.mark.django_db
def test_a_file_fills_the_calendar_and_leaves_what_was_set() -> None:
    cast = assemble()
    Holiday.objects.create(brand=cast.brand, date=date(2027, 2, 7), name_en="Open", works_like_weekday=0)
    client = Client()
    client.force_login(cast.admin)
    address = f"/setup/brands/{cast.brand.id}/holidays/file/"
    with time_machine.travel(NOON, tick=False):
        client.post(address, {"file": SimpleUploadedFile("cn.ics", calendar(SPRING, MAKE_UP))})
        assert "Make-up workdays" in client.get(f"/setup/brands/{cast.brand.id}/hours/").content.decode()
        client.post(address, {"file": SimpleUploadedFile("cn.ics", b"nothing")})
        assert "no calendar file" in client.get(f"/setup/brands/{cast.brand.id}/hours/").content.decode()
    rows = {row.date.day: row.works_like_weekday for row in cast.brand.holidays.all()}
    assert rows == {6: None, 7: 0, 8: None}

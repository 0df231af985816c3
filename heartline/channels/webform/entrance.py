"""How the forms appear on the contact page, as ways to a person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.reception.queries import Hall
from heartline.reception.ways import Entrance, Way, way_name, when


def entrances() -> dict[str, Entrance]:
    """Return the ways that forms bring to the contact page."""
    return {
        "callback": Entrance(order=30, way=callback),
        "message": Entrance(order=40, way=message),
        "complaint": Entrance(order=50, way=complaint),
    }


def callback(hall: Hall) -> Way:
    """Return being called as a way to a person."""
    if hall.opening.is_open:
        note = _("You choose when, or as soon as it is your turn")
    else:
        note = _("We ring you first thing, from %(time)s") % {"time": when(hall, hall.soonest_call)}
    address = reverse("webform:callback", args=[hall.brand.key]) + hall.carried
    return Way(
        "callback", "callback", way_name("callback"), note, _("Pick a time"), address, quick=way_name("callback")
    )


def message(hall: Hall) -> Way:
    """Return leaving a message as a way to a person."""
    due = hall.reply_by
    note = _("An answer by %(time)s") % {"time": when(hall, due)} if due else _("Read and answered by a person")
    address = reverse("webform:message", args=[hall.brand.key]) + hall.carried
    return Way("webform", "form", way_name("webform"), note, pgettext("button of a way to us", "Write"), address)


def complaint(hall: Hall) -> Way:
    """Return the entrance for complaints."""
    note = _("It takes a minute. A named person replies")
    address = reverse("webform:complaint", args=[hall.brand.key]) + hall.carried
    return Way(
        "complaint", "complaint", way_name("complaint"), note, pgettext("button of a way to us", "Complain"), address
    )

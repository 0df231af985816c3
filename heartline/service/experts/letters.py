"""Letters to experts who are asked and have no page open: that they are asked, by whom and by when, and nothing of the case."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from heartline.conversations.consultations.models import Asking
from heartline.people.models import Person, Presence
from heartline.ui.formats import day_and_time

log = logging.getLogger("heartline.experts")

# Whoever has a page open has heard it by then.
AFTER = timedelta(minutes=1)
HERE = timedelta(minutes=1)
BATCH = 50


def send_letters(*, now: datetime) -> int:
    """Write, once, to those who were asked a minute ago and are not here; returns to how many."""
    fresh = Asking.objects.filter(state="asked", told_at=None, asked_at__lte=now - AFTER)
    related = ("consultation__asked_by", "person__site", "person__presence")
    return sum(_told(asking, now) for asking in fresh.select_related(*related).order_by("id")[:BATCH])


def _told(asking: Asking, now: datetime) -> bool:
    if not Asking.objects.filter(id=asking.id, told_at=None).update(told_at=now):
        return False  # another host writes this one
    presence: Presence | None = getattr(asking.person, "presence", None)
    if presence and presence.seen_at and presence.seen_at > now - HERE:
        return False
    return _write(asking, asking.person, now)


def _write(asking: Asking, person: Person, now: datetime) -> bool:
    question = asking.consultation
    with translation.override(person.language):
        asker = question.asked_by.name if question.asked_by else _("A colleague")
        when = day_and_time(question.due_at, language=person.language, zone=person.site.time_zone, now=now)
        subject = _("%(name)s asks you something") % {"name": asker}
        context = {"person": person, "asker": asker, "when": when}
        text = render_to_string("experts/email/asked.txt", context)
    try:
        send_mail(" ".join(subject.split()), text, None, [person.email])
    except Exception:  # one address that cannot be written to must not keep the others waiting
        log.exception("the letter about question %s could not be sent", question.id)
        return False
    return True

"""Letters about alerts: written after the change, never within it, and once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from heartline.people.models import Person, Role
from heartline.service.alerts.actions import told
from heartline.service.alerts.models import Alert
from heartline.service.alerts.words import sentence

log = logging.getLogger("heartline.alerts")

# An alert that could not be mailed for so long is history: the page has said it meanwhile.
GIVE_UP = timedelta(minutes=30)
TRY_AGAIN = timedelta(minutes=2)
# Who has been writing for so long was ended in the middle of it.
WRITES_NO_MORE = timedelta(minutes=10)


def send_letters(*, now: datetime) -> int:
    """Write to whom it concerns about alerts that are to be mailed; returns how many alerts were."""
    ready = Q(mail="due") & (Q(mail_tried_at=None) | Q(mail_tried_at__lte=now - TRY_AGAIN))
    left = Q(mail="sending", mail_tried_at__lte=now - WRITES_NO_MORE)
    due = Alert.objects.filter(ready | left).select_related("rule", "queue", "person").order_by("id")[:20]
    return sum(_send(alert, now) for alert in due)


def _send(alert: Alert, now: datetime) -> int:
    standing = Alert.objects.filter(id=alert.id, mail=alert.mail, mail_tried_at=alert.mail_tried_at)
    if not standing.update(mail="sending", mail_tried_at=now):
        return 0  # another host writes this one
    failed = [person for person in readers_of(alert) if not _write_once(person, alert)]
    too_old = alert.raised_at is None or now - alert.raised_at > GIVE_UP
    state = "sent" if not failed else "failed" if too_old else "due"
    Alert.objects.filter(id=alert.id).update(mail=state)
    return int(state == "sent")


def readers_of(alert: Alert) -> list[Person]:
    """Return who gets a letter: the supervisors it concerns, or administrators where there are none."""
    people = Person.objects.filter(is_active=True, id__in=told(alert.rule, alert.queue_id))
    return list(people) or list(Person.objects.filter(is_active=True, role=Role.ADMIN))


def _write_once(person: Person, alert: Alert) -> bool:
    """Write to somebody who has not had the letter yet, and remember it at once: the next one may fail."""
    if person.id in alert.mailed_ids:
        return True
    if not _write(person, alert):
        return False
    alert.mailed_ids.append(person.id)
    Alert.objects.filter(id=alert.id).update(mailed_ids=alert.mailed_ids)
    return True


def _write(person: Person, alert: Alert) -> bool:
    with translation.override(person.language):
        subject = _("Alert: %(what)s") % {"what": sentence(alert)}
        text = render_to_string("alerts/email/raised.txt", {"person": person, "alert": alert, "what": sentence(alert)})
    try:
        send_mail(" ".join(subject.split()), text, None, [person.email])
    except Exception:  # one address that cannot be written to must not keep the others waiting
        log.exception("the letter about alert %s could not be sent", alert.id)
        return False
    return True

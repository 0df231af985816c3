"""Telling people that a webhook was switched off: a letter to its person and to those who run the house."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from heartline.api.webhooks.models import Webhook, WebhookState
from heartline.api.webhooks.words import REASONS
from heartline.people.models import Person, Role

log = logging.getLogger("heartline.webhooks")


def tell_of_disabled(*, now: datetime) -> int:
    """Write to whom it concerns about webhooks that were switched off and not told of; returns how many."""
    found = list(Webhook.objects.filter(state=WebhookState.DISABLED, told_at=None).select_related("person")[:20])
    for webhook in found:
        for person in _concerned(webhook):
            _write(person, webhook)
        Webhook.objects.filter(id=webhook.id, told_at=None).update(told_at=now)
    return len(found)


def _concerned(webhook: Webhook) -> list[Person]:
    administrators = Person.objects.filter(role=Role.ADMIN, is_active=True)
    own = Person.objects.filter(id=webhook.person_id, is_active=True)
    return list((administrators | own).distinct())


def _write(person: Person, webhook: Webhook) -> None:
    with translation.override(person.language):
        subject = _("Webhook “%(name)s” was switched off") % {"name": webhook.name}
        words = {"webhook": webhook, "person": person, "reason": REASONS.get(webhook.reason, "")}
        text = render_to_string("webhooks/email/disabled.txt", words)
    try:
        send_mail(" ".join(subject.split()), text, None, [person.email])
    except OSError:
        log.exception("the letter about webhook %s could not be sent; the set-up page says it, too", webhook.id)

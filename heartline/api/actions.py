"""The only writer of keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.api.events import KeyCreated, KeyRevoked
from heartline.api.models import ApiKey, KeptReply
from heartline.common.actors import Actor
from heartline.common.errors import Invalid, NotFound
from heartline.common.ids import new_token, token_hash
from heartline.common.questions import first, written_once
from heartline.common.text import clean
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.permissions import rights_of

# So that secret scanners know one of ours where somebody left it.
MARK = "hl_"
LIFETIMES = (30, 90, 365)
USE_NOTED_EVERY = timedelta(minutes=1)
REPLIES_KEPT = timedelta(hours=48)


def create_key(
    person: Person, name: str, rights: Iterable[str], days: int, *, by: Actor, now: datetime
) -> tuple[ApiKey, str]:
    """Create a key with some of a person's rights; returns it and its secret, which is shown this once."""
    wanted = tuple(sorted(set(rights)))
    label = clean(name, 80)
    if not label:
        raise Invalid(_("Give this key a name"), fields={"name": _("Give this key a name")})
    if not wanted or not set(wanted) <= rights_of(person.role):
        message = _("Choose among your own rights")
        raise Invalid(message, fields={"rights": message})
    if days not in LIFETIMES:
        raise Invalid(_("Choose how long it lasts"), fields={"days": _("Choose how long it lasts")})
    secret = MARK + new_token()
    with one_change():
        key = ApiKey.objects.create(
            person=person,
            name=label,
            token_hash=token_hash(secret),
            hint=secret[:8],
            rights=list(wanted),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        event = KeyCreated(
            key_id=key.id, person_id=person.id, name=label, rights=wanted, expires_at=key.expires_at.isoformat()
        )
        record(event, by=by, now=now, sample=person.is_sample)
    return key, secret


def revoke_key(person: Person, key_id: int, *, by: Actor, now: datetime) -> None:
    """End one of a person's keys at once; ending it twice changes nothing."""
    key = ApiKey.objects.filter(person=person, id=key_id).first()
    if key is None:
        raise NotFound(_("There is no such key"))
    with one_change():
        if ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=now):
            event = KeyRevoked(key_id=key.id, person_id=person.id, name=key.name)
            record(event, by=by, now=now, sample=person.is_sample)


def key_in_use(secret: str, *, now: datetime) -> ApiKey | None:
    """Return the key that a secret stands for, when it is still good and its person may sign in."""
    if not secret.startswith(MARK):
        return None
    key = first(_good_keys(token_hash(secret), now))
    if key and (key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY):
        ApiKey.objects.filter(id=key.id).update(last_used_at=now)
    return key


@written_once
def _good_keys(hashed: str, now: datetime) -> QuerySet[ApiKey]:
    good = ApiKey.objects.filter(token_hash=hashed, revoked_at=None, expires_at__gt=now, person__is_active=True)
    return good.select_related("person", "person__site")


def forget_replies(*, now: datetime) -> int:
    """Remove replies whose retries are long over; returns how many."""
    return KeptReply.objects.filter(at__lt=now - REPLIES_KEPT).delete()[0]

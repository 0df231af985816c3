"""A case in an agent's hands, and experts who can be asked about it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.people.models import Person, PersonLanguage, PersonSkill, Presence, Role
from tests.cast import NOON, Cast, assemble, waiting_contact


@dataclass
class House:
    """The cast, the contact that Grace serves, and three experts on installation."""

    cast: Cast
    contact: Contact
    hu: Person
    wu: Person
    eva: Person

    @property
    def grace(self) -> Actor:
        """Grace, who asks."""
        return actor_for(self.cast.grace)


@pytest.fixture
def house(db: None) -> House:
    cast = assemble()
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    hu = cast.expert
    skilled(hu, cast, 5)
    return House(cast, contact, hu, an_expert(cast, "wu", "吴工", 3), an_expert(cast, "eva", "Eva Lund", 2, "en"))


def an_expert(cast: Cast, key: str, name: str, level: int, language: str = "zh-hans") -> Person:
    person = Person.objects.create(email=f"{key}@example.com", name=name, role=Role.EXPERT, site=cast.site)
    PersonLanguage.objects.create(person=person, language=language)
    Presence.objects.create(person=person, since=NOON)
    skilled(person, cast, level)
    return person


def skilled(person: Person, cast: Cast, level: int) -> None:
    PersonSkill.objects.create(person=person, skill=cast.installation, level=level)

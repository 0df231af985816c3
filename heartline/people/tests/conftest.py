"""What the tests of this folder share."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from heartline.people.models import Person
from tests.cast import Cast, assemble


@pytest.fixture(autouse=True)
def passwords_are_cheap_here(settings) -> None:
    """Hash passwords quickly: that they are hashed well is tested where it matters."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    """Forget how often sign-ins were tried in other tests."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast."""
    return assemble()


@pytest.fixture
def signed_in():
    """Return a function that gives a browser in which somebody is signed in."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of

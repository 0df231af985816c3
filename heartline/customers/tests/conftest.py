"""The stage of the tests: the cast, and a customer with a little of everything."""

from __future__ import annotations

import pytest

from heartline.common.actors import Actor
from heartline.customers.actions import add_identity, change_customer, create_customer
from tests.cast import NOON, assemble

BY = Actor.system("test")


@pytest.fixture
def cast(db):
    return assemble()


@pytest.fixture(autouse=True)
def passwords_are_cheap_here(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def known(cast):
    """Make a customer: known(name, phone=…, email=…, external=…, **what else is known)."""

    def make(name="陈雨桐", **facts):
        customer = create_customer(cast.brand, name=name, language="zh-hans", by=None, now=NOON)
        for kind in ("email", "phone", "external"):
            if kind in facts:
                add_identity(customer, kind, facts.pop(kind), verified=False, by=BY, now=NOON)
        if facts:
            change_customer(customer, facts, by=BY, now=NOON)
        return customer

    return make

"""The way to the first page does not lead through the API, and the API is there all the same."""

from __future__ import annotations

import json

from django.urls import resolve, reverse

from heartline.config.tests.command import python

LOOK = """
import json, sys
from django.urls import resolve, reverse
reverse("desk:page"), resolve("/desk/")
before = "ninja" in sys.modules
print(json.dumps([before, reverse("api:openapi-json"), resolve("/api/v1/cases").namespace, "ninja" in sys.modules]))
"""


def test_the_api_is_loaded_when_it_is_asked_for_and_not_before(tmp_path):
    done = python(tmp_path, LOOK)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [False, "/api/v1/openapi.json", "api", True]


def test_its_addresses_are_like_all_others():
    assert resolve(reverse("api:openapi-json")).namespace == "api"

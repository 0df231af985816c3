"""Set-up in a real browser: fit for every reader, colours measured as they are chosen, issuers reached under our policy."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from heartline.config.issuers import issuers
from heartline.people.models import Brand
from heartline.people.tests.issuer import CLIENT_ID, SECRET, running_issuer
from heartline.ui.tests.axe import assert_accessible
from tests.cast import Cast, assemble
from tests.visits import Visit, Windows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def windows() -> Windows:
    """A phone as tall as the page: what the tabs at the foot cover for a moment is not what is looked at here."""
    return {"desktop": (1440, 900), "phone": (390, 3000)}


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ("desktop", "light", "en"),
        ("desktop", "dark", "zh-hans"),
        ("phone", "light", "zh-hans"),
        ("phone", "dark", "en"),
    ],
)
def test_every_page_is_fit_for_every_reader(visit: Visit, cast: Cast, size: str, theme: str, language: str) -> None:
    page = visit(cast.admin, "/setup/", size=size, theme=theme, language=language)
    home = page.url.removesuffix("/setup/")
    brand, person = f"brands/{cast.brand.pk}/", f"people/{cast.grace.pk}/"
    pages = [brand, f"{brand}hours/", "queues/new/", "people/", person, "reasons/", "audit/"]
    assert_accessible(page)
    for path in [*(f"/setup/{path}" for path in pages), "/account/"]:
        page.goto(home + path)
        assert_accessible(page)


@pytest.mark.parametrize(("size", "language"), [("desktop", "zh-hans"), ("phone", "en")])
def test_the_first_run_is_one_calm_form(visit: Visit, size: str, language: str) -> None:
    page = visit(None, "/desk/", size=size, language=language)
    page.wait_for_url("**/setup/first/")
    assert_accessible(page)
    assert page.input_value("[name=time_zone]") == "Pacific/Auckland", "the browser knows where it is"
    page.locator("main .btn-primary").click()
    page.fill("[name=name]", "Mia Novak")
    page.fill("[name=email]", "mia@example.com")
    page.fill("[name=password]", "short")
    page.fill("[name=brand_en]", "Qinghe Home")
    page.fill("[name=phone]", "400-555-0142")
    page.fill("[name=place]", "Auckland")
    page.fill("[name=weekend]", "10-16")
    page.locator("main .btn-primary").click()
    expect(page.locator(".errors-first")).to_be_focused()
    assert_accessible(page)
    page.fill("[name=password]", "plum-blossom-26")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/setup/")
    assert_accessible(page)
    assert Brand.objects.get().site.time_zone == "Pacific/Auckland"


def test_a_colour_is_measured_while_it_is_chosen(visit: Visit, cast: Cast) -> None:
    page = visit(cast.admin, f"/setup/brands/{cast.brand.pk}/")
    told = page.locator("[data-measures=id_accent]")
    expect(told).to_have_text(re.compile(r"Reads well: \d"))
    page.fill("#id_accent", "#c99ab9")
    expect(told).to_have_text(re.compile(r"Too hard to read: 1\.9 to 1"))
    page.locator("form .btn-primary").click()
    expect(page.locator("#id_accent_error")).to_contain_text("4.5 to 1 is needed")
    assert_accessible(page)
    assert Brand.objects.get(pk=cast.brand.pk).accent == "#7a2a60"


def test_an_invitation_is_shown_once_and_lets_in(visit: Visit, cast: Cast) -> None:
    page = visit(cast.admin, "/setup/people/new/")
    page.fill("#id_name", "Aroha Tane")
    page.fill("#id_email", "aroha@example.com")
    page.select_option("#id_site", str(cast.site.pk))
    page.locator("form .btn-primary").click()
    link = page.locator("#invitation-link").input_value()
    assert_accessible(page)
    page.reload()
    expect(page.locator("#invitation-link")).to_have_count(0)

    guest = visit(None, link.split("/", 3)[3].join(["/", ""]))
    assert_accessible(guest)
    guest.fill("#id_password", "plum-blossom-26")
    guest.locator(".btn-primary").click()
    guest.wait_for_url("**/desk/")
    back = visit(None, link.split("/", 3)[3].join(["/", ""]))
    expect(back.locator("h1")).to_have_text("This link no longer works")
    assert_accessible(back)


def test_the_way_to_an_issuer_and_back_under_our_policy(visit: Visit, cast: Cast, settings) -> None:
    with running_issuer() as issuer:
        row = {"id": "corp", "name": "Corp", "client_id": CLIENT_ID, "secret": SECRET, "server_url": issuer.address}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"APPS": issuers(json.dumps([row])), "OAUTH_PKCE_ENABLED": True}
        }
        page = visit(None, "/account/login/")
        assert_accessible(page)
        page.get_by_text("Corp").click()
        page.wait_for_url(lambda url: "/oidc/corp/login/" in url or url.endswith("/desk/"))
        if page.locator("main .btn-primary").count() and "/oidc/" in page.url:
            page.locator("main .btn-primary").click()
        page.wait_for_url("**/desk/")
        assert page.context.cookies()

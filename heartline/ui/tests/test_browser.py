"""The design system in a real browser: it can be used by every kind of reader, and its scripts keep their promises."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from heartline.people.permissions import PUBLIC, ROUTES
from heartline.ui import formats
from heartline.ui.tests.axe import assert_accessible, violations
from tests.cast import PASSWORD, assemble

pytestmark = [pytest.mark.browser, pytest.mark.urls("heartline.ui.tests.urls"), pytest.mark.django_db(transaction=True)]
DESKTOP, PHONE, NARROWEST = (1440, 900), (390, 844), (320, 640)


@pytest.fixture
def visit(chromium, live_server, monkeypatch):
    """Open a page as somebody with a language, a theme and a window; fail on any error in its console."""
    monkeypatch.setitem(ROUTES, "pad", PUBLIC)
    contexts, faults = [], []

    def go(path, *, language="en", theme="light", size=DESKTOP, **settings):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, has_touch=size[0] < 500, **settings
        )
        contexts.append(context)
        context.add_cookies([{"name": "heartline_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark"), (NARROWEST, "light")])
def test_components_are_accessible(visit, size, theme):
    """The page itself shows both themes and both languages side by side."""
    page = visit("/ui", size=size, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_shell_is_accessible_with_menu_and_dialog_open(visit, language, size):
    page = visit("/pad", language=language, size=size)
    assert_accessible(page)
    page.locator("#menu > summary").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.locator("#open").click()
    assert_accessible(page)


def test_the_note_side_of_the_composer_is_accessible(visit):
    page = visit("/ui")
    for label in page.locator(".mode .private").all():
        label.click()
    assert page.locator(".compose textarea.to-in").first.is_visible()
    assert not page.locator(".compose textarea.to-out").first.is_visible()
    assert_accessible(page, within=".compose")


def test_the_accessibility_check_can_fail(visit):
    page = visit("/pad")
    page.evaluate(
        "document.querySelector('#main').insertAdjacentHTML('beforeend', '<img src=\"/static/ui/favicon.svg\">')"
    )
    assert {rule["id"] for rule in violations(page)} == {"image-alt"}


def test_without_a_script_pages_still_show_everything(visit):
    page = visit("/pad", java_script_enabled=False)
    page.locator("#menu > summary").click()
    assert page.get_by_text("In one hour").is_visible()
    assert not page.locator(".needs-js").first.is_visible()


def test_letters_stay_out_of_fields_and_of_composing(visit):
    page = visit("/pad")
    page.evaluate(
        "window.pressed = 0; document.querySelector('#next').addEventListener('click', () => window.pressed++)"
    )
    page.locator("#words").focus()
    page.keyboard.type("next ng")
    assert page.evaluate("window.pressed") == 0
    assert page.locator("#words").input_value() == "next ng"
    page.locator("h1").click()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', isComposing: true, bubbles: true}))")
    assert page.evaluate("window.pressed") == 0
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") == 1


def test_letters_can_be_turned_off_and_stay_off(visit):
    page = visit("/pad")
    page.evaluate(
        "window.pressed = 0; document.querySelector('#next').addEventListener('click', () => window.pressed++)"
    )
    page.locator("h1").click()
    page.keyboard.press("?")
    dialog = page.locator("#keys-dialog")
    expect(dialog).to_contain_text("Next best")
    expect(dialog).to_contain_text("Floor")
    page.keyboard.press("n")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") == 0
    page.reload()
    assert page.locator("html").get_attribute("data-keys") == "off"
    assert not page.locator("#next kbd").is_visible()


def test_two_letters_in_a_row_lead_to_a_room(visit):
    page = visit("/pad")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/floor/")


def test_a_dialog_gives_focus_back_and_menus_close(visit):
    page = visit("/pad")
    page.locator("#open").click()
    expect(page.locator("#sure")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sure")).not_to_be_visible()
    assert page.evaluate("document.activeElement.id") == "open"
    page.locator("#open").click()
    page.mouse.click(5, 5)
    expect(page.locator("#sure")).not_to_be_visible()

    summary = page.locator("#menu > summary")
    summary.click()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "In one hour"
    page.keyboard.press("Escape")
    assert page.locator("#menu").get_attribute("open") is None
    summary.click()
    page.locator("h1").click()
    assert page.locator("#menu").get_attribute("open") is None


def test_a_toast_is_said_and_taken_back_by_its_key(visit):
    page = visit("/pad")
    page.evaluate(
        """async () => { const { toast } = await import('/static/ui/toast.js');
        window.undone = 0; toast('Sent to Omar', { undo: () => { window.undone += 1; }, key: 'z' }); }"""
    )
    expect(page.locator(".toast")).to_contain_text("Sent to Omar")
    expect(page.locator("#said-politely")).to_contain_text("Sent to Omar Undo Z")
    assert_accessible(page)
    page.keyboard.press("z")
    assert page.evaluate("window.undone") == 1
    expect(page.locator(".toast")).to_have_count(0)
    page.keyboard.press("z")
    assert page.evaluate("window.undone") == 1


def test_a_form_is_sent_once_however_often_it_is_pressed(visit):
    page = visit("/pad")
    page.evaluate(
        "() => { document.querySelector('#post').addEventListener('submit', (event) => { window.sent = (window.sent ?? 0) + 1; }); }"
    )
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.locator("#name").fill("Chen")
    page.evaluate("() => { const b = document.querySelector('#post button'); b.click(); b.click(); b.click(); }")
    page.wait_for_load_state()
    page.wait_for_timeout(200)
    assert len(posts) == 1


def test_a_retry_carries_the_same_key_and_a_refusal_its_words(visit):
    page = visit("/pad")
    seen = []

    def answer(route):
        seen.append(route.request.headers)
        if len(seen) < 3:
            route.fulfill(status=503, body="")
        else:
            route.fulfill(
                status=409,
                content_type="application/problem+json",
                body=json.dumps({"code": "taken", "detail": "Tom was faster"}),
            )

    page.route("**/thing", answer)
    told = page.evaluate(
        """async () => { const { send } = await import('/static/ui/http.js');
        try { await send('/thing', { a: 1 }); } catch (error) { return [error.status, error.code, error.message]; } }"""
    )
    assert told == [409, "taken", "Tom was faster"]
    assert len({headers["idempotency-key"] for headers in seen}) == 1
    assert len(seen) == 3
    assert all(headers["x-csrftoken"] for headers in seen)


def test_no_answer_in_time_is_told_as_such(visit):
    page = visit("/pad")
    page.route("**/slow", lambda route: None)
    told = page.evaluate(
        """async () => { const { send } = await import('/static/ui/http.js');
        try { await send('/slow', {}, { timeout: 150, retries: 0 }); } catch (error) { return [error.status, error.code, error.message]; } }"""
    )
    assert told == [0, "too_slow", "No answer yet. What you typed is kept. Try again"]


def test_theme_and_density_are_kept_by_the_server(visit):
    page = visit("/ui")
    choices = page.locator(".look-choices")
    choices.get_by_text("Dark", exact=True).click()
    choices.get_by_text("Compact", exact=True).click()
    page.reload()
    root = page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    assert root.get_attribute("data-density") == "compact"
    choices.get_by_text("System", exact=True).click()
    page.reload()
    assert root.get_attribute("data-theme") is None


@pytest.mark.parametrize(
    ("language", "zone"), [("en", "Europe/London"), ("zh-hans", "Asia/Shanghai"), ("en", "Pacific/Auckland")]
)
def test_the_browser_says_times_as_the_server_does(visit, language, zone):
    page = visit("/ui", language=language)
    rng = random.Random(20261126)
    spans = [
        0,
        1,
        59,
        60,
        61,
        3599,
        3600,
        3601,
        7199,
        86399,
        86400,
        90061,
        604800,
        *(rng.randrange(0, 40_000_000) for _ in range(150)),
    ]
    now = datetime(2026, 3, 29, 2, 38, 11, tzinfo=UTC)  # the morning on which London's clocks change
    cases = [now + timedelta(seconds=sign * span) for span in spans for sign in (1, -1)]
    said = page.evaluate(
        """async ([now, zone, cases]) => { const t = await import('/static/ui/time.js');
        const at = new Date(now);
        return cases.map((when) => { const d = new Date(when); const s = (at - d) / 1000;
          return [t.moment(d, at, zone), t.dayAndTime(d, at, zone), t.remaining(d, at), t.spanOf(s), t.clockSpan(s)]; }); }""",
        [now.isoformat(), zone, [case.isoformat() for case in cases]],
    )
    for case, words in zip(cases, said, strict=True):
        seconds = (now - case).total_seconds()
        assert words == [
            formats.moment(case, language=language, zone=zone, now=now),
            formats.day_and_time(case, language=language, zone=zone, now=now),
            formats.remaining(case, language=language, now=now),
            formats.span_of(seconds, language=language),
            formats.clock_span(seconds),
        ], case


def sign_in(page, address):
    page.fill("input[name=login]", address)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main .btn-primary").click()


def virtual_key(page):
    """Give the page's browser a passkey device that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_opens_the_door(visit, live_server):
    cache.clear()
    grace = assemble().grace
    page = visit("/account/login/")
    virtual_key(page)
    assert_accessible(page)
    sign_in(page, grace.email)
    page.wait_for_url("**/desk/")

    page.goto(live_server.url + "/account/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/webauthn/add/")
    assert_accessible(page)
    page.get_by_label("Name of the passkey").fill("Office laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    assert_accessible(page)
    page.goto(live_server.url + "/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Office laptop")
    assert_accessible(page)

    page.goto(live_server.url + "/account/logout/")
    page.locator("main .btn-primary").click()
    page.wait_for_url(lambda url: "logout" not in url)
    page.goto(live_server.url + "/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")


def test_a_passkey_that_is_not_given_is_told_in_words(visit):
    page = visit("/account/login/", language="zh-hans")
    page.context.new_cdp_session(page).send("WebAuthn.enable")  # no device is there
    page.route("**/webauthn/login/", lambda route: route.fulfill(status=500, body=""))
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-passkey-error]")).to_have_text("没有成功，什么都没改动，可以再试一次")


def test_times_stay_fresh_without_moving_anything(visit):
    page = visit("/pad")
    time = page.locator("#time time")
    assert time.text_content() == "just now"
    before = page.locator("#time").bounding_box()
    page.evaluate(
        """async () => { const t = await import('/static/ui/time.js'); t.refresh(document, new Date(Date.now() + 5 * 60000)); }"""
    )
    assert time.text_content() == "5 min ago"
    assert page.locator("#time").bounding_box()["y"] == before["y"]

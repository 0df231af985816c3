"""Nobody can claim to be somebody else, and every answer carries what browsers must be told."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Conflict, HeartlineError, Invalid, NotFound
from heartline.config.middleware import Refusals, RequestIdentity, SecurityHeaders, forwarded_for, settle_address
from heartline.ledger.actions import cause_of_this_work

PROXY = "10.0.0.1"


@pytest.fixture
def behind_a_proxy(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/24", "fd00::1"]


def get(path="/", **meta):
    return RequestFactory().get(path, **meta)


def answer_with(request, response=None, **attributes):
    """Send a request through the headers; returns what the browser gets."""
    response = response or HttpResponse("hello")
    for name, value in attributes.items():
        setattr(response, name, value)
    return SecurityHeaders(lambda _: response)(request)


@given(header=st.text(max_size=60))
def test_without_a_proxy_no_header_changes_the_address(header):
    request = get(
        REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=header, HTTP_FORWARDED=header, HTTP_REMOTE_USER=header
    )
    assert settle_address(request) == "203.0.113.9"
    assert not {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_REMOTE_USER"} & request.META.keys()


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),  # whatever the client wrote before the last hop is hearsay
        ("203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("2001:db8::5", "2001:db8::5"),
        ("", PROXY),
        ("10.0.0.7", "10.0.0.7"),
        ("nonsense", PROXY),
        ("1.2.3.4, <script>", PROXY),
    ],
)
def test_behind_a_proxy_the_last_foreign_address_counts(chain, client):
    assert forwarded_for(chain, PROXY) == client


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_header_with_a_user_is_never_believed():
    request = get(REMOTE_ADDR=PROXY, HTTP_REMOTE_USER="admin@example.com")
    settle_address(request)
    assert "HTTP_REMOTE_USER" not in request.META


def test_each_request_has_an_id_of_our_own_that_the_ledger_gets_too():
    causes = []

    def page(request):
        causes.append((request.id, cause_of_this_work.get()))
        return HttpResponse()

    first, second = (RequestIdentity(page)(get(HTTP_X_REQUEST_ID="mine")) for _ in range(2))
    assert first["X-Request-Id"] != second["X-Request-Id"] != "mine"
    assert causes[0] == (first["X-Request-Id"], f"request:{first['X-Request-Id']}")
    assert cause_of_this_work.get() == ""


def test_slow_and_failed_requests_are_noted_without_their_path(caplog):
    RequestIdentity(lambda _: HttpResponse(status=500))(get("/rate/secret-token"))
    assert "500" in caplog.text
    assert "secret-token" not in caplog.text


def test_the_content_policy_allows_nothing_inline_without_this_answers_nonce():
    request = get()
    policy = answer_with(request)["Content-Security-Policy"]
    assert f"script-src 'self' 'nonce-{request.csp_nonce}'" in policy
    assert "unsafe" not in policy
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert directive in policy
    assert answer_with(get())["Content-Security-Policy"] != policy


def test_nobody_may_frame_a_page_unless_it_names_them():
    assert "frame-ancestors 'none'" in answer_with(get())["Content-Security-Policy"]
    framed = HttpResponse(headers={"X-Frame-Options": "DENY"})
    policy = answer_with(get(), framed, frame_ancestors=["https://shop.example"])
    assert policy["Content-Security-Policy"].endswith("frame-ancestors https://shop.example")
    assert "X-Frame-Options" not in policy


def test_a_page_that_may_be_framed_by_nobody_says_so():
    policy = answer_with(get(), frame_ancestors=[])["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("header", ["X-Content-Type-Options", "Permissions-Policy", "Cross-Origin-Resource-Policy"])
def test_every_answer_carries_the_quiet_headers(header):
    assert answer_with(get())[header]


def test_the_widget_may_be_loaded_by_other_sites_and_pages_may_not():
    assert answer_with(get("/static/webchat/widget.js"))["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer_with(get("/desk/"))["Cross-Origin-Resource-Policy"] == "same-origin"


class LookedAt:
    """A session that the page has looked at."""

    accessed = True


def test_what_is_made_for_one_person_is_kept_by_nobody():
    request = get()
    request.session = LookedAt()
    assert answer_with(request)["Cache-Control"] == "no-store"
    assert answer_with(RequestFactory().post("/"))["Cache-Control"] == "no-store"
    assert not answer_with(get()).has_header("Cache-Control")
    kept = HttpResponse(headers={"Cache-Control": "max-age=60"})
    assert answer_with(request, kept)["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("error", [Invalid("no", fields={"name": "missing"}), Conflict("late"), NotFound("gone")])
def test_a_refusal_becomes_a_problem_document_for_programs(error):
    answer = Refusals(lambda _: HttpResponse()).process_exception(get("/api/v1/cases"), error)
    assert answer.status_code == error.status
    assert answer["Content-Type"] == "application/problem+json"
    assert f'"code": "{error.code}"' in answer.content.decode()


def test_other_errors_are_not_refusals():
    assert Refusals(lambda _: HttpResponse()).process_exception(get(), ValueError("a fault of ours")) is None


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_refusal_becomes_a_page_for_people(client, language):
    client.cookies["heartline_language"] = language
    answer = client.get("/no/such/page", HTTP_ACCEPT="text/html")
    assert answer.status_code == 404
    assert re.search(r"<h1>[^<]+</h1>", answer.content.decode())
    assert answer["X-Request-Id"] in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_programs_are_answered_in_json(client):
    answer = client.get("/api/v1/no-such-thing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.json()["reference"] == answer["X-Request-Id"]


@pytest.mark.django_db
def test_a_fault_tells_nothing_of_itself(client, monkeypatch):
    from heartline.config import health

    def fail():
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(health, "_database_answers", fail)
    client.raise_request_exception = False
    answer = client.get("/health", HTTP_ACCEPT="text/html")
    assert answer.status_code == 500
    assert "hunter2" not in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()
    assert answer["X-Request-Id"] in answer.content.decode()


@pytest.mark.django_db
def test_health_tells_whether_pages_can_be_served(client, monkeypatch):
    assert client.get("/health").json() == {"alive": True, "ready": True, "database": True, "work": False}
    from django.db import OperationalError

    from heartline.config import health

    class Broken:
        def cursor(self):
            raise OperationalError("gone")

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False


def test_errors_are_told_by_their_own_words():
    assert str(HeartlineError("plain words")) == "plain words"

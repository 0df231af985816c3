"""Pages that the design system and allauth's doors are made of, in both languages."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from tests.cast import PASSWORD, assemble

pytestmark = pytest.mark.urls("heartline.ui.tests.urls")
LANGUAGES = ["en", "zh-hans"]


@pytest.fixture
def cast(db):
    cache.clear()  # counts of tries outlive a test, and the next person has the same number
    return assemble()


def page(client, name, language, *arguments, **data):
    client.cookies["heartline_language"] = language
    return client.get(reverse(name, args=arguments), data)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def person(cast):
    return cast.grace


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def just_confirmed(signed_in, person):
    """A person who has just shown again that it is them."""
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return signed_in


def in_language(person, language):
    person.language = language
    person.save(update_fields=["language"])


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("account_login", "Sign in", "登录"),
        ("account_reset_password", "Forgotten your password?", "忘记密码？"),
        ("account_reset_password_done", "Look in your mail", "请查收邮件"),
        ("account_inactive", "This account is closed", "这个账号已停用"),
        ("socialaccount_login_cancelled", "Sign-in given up", "登录没有完成"),
        ("socialaccount_login_error", "That sign-in did not work", "没能登录"),
        ("account_reset_password_from_key_done", "Your new password is set", "新密码已设置"),
    ],
)
def test_doors_speak_both_languages(client, name, language, english, chinese):
    response = page(client, name, language)
    assert response.status_code in (200, 401)
    heading = re.search(r"<h1>(.*?)</h1>", text_of(response))[1]
    assert heading == (english if language == "en" else chinese)
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text_of(response)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("mfa_index", "Only a password protects your account", "你的账号只有密码保护"),
        ("account_change_password", "Change your password", "修改密码"),
        ("mfa_list_webauthn", "Passkeys", "通行密钥"),
        ("account_reauthenticate", "Is it you?", "确认是你本人"),
        ("mfa_add_webauthn", "Add a passkey", "添加通行密钥"),
        ("mfa_activate_totp", "Codes from an app", "验证器"),
        ("socialaccount_connections", "Other sign-ins", "其他登录方式"),
        ("account_logout", "Sign out?", "要退出登录吗？"),
    ],
)
def test_security_pages_speak_both_languages(just_confirmed, person, name, language, english, chinese):
    in_language(person, language)
    response = just_confirmed.get(reverse(name))
    assert response.status_code == 200
    assert re.search(r"<h1>(.*?)</h1>", text_of(response))[1] == (english if language == "en" else chinese)


def test_a_wrong_password_is_told_in_our_words(client, person):
    for language, words in (("en", "Address and password do not belong together"), ("zh-hans", "邮箱和密码对不上")):
        client.cookies["heartline_language"] = language
        answer = client.post(reverse("account_login"), {"login": person.email, "password": "wrong-wrong-wrong"})
        assert words in text_of(answer)
        assert "not correct" not in text_of(answer)


@pytest.mark.django_db
def test_a_missing_field_is_told_beside_it_in_our_words(client):
    answer = text_of(client.post(reverse("account_login"), {"login": "", "password": ""}))
    assert answer.count("This is still missing") == 2
    assert 'aria-describedby="id_login_error"' in answer


def test_recovery_codes_follow_the_first_second_step(just_confirmed, person):
    from allauth.mfa.totp.internal import auth

    shown = text_of(just_confirmed.get(reverse("mfa_activate_totp")))
    secret = re.search(r"<code>(\w+)</code>", shown)[1]
    code = auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))
    answer = just_confirmed.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert len(re.findall(r"<li>\d{8}</li>", text_of(answer))) == 10
    index = text_of(just_confirmed.get(reverse("mfa_index")))
    assert "Your account takes two steps to open" in index
    assert "10 codes left" in index
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        assert just_confirmed.get(reverse(name)).status_code == 200

    other = Client()
    second = other.post(reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True)
    assert "Second step" in text_of(second)
    wrong = text_of(other.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert "That code is not right" in wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_for_a_new_password_is_written_in_the_readers_language(client, person, language):
    client.cookies["heartline_language"] = language
    client.post(reverse("account_reset_password"), {"email": person.email})
    letter = mail.outbox[0]
    assert letter.subject == ("Choose a new password" if language == "en" else "设置新密码")
    address = re.search(r"https?://\S+", letter.body)[0]
    assert ("The link works once" if language == "en" else "链接只能用一次") in letter.body
    chosen = client.get(address, follow=True)
    assert ("Choose a new password" if language == "en" else "设置新密码") in text_of(chosen)
    used = client.get(address.replace("testserver", "testserver")[:-3] + "xyz", follow=True)
    assert ("This link no longer works" if language == "en" else "这个链接已经失效") in text_of(used)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", ["ui/public.html", "ui/entrance.html", "ui/staff.html"])
@pytest.mark.django_db
def test_an_error_page_says_what_is_kept_and_where_to_go(rf, language, layout, django_user_model):
    request = rf.get("/somewhere")
    request.user = django_user_model()
    context = {
        "layout": layout,
        "title": "Nothing here",
        "message": "Gone",
        "kept": "What you typed is kept",
        "fields": {"name": "Too short"},
        "reference": "ab12",
        "links": [("Talk to us", "/")],
        "phone": "400-555-0142",
        "retry": "/again",
    }
    with translation.override(language):
        html = render_to_string("ui/error.html", context, request)
    for part in (
        "Nothing here",
        "What you typed is kept",
        "Too short",
        "ab12",
        'href="/"',
        "tel:400-555-0142",
        "/again",
    ):
        assert part in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_pieces_of_a_page(language):
    from django.core.paginator import Paginator

    with translation.override(language):
        pager = render_to_string("ui/pager.html", {"page": Paginator(range(1200), 50).page(2), "query": "state=open"})
        empty = render_to_string(
            "ui/empty.html", {"heading": "All answered", "words": "Rest", "address": "/x", "act": "Go"}
        )
        dialog = render_to_string("ui/dialog.html", {"id": "d", "heading": "Send to both?", "body": "…"})
        live = render_to_string("ui/live.html", {"state": "live"})
    assert "51–100 of 1,200" in pager or "第 51～100 条，共 1,200 条" in pager
    assert "?state=open&amp;page=3" in pager
    assert "All answered" in empty
    assert 'aria-labelledby="d-heading"' in dialog
    assert 'data-state="live"' in live


def test_a_pager_of_one_page_is_nothing():
    from django.core.paginator import Paginator

    assert render_to_string("ui/pager.html", {"page": Paginator(range(3), 50).page(1)}).strip() == ""


def test_a_brands_colours_come_with_the_nonce():
    request = RequestFactory().get("/")
    request.csp_nonce = "abc"
    brand = {"accent": "#0b5d57", "accent_dark": "#7fd4cc"}
    html = render_to_string("ui/brand_colours.html", {"brand": brand, "request": request})
    assert 'nonce="abc"' in html
    assert "light-dark(#0b5d57, #7fd4cc)" in html

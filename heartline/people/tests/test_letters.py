"""Whoever's way in changes is told by e-mail, in their language; no mail server can stand in the way of the change."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from heartline.people.tests.test_signing_in import sign_in
from tests.cast import PASSWORD, Cast

NEW = "pear-blossom-27"
LETTERS = (
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
)


def change_password(cast: Cast, language: str) -> int:
    cast.grace.language = language
    cast.grace.save(update_fields=["language"])
    client, _ = sign_in(cast.grace.email)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/account/password/change/", form).status_code


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Your password was changed", ("The password of your account was changed.", "If this was not you")),
        ("zh-hans", "密码已修改", ("你的账号密码已修改。", "如果不是你本人操作")),
    ],
)
def test_a_changed_password_is_told(
    cast: Cast, mailoutbox: list[Any], language: str, subject: str, words: tuple[str, ...]
) -> None:
    assert change_password(cast, language) == 302
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == ([cast.grace.email], subject)
    assert all(part in letter.body for part in words)
    assert NEW not in letter.body


def test_a_mail_server_that_is_away_does_not_stand_in_the_way(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert change_password(cast, "en") == 302
    assert sign_in(cast.grace.email, NEW)[1]


@pytest.mark.parametrize("prefix", LETTERS)
def test_every_letter_is_written_in_both_languages(cast: Cast, prefix: str) -> None:
    request = RequestFactory().get("/")
    told = {"timestamp": timezone.now(), "ip": "203.0.113.7", "user_agent": "Chromium", "provider": "Entra"}
    with context.request_context(request):
        letters = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                letters[language] = get_adapter().render_mail(prefix, cast.grace.email, told | {"user": cast.grace})
                assert render_to_string(f"{prefix}_message.txt", told)
    assert "203.0.113.7" in letters["en"].body
    assert letters["en"].subject != letters["zh-hans"].subject
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in letters["en"].subject)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in letters["zh-hans"].body)

"""Tags and filters, as templates use them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from heartline.ui import parts

NOW = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)


def shown(source, language="en", **context):
    with translation.override(language), timezone.override("Asia/Shanghai"):
        return Template("{% load ui %}" + source).render(Context({"now": NOW, **context}))


def test_a_moment_carries_its_exact_time():
    html = shown("{% moment when %}", when=NOW - timedelta(minutes=3))
    assert html == (
        '<time datetime="2026-11-26T03:35:00+00:00" title="Thu 26 Nov 2026, 11:35 (Beijing time)"'
        ' data-moment="near">3 min ago</time>'
    )
    assert ">3 分钟前<" in shown("{% moment when %}", "zh-hans", when=NOW - timedelta(minutes=3))


@pytest.mark.parametrize(
    ("style", "words"), [("day", "today 11:35"), ("clock", "11:35"), ("exact", "Thu 26 Nov 2026, 11:35 (Beijing time)")]
)
def test_a_moment_that_is_not_relative_is_left_alone_by_the_browser(style, words):
    html = shown(f'{{% moment when "{style}" %}}', when=NOW - timedelta(minutes=3))
    assert f">{words}<" in html
    assert "data-moment" not in html


def test_no_moment_is_nothing():
    assert shown("{% moment when %}", when=None) == ""


def test_what_is_left_and_what_runs():
    assert ">22 min left<" in shown("{% remaining due %}", due=NOW + timedelta(minutes=22))
    assert ">7:00<" in shown("{% running since %}", since=NOW - timedelta(minutes=7))


def test_filters_write_in_the_readers_language():
    numbers = "{{ 200|span_of }} {{ 200|clock_span }} {{ 12345|number }} {{ 12345|number_short }} {{ 0.5|percent }} {{ 5|money }}"
    assert shown(numbers) == "3 min 20 s 3:20 12,345 12.3k 50\u00a0% ¥5"
    assert shown(numbers, "zh-hans") == "3 分 20 秒 3:20 12,345 1.2 万 50% 5 元"
    assert shown("{{ d|day }}", d=date(2026, 12, 1)) in ("Tue 1 Dec", "1 Dec 2026")


def test_what_is_not_known_is_a_dash():
    none = "{{ x|span_of }}{{ x|clock_span }}{{ x|number }}{{ x|number_short }}{{ x|percent }}{{ x|money }}{{ x|money_column }}"
    assert shown(none, x=None) == "–" * 7


def test_content_in_the_other_language_is_marked():
    assert shown("{{ name|lang_of }}", name="陈雨桐") == '<span lang="zh-Hans">陈雨桐</span>'
    assert shown("{{ name|lang_of }}", "zh-hans", name="陈雨桐") == "陈雨桐"
    assert shown("{{ name|lang_of }}", "zh-hans", name="Tom Reid") == '<span lang="en">Tom Reid</span>'
    assert shown('{{ name|lang_of:"zh-hans" }}', name="OK") == '<span lang="zh-Hans">OK</span>'
    assert shown("{{ name|lang_of }}", name="<b>王</b>") == '<span lang="zh-Hans">&lt;b&gt;王&lt;/b&gt;</span>'
    assert shown("{{ name|lang_of }}", name="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Grace Okafor", "GO"), ("欧嘉怡", "嘉怡"), ("grace", "G"), ("", "?"), ("Ana de la Cruz", "AC")],
)
def test_initials(name, letters):
    assert parts.initials(name) == letters


def page_attributes(cookies, argument=""):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return shown(f'{{% page_attributes "{argument}" %}}', "zh-hans", request=request)


def test_the_page_wears_what_the_person_chose():
    html = page_attributes({"heartline_theme": "dark", "heartline_density": "compact", "heartline_keys": "off"})
    assert html.startswith('lang="zh-Hans" data-zone="Asia/Shanghai" data-now="2026-11-26T03:38:00+00:00"')
    assert 'data-theme="dark" data-density="compact" data-keys="off"' in html


def test_a_cookie_cannot_put_anything_else_into_the_page():
    html = page_attributes({"heartline_theme": '"><script>', "heartline_density": "huge", "heartline_keys": "maybe"})
    assert "script" not in html
    assert html.endswith('data-density="comfortable"')


def test_customers_pages_are_always_comfortable():
    assert 'data-density="comfortable"' in page_attributes({"heartline_density": "compact"}, "always-comfortable")
    assert 'data-density="compact"' in page_attributes({}, "compact")
    assert 'data-density="comfortable"' in page_attributes({"heartline_density": "comfortable"}, "compact")


def test_the_rail_shows_the_rooms_one_may_enter():
    rooms = parts.rooms_for({"desk.use", "floor.view"}, "/floor/queues/")
    paths = ["/desk/", "/experts/", "/knowledge/", "/floor/"]
    assert [(entry["room"].path, entry["here"]) for entry in rooms] == [(path, path == "/floor/") for path in paths]
    assert parts.rooms_for(frozenset(), "/desk/") == []


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As on the letter", widget=forms.TextInput(attrs={"placeholder": "Name"}))
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    agreed = forms.BooleanField()
    languages = forms.MultipleChoiceField(
        choices=[("en", "English"), ("zh", "中文")], widget=forms.CheckboxSelectMultiple
    )

    def clean_name(self):
        raise ValidationError("Too short")


def test_a_field_ties_its_error_and_hint_to_the_control():
    html = shown("{% field form.name %}", form=SampleForm({"name": "x"}))
    assert '<label class="label" for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "Too short" in html
    assert 'id="id_name_helptext">As on the letter<' in html
    assert 'class="input"' in html
    assert "placeholder" not in html


def test_a_field_takes_another_label_hint_and_size():
    html = shown('{% field form.name label="Called" hint="By friends" size="short" %}', form=SampleForm())
    assert ">Called</label>" in html
    assert ">By friends<" in html
    assert 'class="input input-short"' in html


def test_kinds_of_fields():
    secret = shown("{% field form.secret %}", form=SampleForm())
    assert 'data-reveal="id_secret"' in secret
    assert "(optional)" in secret
    assert '<label class="check">' in shown("{% field form.agreed %}", form=SampleForm())
    checks = shown("{% field form.languages %}", form=SampleForm())
    assert "<fieldset" in checks
    assert "<legend" in checks
    assert checks.count('type="checkbox"') == 2


def test_a_form_leads_to_its_errors():
    source = '{% include "ui/form.html" %}'
    html = shown(source, form=SampleForm({"name": "x", "agreed": "on", "languages": ["en"]}))
    assert "One thing to look at" in html
    assert '<a href="#id_name">Name</a>' in html
    assert "errors-first" not in shown(source, form=SampleForm())


def test_scripts_get_their_words_from_the_page():
    assert '"minutes_ago": "{n} min ago"' in shown("{% ui_words %}")
    assert "\\u64a4\\u9500" in shown("{% ui_words %}", "zh-hans") or "撤销" in shown("{% ui_words %}", "zh-hans")

"""JSON in and out: what cannot be used is refused in words, nothing is kept on the way."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import HeartlineError, Invalid, TooLarge
from heartline.ui.responses import BODY_LIMIT, json_ok, json_problem, read_json


def request_with(body: str | bytes, kind: str = "application/json"):
    return RequestFactory().post("/", body, content_type=kind)


def test_an_object_is_read() -> None:
    assert read_json(request_with('{"text": "你好 👋", "upto": 3}')) == {"text": "你好 👋", "upto": 3}


def test_named_fields_are_held_to_their_types() -> None:
    assert read_json(request_with('{"upto": 3}'), text=str, upto=int) == {"upto": 3}
    with pytest.raises(Invalid) as refused:
        read_json(request_with('{"upto": true, "text": 1, "role": "admin"}'), text=str, upto=int)
    assert set(refused.value.fields) == {"upto", "text", "role"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '"x"',
        "{",
        '{"n": NaN}',
        '{"n": -Infinity}',
        '{"half": "\\ud83d"}',
        '{"\\ud83d": 1}',
        '{"nul": "a\\u0000b"}',
        '{"deep": ["\\u0000"]}',
        b'{"latin": "\xe9"}',
        '{"a":' * 100_000,
        "[" * 50_000 + "]" * 50_000,
    ],
)
def test_what_is_no_usable_object_is_refused(body: str | bytes) -> None:
    with pytest.raises(HeartlineError) as refused:
        read_json(request_with(body))
    assert refused.value.status in (413, 422)


def test_a_backslash_that_was_typed_is_no_nul() -> None:
    assert read_json(request_with(json.dumps({"text": "\\u0000"}))) == {"text": "\\u0000"}


def test_a_form_is_not_json() -> None:
    with pytest.raises(Invalid):
        read_json(request_with("a=1", "application/x-www-form-urlencoded"))


def test_too_much_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_json(request_with(json.dumps({"text": "x" * BODY_LIMIT})))


@given(st.binary(max_size=200))
def test_whatever_comes_it_is_an_object_or_a_refusal(body: bytes) -> None:
    try:
        data = read_json(request_with(body))
    except HeartlineError:
        return
    json.dumps(data, ensure_ascii=False).encode()


def test_answers_are_never_kept_on_the_way() -> None:
    for answer in (json_ok({"a": "你"}), json_problem(409, "conflict", "T", "D", fields={"x": "y"})):
        assert answer.headers["Cache-Control"] == "no-store"
    assert json_ok().content == b"{}"

"""Both languages are complete, and Chinese is written as Chinese is written (glossary, section 2.9)."""

from __future__ import annotations

import re

import pytest

from tests.source import product
from tests.words import all_words, entries, sayings, scripts, translation_of

pytestmark = pytest.mark.once

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^}]*\}")
# Proper names and words that Chinese readers know in Latin letters.
SAME_IN_BOTH = {
    "Heartline", "English", "简体中文", "API", "CSV", "IP", "Webhook", "OpenID Connect", "TOTP", "JSON", "URL", "NPS", "CSAT",
    "UTC", "Python", "e", "h",
}  # fmt: skip
UNKNOWN = "\ufffc"
FORBIDDEN = {
    "登陆": "登录", "坐席": "座席", "代理": "客服代表", "您们": "各位", "撤消": "撤销", "帐号": "账号", "帐户": "账户", "缺省": "默认",
    "敬请谅解": "say what happened and what is done", "联系中心": "联络中心", "讯息": "消息", "选单": "菜单", "预设": "默认",
    "设定": "设置", "储存": "保存", "罐头回复": "快捷回复", "贪睡": "稍后提醒", "离线消息": "留言", "黑暗模式": "深色",
    "网络聊天": "在线客服", "系统繁忙": "say what happened", "尊敬的用户": "您", "双因素": "两步验证", "小部件": "咨询窗口",
    "私人注释": "内部备注", "虚拟排队": "保留位置", "漏接": "超时未接", "联系人百分比": "率", "超时工单": "已逾期",
}  # fmt: skip
CUSTOMERS_READ = ("heartline/reception/", "heartline/channels/", "heartline/voice_of_customer/templates/")


def test_there_are_words():
    assert len(all_words()) > 300


def test_every_string_is_translated():
    missing = sorted({f"{word.where} {word.text!r}" for word in all_words() if translation_of(word) is None})
    assert missing == []


def test_no_translation_is_its_english_source():
    same = [
        f"{path}: {entry.msgid!r}"
        for path, entry in entries()
        if entry.msgid in sayings(entry)
        and entry.msgid not in SAME_IN_BOTH
        and re.search(r"[A-Za-z]{2}", _bare(entry.msgid))
    ]
    assert same == []


def test_nothing_is_half_done():
    undone = [f"{path}: {e.msgid!r}" for path, e in entries() if e.fuzzy or e.obsolete or not all(sayings(e))]
    assert undone == []


def test_placeholders_are_the_same_in_both_languages():
    """By name. A plural may drop its number, which Chinese says in words."""
    wrong = [
        f"{path}: {entry.msgid!r} → {text!r}"
        for path, entry in entries()
        for text in sayings(entry)
        if _names(text) != _names(entry.msgid_plural or entry.msgid)
        and not (entry.msgid_plural and _names(text) < _names(entry.msgid_plural))
    ]
    assert wrong == []


def _names(text):
    names = {first or second for first, second in PLACEHOLDER.findall(text)}
    return {"n" if name == "ordinal" else name for name in names}  # the third of English is the 3 of Chinese


def _bare(text):
    """A text with something unknown for placeholders, markup and code, and without dates, which take no spaces."""
    text = re.sub(r"<[^>]+>|https?://\S+|`[^`]*`", UNKNOWN, text)
    text = PLACEHOLDER.sub(UNKNOWN, text)
    return re.sub(r"\d+(年|月|日)|第\d+", "", text)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]", "one space between Han characters and Latin letters or digits"),
        (rf"[{HAN}][,;:?!()]", "full-width punctuation after Han characters"),
        (rf"[{HAN}] [{HAN}]", "no space between Han characters"),
        (r"[「」『』]", "quotation marks are “ ” and ‘ ’"),
        (r"(?<!…)…(?!…)|\.\.\.", "an ellipsis is two characters long: ……"),
        (r" [，。、；：？！）》”]|[（《“] ", "no space beside full-width punctuation"),
        (r"[↑↓]", "say 提高 or 下降"),
        (r"！", "no exclamation marks"),
        (r"^亲[，, ]", "nobody is 亲"),
        (r"您.*你|你.*您", "您 and 你 are not mixed"),
    ],
)
def test_chinese_is_written_well(pattern, why):
    wrong = [
        f"{path}: {text!r}" for path, entry in entries() for text in sayings(entry) if re.search(pattern, _bare(text))
    ]
    assert wrong == [], why


@pytest.mark.parametrize("word", FORBIDDEN)
def test_forbidden_words(word):
    wrong = [f"{path}: {text!r}" for path, entry in entries() for text in sayings(entry) if word in text]
    assert wrong == [], f"write {FORBIDDEN[word]}"


def test_interface_strings_end_without_a_full_stop():
    letters = {word.text for word in all_words() if word.in_mail}
    english = [f"{word.where} {word.text!r}" for word in all_words() if not word.in_mail and _ends_in_stop(word.text)]
    chinese = [
        f"{path}: {text!r}"
        for path, entry in entries()
        for text in sayings(entry)
        if _ends_in_stop(text) and entry.msgid not in letters
    ]
    assert english + chinese == []


def _ends_in_stop(text):
    text = text.rstrip()
    return text.endswith((".", "。")) and not text.endswith(("...", "e.g.", "i.e.")) and text.strip(" .。") != ""


def test_customers_are_called_nin():
    """The words a customer reads say 您; 你 is for colleagues."""
    read_by_customers = {word.text for word in all_words() if word.where.startswith(CUSTOMERS_READ)}
    wrong = [
        f"{path}: {text!r}"
        for path, entry in entries()
        if entry.msgid in read_by_customers
        for text in sayings(entry)
        if "你" in text
    ]
    assert wrong == []


def test_the_source_language_is_english():
    assert [f"{word.where} {word.text!r}" for word in all_words() if re.search(rf"[{HAN}]", word.text)] == []


def test_scripts_hold_no_words_in_chinese():
    """They get their words from the page, in its language."""
    without_comments = ((name, re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)) for name, text in scripts())
    assert [name for name, text in without_comments if re.search(rf"[{HAN}]", text)] == []


def test_no_word_is_written_twice_differently():
    """One English string has one Chinese one, in whatever folder: the catalogues are merged when they are read."""
    seen: dict[tuple[str, str], tuple[str, list[str]]] = {}
    wrong = []
    for path, entry in entries():
        key = (entry.msgctxt or "", entry.msgid)
        before = seen.setdefault(key, (path, sayings(entry)))
        if before[1] != sayings(entry):
            wrong.append(f"{entry.msgid!r}: {before[0]} says {before[1]}, {path} says {sayings(entry)}")
    assert wrong == []


def test_the_terminal_has_its_own_words():
    """The supervisor and the commands read only their own catalogue, without Django: what they say must be there."""
    path = "heartline/config/locale/zh_Hans/LC_MESSAGES/django.po"
    there = {entry.msgid for file, entry in entries() if file == path}
    speakers = {str(source) for source in product() if "from heartline.config.words import" in source.text}
    said = {word.text for word in all_words() if word.where.partition(":")[0] in speakers}
    assert len(said) > 50
    assert said - there == set()

"""Rules that hold for the sources of every page: colours, sizes, policy, words."""

import re
from pathlib import Path

import polib
import pytest
from django.template.loader import get_template
from django.utils.translation.template import templatize

HOUSE = Path(__file__).parent.parent.parent
STATIC = HOUSE / "ui" / "static" / "ui"
ACCOUNTS = HOUSE / "people" / "templates"
TEMPLATES = [
    *sorted((HOUSE / "ui" / "templates").rglob("*.html")),
    *(path for room in ("account", "mfa", "socialaccount") for path in sorted((ACCOUNTS / room).rglob("*.*"))),
]
SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))
ZH = polib.pofile(str(HOUSE / "ui" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
EN = polib.pofile(str(HOUSE / "ui" / "locale" / "en" / "LC_MESSAGES" / "django.po"))
CALL = re.compile(
    r"\b(?P<how>n?p?gettext|_)\(\s*(?:u?(?P<q>['\"])(?P<one>(?:\\.|(?!(?P=q)).)*)(?P=q))(?:\s*,\s*u?(?P<q2>['\"])(?P<two>(?:\\.|(?!(?P=q2)).)*)(?P=q2))?",
    re.DOTALL,
)


def names(paths):
    return [path.name for path in paths]


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_colours_come_from_tokens(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    if sheet.name != "tokens.css":
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("sheet", SHEETS, ids=names(SHEETS))
def test_sheets_use_tokens_that_exist(sheet):
    tokens = set(re.findall(r"(--[\w-]+):", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    given_by_pages = {"--told", "--at", "--left", "--low", "--high"}
    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))) <= tokens | given_by_pages


@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_scripts_are_small_modules_without_sentences(script):
    text = script.read_text(encoding="utf-8")
    assert text.count("\n") < 250
    assert not re.search(r"\beval\(|innerHTML|document\.write|new Function", text)
    assert not re.search(r"[\u4e00-\u9fff]", text)
    for path in re.findall(r'from "(\./[\w.]+)"', text):
        assert (STATIC / path).exists()


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.relative_to(HOUSE).as_posix() for path in TEMPLATES])
def test_templates_keep_to_the_security_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""\sstyle=["']|\son[a-z]+=["']|javascript:""", text)
    for opening in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in opening
    for opening in re.findall(r"<style\b[^>]*>", text):
        assert "nonce=" in opening
    get_template(path.as_posix().split("/templates/", 1)[1])


def said_by_templates():
    for path in TEMPLATES:
        for match in CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=path.name)):
            context = match["one"] if match["how"] in ("pgettext", "npgettext") else None
            words = match["two"] if context is not None else match["one"]
            yield path.name, context, words.replace("\\'", "'").replace('\\"', '"').replace("\\n", "\n")


def test_every_sentence_is_said_in_chinese_too():
    known = {(entry.msgctxt, entry.msgid) for entry in ZH if entry.translated()}
    said = list(said_by_templates())
    assert len(said) > 100
    assert [row for row in said if (row[1], row[2]) not in known] == []


@pytest.mark.parametrize("catalogue", [ZH, EN], ids=["zh", "en"])
def test_catalogues_are_whole_and_keep_their_placeholders(catalogue):
    assert catalogue.untranslated_entries() == []
    assert catalogue.fuzzy_entries() == []
    for entry in catalogue:
        held = set(re.findall(r"%\((\w+)\)", entry.msgid_plural or entry.msgid))
        for written in entry.msgstr_plural.values() or [entry.msgstr]:
            assert set(re.findall(r"%\((\w+)\)", written)) == held, entry.msgid


def test_chinese_is_written_as_the_house_writes_it():
    han = r"[\u4e00-\u9fff]"
    for entry in ZH:
        for written in entry.msgstr_plural.values() or [entry.msgstr]:
            bare = re.sub(r"\d+(?=[年月日])|%\(\w+\)[sd]|\{\w+\}|<[^>]*>", "", written)
            assert not re.search(rf"{han}[A-Za-z0-9]|[A-Za-z0-9%]{han}", bare), f"no space: {written}"
            assert not re.search(rf"{han}[,;:?!()]", bare), f"half-width mark: {written}"
            assert not re.search("登陆|坐席|代理|您们|撤消|帐号|缺省|敬请谅解|联系中心", written), written
            assert not ("您" in written and "你" in written), written
            assert written != entry.msgid


def test_our_own_english_needs_no_entry_and_libraries_speak_in_our_voice():
    assert all("Please" not in entry.msgstr for entry in EN)
    assert all(not entry.msgstr.endswith(".") for entry in EN)

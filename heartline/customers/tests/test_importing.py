"""Files of customers: any encoding and separator, looked at first, worked through, safe to repeat, stopped and gone on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Invalid
from heartline.customers.actions.importing import (
    first_rows,
    forget_old,
    place_of,
    plan_import,
    start_import,
    stop_import,
    take_file,
    work_on_imports,
)
from heartline.customers.models import Attribute, Customer, Import, Organisation
from heartline.customers.rules.tables import guess_mapping, guess_reading, rows_of
from heartline.customers.rules.values import read_date, read_number
from heartline.customers.tests.conftest import BY
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON

CHINESE = '客户编号,姓名,手机号,邮箱,等级,公司,消费额\nA1,陈雨桐,138 0013 8000,yutong@example.com,金卡,清禾家居,"12,000"\nA2,李明,13900139000,,普通,,800\n'


@pytest.fixture
def take(cast):
    def taken(text, encoding="utf-8"):
        content = text if isinstance(text, bytes) else text.encode(encoding)
        by = actor_for(cast.admin)
        return take_file(SimpleUploadedFile("kunden.csv", content), language="zh-hans", by=by, now=NOON)

    return taken


def run(job):
    plan_import(job, job.mapping, language="zh-hans", now=NOON)
    start_import(job, by=BY, now=NOON)
    while work_on_imports(now=NOON):
        pass
    job.refresh_from_db()
    return job.added, job.changed, job.unchanged, job.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_separator_reads_the_same(take, encoding, delimiter):
    Attribute.objects.create(key="revenue", name_en="Revenue", name_zh="消费额", kind="number")
    text = CHINESE.replace(",", delimiter) if delimiter != "," else CHINESE
    text = text.replace(f"12{delimiter}000", "12,000")
    job = take(text, encoding)
    assert run(job) == (2, 0, 0, 0)
    customer = Customer.objects.get(name="陈雨桐")
    assert (customer.tier, customer.organisation.name, customer.attributes) == ("big", "清禾家居", {"revenue": "12000"})
    assert set(customer.identities.values_list("kind", "value")) == {
        ("external", "A1"),
        ("phone", "+8613800138000"),
        ("email", "yutong@example.com"),
    }


def test_traditional_and_latin_files_are_read():
    assert guess_reading("姓名,電話\n陳雨桐的資料在這裡,1\n".encode("big5")).columns[0] == "姓名"
    assert guess_reading("name,city\nJosé,Málaga\n".encode("cp1252")).encoding == "cp1252"


def test_the_same_file_again_changes_nothing(take):
    assert run(take(CHINESE)) == (2, 0, 0, 0)
    before = Entry.objects.exclude(kind="customers.import_changed").count()
    assert run(take(CHINESE)) == (0, 0, 2, 0)
    assert Entry.objects.exclude(kind="customers.import_changed").count() == before
    assert run(take(CHINESE.replace("李明", "李小明"))) == (0, 1, 1, 0)
    assert Customer.objects.count() == 2
    assert Organisation.objects.count() == 1


def test_what_cannot_be_taken_is_told_by_line_and_reason(take, cast, client):
    text = (
        "name,email,phone,customer since\n"
        "Ann,ann@example.com,,2020-02-01\n"
        "Bob,not an address,,\n"
        "\n"
        '"Two\nlines",,+44 7700 900123,\n'
        "Cat,,,\n"
        "Dan,dan@example.com,,31.12.2020\n"
    )
    job = take(text)
    assert run(job) == (2, 0, 0, 3)
    found = list(job.problems.values_list("line", "column", "reason"))
    assert found == [(3, "email", "email"), (7, "", "no_address"), (8, "customer since", "date")]
    client.force_login(cast.admin)
    page = client.get(f"/customers/import/{job.pk}/").content.decode()
    assert "This is no date" in page
    assert "3 rows were not taken" in page
    assert "8,customer since" in client.get(f"/customers/import/{job.pk}/problems.csv").content.decode()
    assert client.get(f"/customers/import/{job.pk}/progress/").json()["percent"] == 100


def test_a_row_that_leads_to_two_customers_is_refused(take, known):
    known("One", email="a@example.com")
    known("Two", phone="13800138000")
    job = take("name,email,phone\nWho,a@example.com,13800138000\n")
    assert run(job) == (0, 0, 0, 1)
    assert job.problems.get().reason == "several"


def test_rows_go_to_the_record_that_others_went_into(take, known):
    from heartline.customers.actions.merging import merge_customers

    kept, gone = known("Kept"), known("Gone", external="A1")
    merge_customers(kept, gone, by=BY, now=NOON)
    assert run(take("id,place\nA1,杭州\n")) == (0, 1, 0, 0)
    kept.refresh_from_db()
    assert kept.place == "杭州"


def test_stopping_and_going_on_takes_each_row_once(take):
    lines = "".join(f"C{n},Person {n}\n" for n in range(55))
    job = take("customer id,name\n" + lines)
    plan_import(job, job.mapping, language="en", now=NOON)
    start_import(job, by=BY, now=NOON)
    stop_import(job, by=BY, now=NOON)
    work_on_imports(now=NOON)
    job.refresh_from_db()
    assert (job.state, job.next_row, job.added) == ("stopped", 20, 20)
    assert place_of(job.token).exists()
    start_import(job, by=BY, now=NOON)
    while work_on_imports(now=NOON):
        pass
    job.refresh_from_db()
    assert (job.state, job.added, Customer.objects.count()) == ("done", 55, 55)
    assert not place_of(job.token).exists()


def test_two_processes_do_not_take_the_same_rows(take):
    job = take("id,name\nA,Ann\n")
    plan_import(job, job.mapping, language="en", now=NOON)
    start_import(job, by=BY, now=NOON)
    Import.objects.filter(pk=job.pk).update(claimed_until=NOON + timedelta(seconds=30))
    assert work_on_imports(now=NOON) == 0
    assert work_on_imports(now=NOON + timedelta(seconds=31)) == 1


def test_a_quote_that_never_closes_is_a_row_refused(take):
    job = take('name,email\nAda,ada@example.com\n"never closed ' + "a," * 100_000)
    assert run(job) == (1, 0, 0, 1)
    assert job.problems.get().line == 3


def test_a_mapping_is_corrected_on_the_page_and_remembered(cast, client):
    client.force_login(cast.admin)
    file = SimpleUploadedFile("a.csv", b"who,where to,x\nAnn,ann@example.com,1\n")
    address = client.post("/customers/import/", {"file": file}).headers["Location"]
    assert "How the first rows are read" in client.get(address).content.decode()
    assert client.post(address, {"column_0": "name", "act": "start"}).status_code == 422
    chosen = {"column_0": "name", "column_1": "email", "language": "en"}
    assert "ann@example.com" in client.post(address, {**chosen, "act": "look"}, follow=True).content.decode()
    client.post(address, {**chosen, "act": "start"})
    while work_on_imports(now=NOON):
        pass
    assert Customer.objects.get().name == "Ann"
    file = SimpleUploadedFile("b.csv", b"WHO,where to,x\nBob,bob@example.com,1\n")
    again = client.post("/customers/import/", {"file": file}).headers["Location"]
    assert Import.objects.get(pk=int(again.split("/")[-2])).mapping == {"0": "name", "1": "email"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"a,b\n",
        b"\x00\x01\x02PK\x03\x04" * 40,
        b",,,\n1,2,3,4\n",
        b"x" * 200_000 + b"\n1\n",
        b"name," * 300 + b"email\na@example.com\n",
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(take, content):
    with pytest.raises(Invalid):
        take(content)
    assert not Import.objects.exists()


def test_files_nobody_started_go_after_a_week(take):
    job = take(CHINESE)
    assert first_rows(job)[0][1][1] == "陈雨桐"
    assert forget_old(now=NOON + timedelta(days=8)) == 1
    assert not place_of(job.token).exists()


def test_columns_are_guessed_by_their_names():
    assert guess_mapping(["E-Mail", "Mobile", "電話x", "Company", "Name", "Name"], {"age": ("age", "Age", "年龄")}) == {
        "0": "email",
        "1": "phone",
        "3": "organisation",
        "4": "name",
    }
    assert guess_mapping(["年龄"], {"age": ("age", "Age", "年龄")}) == {"0": "attribute:age"}


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content):
    from heartline.customers.rules.tables import Unreadable

    try:
        reading = guess_reading(content)
    except Unreadable:
        return
    text = content.decode(reading.encoding, errors="replace")
    assert all(line >= 1 for line, _cells in rows_of(text.splitlines(keepends=True), reading.delimiter))


@pytest.mark.parametrize(
    ("raw", "kept"), [("12,000.50", "12000.5"), ("¥1.2万", "12000"), ("３", "3"), ("-0.0", "-0"), ("1e3", "1000")]
)
def test_numbers(raw, kept):
    assert read_number(raw) == kept


@pytest.mark.parametrize(
    "raw", ["1e-900000", "1e-30", "1e18", "0." + "0" * 400 + "1", "nan", "1e999999999", "-1e-999999999"]
)
def test_numbers_that_nobody_means_are_refused(raw):
    with pytest.raises(ValueError, match="number"):
        read_number(raw)


@pytest.mark.parametrize("raw", ["2026-03-06", "2026/3/6", "2026年3月6日", "２０２６．０３．０６"])
def test_dates(raw):
    assert read_date(raw).isoformat() == "2026-03-06"

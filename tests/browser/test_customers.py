"""A day with customers: found, noted, brought in from a file, merged and taken apart; axe clean."""

from __future__ import annotations

import pytest

from heartline.ui.tests.axe import assert_accessible

pytestmark = pytest.mark.browser


def test_an_agent_finds_somebody_by_keyboard_and_leaves_a_note(colleague):
    page = colleague("grace", "/customers/")
    page.wait_for_selector("h1 >> text=Customers")
    assert_accessible(page)
    page.focus("#id_q")
    page.keyboard.type("Priya")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?*q=Priya*")
    assert page.locator("tbody tr").count() == 1
    page.focus("tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text=Priya Nair")
    assert "****" in page.inner_text(".addresses")
    page.focus("text=Show in full")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Shown for ten minutes")
    assert "****" not in page.inner_text(".addresses")
    page.fill("#note-text", "Rings back after six")
    page.click("text=Add the note")
    page.wait_for_selector(".customer-note >> text=Rings back after six")
    assert_accessible(page)


def test_a_file_is_looked_at_and_brought_in_and_two_records_become_one_and_two_again(colleague, tmp_path):
    file = tmp_path / "kunden.csv"
    rows = "客户编号,姓名,手机号,等级\nT1,欧阳晓峰,13700137001,金卡\nT2,欧阳晓锋,13711137001,普通\nT3,谁,12,普通\n"
    file.write_text(rows, encoding="gb18030")
    page = colleague("mia", "/customers/import/")
    page.wait_for_selector("#file")
    assert_accessible(page)
    page.set_input_files("#file", file)
    page.click("text=Look at the file")
    page.wait_for_selector("text=How the first rows are read")
    assert_accessible(page)
    page.click("text=Import 3 rows")
    page.wait_for_selector("text=1 row was not taken", timeout=30_000)
    assert_accessible(page)
    page.goto("/customers/?q=欧阳晓")
    assert page.locator("tbody tr").count() == 2
    numbers = [row.inner_text() for row in page.locator("tbody td:last-child").all()]
    page.goto(f"/customers/{numbers[0]}/merge/{numbers[1]}/")
    assert_accessible(page)
    page.click("text=Merge into this record")
    page.wait_for_selector("text=Merged. Nothing is lost")
    assert_accessible(page)
    page.goto(f"/customers/{numbers[1]}/")
    page.wait_for_url(f"**/customers/{numbers[0]}/")
    page.click("text=Take apart")
    page.wait_for_selector("text=Taken apart")


@pytest.mark.parametrize("path", ["/setup/customers/tiers/new/", "/setup/customers/retention/", "/customers/new/"])
def test_forms_are_accessible_on_phones(colleague, path):
    page = colleague("mia", path)
    page.wait_for_selector("h1")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)

"""Files as people have them: any encoding, any delimiter, Excel, Parquet, and rows that do not fit."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.engine import connect
from heartline.insight.files import frame_of, read_table

pytestmark = pytest.mark.once

CHINESE = "满意度,速度,门店\n5,4,北京\n3,2,上海\n4,,广州\n"
GERMAN = "Zufriedenheit;Größe\n4,5;1.234,5\n3,25;17,0\n"


def written(folder, data, name="file.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_chinese_in_any_encoding(tmp_path, encoding):
    frame = read_table(written(tmp_path, CHINESE.encode(encoding)))
    assert frame.names == ("满意度", "速度", "门店")
    assert frame.numbers("满意度").tolist() == [5, 3, 4]
    assert np.isnan(frame.numbers("速度")[2])
    assert frame.texts("门店").tolist() == ["北京", "上海", "广州"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030"])
def test_long_chinese_without_a_mark(tmp_path, encoding):
    text = "意见,评分\n" + "等了很久才有人接电话，但是最后解决了,4\n".replace("，", "；") * 400
    frame = read_table(written(tmp_path, text.encode(encoding)))
    assert frame.numbers("评分").sum() == 1600


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_western_letters_and_decimal_commas(tmp_path, encoding):
    frame = read_table(written(tmp_path, GERMAN.encode(encoding)))
    assert frame.names == ("Zufriedenheit", "Größe")
    assert frame.numbers("Zufriedenheit").tolist() == [4.5, 3.25]
    assert frame.numbers("Größe").tolist() == [1234.5, 17]


def test_an_encoding_that_is_named_is_used(tmp_path):
    path = written(tmp_path, "név,érték\nő,1\n".encode("cp1250"))
    assert read_table(path, encoding="cp1250").names == ("név", "érték")
    with pytest.raises(WrongQuestion, match="encoding"):
        read_table(path, encoding="klingon")
    with pytest.raises(CannotAnswer, match=r"after line \d.*utf-8.*--encoding"):
        read_table(path, encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    text = end.join(delimiter.join(row) for row in (["a", "b b"], ["1", '"x, y; z"'], ["2", "q"])) + end
    frame = read_table(written(tmp_path, text.encode()))
    assert frame.numbers("a").tolist() == [1, 2]
    assert frame.texts("b b").tolist() == ["x, y; z", "q"]
    assert frame.lines.tolist() == [2, 3]


def test_packed(tmp_path):
    assert read_table(written(tmp_path, gzip.compress(CHINESE.encode()), "x.csv.gz")).n == 3


def test_only_the_columns_asked_for(tmp_path):
    frame = read_table(written(tmp_path, CHINESE.encode()), columns=["速度"])
    assert set(frame.columns) == {"速度"}
    with pytest.raises(WrongQuestion, match="速度"):
        read_table(written(tmp_path, CHINESE.encode()), columns=["速渡"])


def test_rows_that_do_not_fit_are_named_and_the_rest_is_read(tmp_path):
    frame = read_table(written(tmp_path, b'a,b\n1,2\n3\n\n4,5,6\n"7\n8",9\n10,11,\n'))
    assert frame.texts("a").tolist() == ["1", "7\n8", "10"]
    assert [(bad.line, bad.reason) for bad in frame.left_out] == [
        (3, "1 cells where the head has 2"),
        (5, "3 cells where the head has 2"),
    ]
    assert frame.lines.tolist() == [2, 6, 8]


def test_text_among_numbers_is_named_by_line(tmp_path):
    frame = read_table(written(tmp_path, b"a,b\n1,2\nmany,3\n2,4\nfew,5\n"))
    assert frame.is_number("b")
    with pytest.raises(CannotAnswer, match=r"“a” has 2 cells.*line 3: “many”, line 5: “few”"):
        frame.numbers("a")


def test_numbers_are_read_as_they_are_written():
    frame = frame_of({"x": ["1,234", "12,345.5", "N/A", "", "−3", "４２", "85%", "1e3", "na", "不适用"]})
    assert frame.numbers("x").tolist()[:2] == [1234, 12345.5]
    assert frame.numbers("x").tolist()[4:8] == [-3, 42, 0.85, 1000]
    assert np.flatnonzero(np.isnan(frame.numbers("x"))).tolist() == [2, 3, 8, 9]
    assert np.flatnonzero(frame.not_applicable("x")).tolist() == [2, 9]
    assert np.isnan(frame.numbers("x", missing=["42"])[5])


def test_names_of_columns_are_made_different(tmp_path):
    frame = read_table(written(tmp_path, "\ufeff a ,,a,a\n1,2,3,4\n".encode()))
    assert frame.names == ("a", "column 2", "a (2)", "a (3)")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b'a,b\n1,"2\n' + b"x" * 200_000, "quotation mark"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1\n", "no rows"),
        (bytes(range(256)) * 9, "is no table"),
        (b"PK\x03\x04 nothing", "cannot be read as a workbook"),
        (b"PAR1 nothing", "cannot be read as Parquet"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, data, why):
    with pytest.raises(CannotAnswer, match=why):
        read_table(written(tmp_path, data))


def test_a_file_without_a_head(tmp_path):
    with pytest.raises(CannotAnswer, match="first line has to name the columns"):
        read_table(written(tmp_path, b"5,4,3\n3,2,1\n"), columns=["a"])


def test_a_file_that_is_not_there(tmp_path):
    written(tmp_path, b"a\n1\n", "answers.csv")
    with pytest.raises(WrongQuestion, match=r"did you mean “answers\.csv”"):
        read_table(tmp_path / "answer.csv")
    with pytest.raises(WrongQuestion, match="folder"):
        read_table(tmp_path)


def test_parquet(tmp_path):
    path = tmp_path / "x.parquet"
    with connect() as engine:
        engine.sql("SELECT * FROM (VALUES (1, 2.5, 'a', true), (NULL, 3, NULL, false)) t(n, d, s, b)").write_parquet(
            str(path)
        )
    frame = read_table(path, columns=["d", "n", "s", "b"])
    assert frame.numbers("n")[0] == 1
    assert np.isnan(frame.numbers("n")[1])
    assert frame.numbers("d").tolist() == [2.5, 3]
    assert frame.texts("s").tolist() == ["a", ""]
    assert frame.numbers("b").tolist() == [1, 0]


def test_excel(tmp_path):
    path = written(tmp_path, workbook([["", ""], ["Score", "Shop"], [5, "北京"], [4.5, ""], ["", ""]]), "x.xlsx")
    frame = read_table(path)
    assert frame.names == ("Score", "Shop")
    assert frame.numbers("Score").tolist() == [5, 4.5]
    assert frame.texts("Shop").tolist() == ["北京", ""]
    assert frame.lines.tolist() == [3, 4]
    with pytest.raises(WrongQuestion, match="did you mean “Answers”"):
        read_table(path, sheet="Answer")


def cell(value):
    number = f"<c><v>{value}</v></c>"
    return number if isinstance(value, int | float) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def workbook(rows):
    """The smallest workbook that is one."""
    cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/xl/workbook.xml" ContentType="{sheet}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}"><Relationship Id="a" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="Answers" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}"><Relationship Id="a" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return made.getvalue()

"""What an editor may upload as a table, and the sentence that refuses the rest."""

import copy
import datetime
import io
import time
import zipfile

import openpyxl
import pytest

from missions.bulk import files
from missions.bulk.files import FileError, read

KNOWN = {"slug", "name", "acronym"}
ACCENTED = "slug;name\nun;Nations unies – ç'est ça\n"


def book(*rows, sheets=()):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title in sheets:
        made.create_sheet(title)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed_member(content, name, change):
    """Return a workbook with one of its parts rewritten."""
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ACCENTED.encode(), "UTF-8"),
        (ACCENTED.encode("utf-8-sig"), "UTF-8"),
        (b"\xff\xfe" + ACCENTED.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + ACCENTED.encode("utf-16-be"), "UTF-16"),
        (ACCENTED.encode("cp1252"), "Windows-1252. This is a guess"),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_every_usual_encoding_is_read_and_named(content, encoding):
    table = read(content, KNOWN)
    assert (table.header, table.rows) == (["slug", "name"], [(2, ["un", "Nations unies – ç'est ça"])])
    assert table.notes[0].startswith(f"Read as CSV, separated by semicolons. Encoding: {encoding}")


def test_what_no_windows_code_page_has_is_read_as_latin_1():
    table = read(b"slug,name\nun,caf\xe9 \x81\n", KNOWN)
    assert table.rows == [(2, ["un", "café \x81"])]
    assert "Encoding: Latin-1. This is a guess" in table.notes[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_told_by_the_header_even_where_cells_hold_others(delimiter):
    lines = [["slug", "name"], ["un", "a,b;c;d"]]
    text = "\n".join(delimiter.join(f'"{c}"' for c in line) for line in lines)
    assert read(text.encode(), KNOWN).rows == [(2, ["un", "a,b;c;d"])]


def test_rows_have_the_numbers_that_a_spreadsheet_shows():
    table = read(b'slug,name\n\nun,"two\nlines"\n,\nau,x\n', KNOWN)
    assert table.rows == [(3, ["un", "two\nlines"]), (5, ["au", "x"])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b"slug,name\n", "The file has a header, but no rows below it."),
        (b"slug,name\n\n,\n", "The file has a header, but no rows below it."),
        (b"\nun,x\n", "The first row must name the columns."),
        (b'slug,name\nun,"x\nau,y\n', "A quotation mark that opens in row 2 is never closed."),
        (b'slug,name\nun,"x"y\n', "In row 2 a quotation mark stands inside a quoted cell. Double it there."),
        (b"slug,name\nun,x\nau,\x00\n", "Line 3 holds a NUL character"),
        ("slug,name\nun,x\n".encode("utf-16-le"), "If it was saved as UTF-16, save it as UTF-8."),
        (b"\xff\xfe" + "slug,name\nun,x\n".encode("utf-16-le")[:-1], "The file begins as UTF-16, but is none from"),
        (b"%PDF-1.7", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 20, "This is an old or a password-protected Excel file."),
        (b"PK\x03\x04 no zip at all", "The file is no XLSX workbook that can be read."),
        (b"slug,name\n" + b"un,x\n" * (files.ROWS + 1), "The file has more than 10,000 rows."),
        (b"x" * (files.FILE_BYTES + 1), "The file is larger than 10 MB."),
        (",".join(f"c{n}" for n in range(201)).encode() + b"\n1\n", "The file has more than 200 columns."),
        (b"slug,name\nun," + b"x" * (files.CELL + 1), "A cell in row 2 has more than 1,000,000 characters"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(content, message):
    with pytest.raises(FileError) as caught:
        read(content, KNOWN)
    assert message in str(caught.value)


def test_rows_that_are_too_short_or_too_long_are_named():
    table = read(b"slug,name\nun\nau,x,y\nnato,z,\n", KNOWN)
    assert [(p.line, p.reason[:42]) for p in table.problems] == [
        (2, "The row has 1 cells, the header 2. Is a se"),
        (3, "The row has 3 cells, the header 2. Is a se"),
    ]


def test_a_workbook_is_read_from_its_first_sheet_with_values_as_they_are():
    row = ["un", 5.0, 7, True, datetime.datetime(2001, 2, 3), None, "it’s"]
    table = read(book(list("abcdefg"), row, [], ["au"], sheets=["Second"]), KNOWN)
    assert table.rows == [
        (2, ["un", "5", "7", "true", "2001-02-03", "", "it’s"]),
        (4, ["au", "", "", "", "", "", ""]),
    ]
    assert table.notes == ["Read as XLSX, from the sheet “Sheet”.", "Only the first sheet is read; there are 1 more."]


def test_formulas_and_errors_are_refused_with_the_name_of_the_cell():
    table = read(book(["slug", "name"], ["un", "=1+1"], ["au", "#N/A"]), KNOWN)
    assert [(p.line, p.column, p.value, p.reason) for p in table.problems] == [
        (2, "name", "=1+1", "Cell B2 holds a formula. Put its value there instead."),
        (3, "name", "#N/A", "The spreadsheet shows an error in this cell."),
    ]


def test_a_value_below_no_column_name_is_named():
    table = read(book(["slug"], ["un", "", "stray"]), KNOWN)
    assert [(p.line, p.column, p.value) for p in table.problems] == [(2, "C", "stray")]


def bomb(size):
    """Return a workbook that unpacks to so many zeros and is small on disk: sheets that lie upon each other."""
    file, name = io.BytesIO(book(["slug"], ["un"])), "xl/worksheets/zeros.xml"
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(2**24))
        for number in range(1, size // 2**24):
            archive.filelist.append(copy.copy(archive.getinfo(name)))
            archive.filelist[-1].filename = f"{name}{number}"
    return file.getvalue()


def test_a_bomb_is_refused_by_its_directory_in_under_a_second():
    content = bomb(2**30)
    assert len(content) < 100_000
    started = time.monotonic()
    with pytest.raises(FileError, match=r"The file unpacks to 1,024 MB, which is too much to be a table\."):
        read(content, KNOWN)
    assert time.monotonic() - started < 1


def test_a_bomb_below_the_limit_is_told_by_how_well_it_packs():
    with pytest.raises(FileError, match="The file unpacks to 16 MB"):
        read(bomb(2**24), KNOWN)


def test_an_archive_of_many_members_is_refused():
    file = io.BytesIO(book(["slug"], ["un"]))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(1_000):
            archive.writestr(f"x{number}", b"")
    with pytest.raises(FileError, match="The file holds more than 1,000 parts, which no table does"):
        read(file.getvalue(), KNOWN)


def test_entities_are_never_resolved():
    billion = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = changed_member(
        book(["slug"], ["un"]), "xl/worksheets/sheet1.xml", lambda xml: billion + xml.partition(b"?>")[2]
    )
    with pytest.raises(FileError, match="The file holds a document type, which no spreadsheet writes"):
        read(content, KNOWN)
    padded = billion.replace(b"?>", b"?><!--" + b"x" * 5000 + b"-->")
    content = changed_member(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(billion, padded))
    with pytest.raises(FileError, match="The file is no XLSX workbook that can be read"):
        read(content, KNOWN)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b'r="2"', b'r="999999999999"'),
        lambda xml: xml.replace(b'r="A2"', b'r="ZZZZZZ2"'),
        lambda xml: xml[: len(xml) // 2],
    ],
    ids=["row", "column", "cut"],
)
def test_a_sheet_that_claims_to_be_boundless_is_read_no_further_than_a_sheet_goes(change):
    started = time.monotonic()
    with pytest.raises(FileError):
        read(changed_member(book(["slug"], ["un"]), "xl/worksheets/sheet1.xml", change), KNOWN)
    assert time.monotonic() - started < 5


def test_a_protected_workbook_and_another_archive_are_told_apart():
    content = bytearray(book(["slug"], ["un"]))
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    with pytest.raises(FileError, match="The file is protected with a password"):
        read(bytes(content), KNOWN)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(FileError, match="There is no Excel workbook in the file"):
        read(file.getvalue(), KNOWN)


def test_a_nul_that_a_workbook_spells_out_is_named():
    table = read(book(["slug"], ["u_x0000_n"]), KNOWN)
    assert [(p.line, p.column, p.reason) for p in table.problems] == [
        (2, "slug", "The cell holds a NUL character. Take it out.")
    ]

"""What an editor uploads, read as a table of texts: CSV in several encodings, XLSX; and what is wrong with either.

A file is judged by its content, never by its name. What makes it unreadable raises `FileError`; what is wrong with
single cells is collected, so that an editor sees all of it at once.
"""

import codecs
import csv
import datetime
import io
import logging
import warnings
import zipfile
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import get_column_letter

from ..exports.workbooks import ESCAPED

log = logging.getLogger(__name__)

MEGABYTE = 2**20
FILE_BYTES = 10 * MEGABYTE
ROWS = 10_000
COLUMNS = 200
CELL = 1_000_000  # characters
MEMBERS = 1_000  # of a workbook; each is opened once
UNPACKED_BYTES, RATIO = 100 * MEGABYTE, 100
SHOWN = 100  # characters of a bad value

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
BOMS = {
    codecs.BOM_UTF8: ("utf-8", "UTF-8"),
    codecs.BOM_UTF16_LE: ("utf-16-le", "UTF-16"),
    codecs.BOM_UTF16_BE: ("utf-16-be", "UTF-16"),
}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

csv.field_size_limit(CELL)  # for the whole process; only editors' files are read as CSV


class FileError(Exception):
    """A file cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, one row (no column) or one column (line 1)."""

    line: int
    column: str
    value: str
    reason: str

    @property
    def shown(self):
        return self.value if len(self.value) <= SHOWN else f"{self.value[: SHOWN - 1]}…"


@dataclass
class Table:
    """Rows with the numbers that a spreadsheet shows; every cell is text."""

    header: list
    rows: list = field(default_factory=list)  # (number, cells)
    notes: list = field(default_factory=list)  # how the file was understood
    problems: list = field(default_factory=list)

    def spot(self, number, position, value, reason):
        """Note what is wrong with a cell."""
        name = self.header[position] if position < len(self.header) else ""
        self.problems.append(Problem(number, name or get_column_letter(position + 1), value, reason))


def read(content, known):
    """Return the table that a file holds; `known` are the column names by which a CSV's separator is told."""
    if len(content) > FILE_BYTES:
        raise FileError(f"The file is larger than {FILE_BYTES // MEGABYTE} MB. Divide it.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise FileError("The file is empty.")
    if content.startswith(OLE):
        raise FileError("This is an old or a password-protected Excel file. Save it as XLSX without a password.")
    if content.startswith(PDF):
        raise FileError("This is a PDF. Upload a CSV or XLSX file.")
    table = workbook(content) if content.startswith(ZIP) else text_file(content, known)
    if not table.rows and not table.problems:
        raise FileError("The file has a header, but no rows below it.")
    return table


def fill(table, rows):
    """Take the rows below the header into a table, but for empty ones."""
    for number, cells in rows:
        if not any(cells):
            continue
        if len(table.rows) == ROWS:
            raise FileError(f"The file has more than {ROWS:,} rows. Divide it.")
        for position, value in enumerate(cells):
            if "\x00" in value:
                table.spot(number, position, value, "The cell holds a NUL character. Take it out.")
            if len(value) > CELL:
                table.spot(number, position, value, f"The cell has more than {CELL:,} characters.")
        table.rows.append((number, cells))
    return table


def named(cells):
    """Return the header without empty cells at its end."""
    names = [c.strip() for c in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileError("The first row must name the columns.")
    if len(names) > COLUMNS:
        raise FileError(f"The file has more than {COLUMNS} columns.")
    return names


# CSV


def decoded(content):
    """Return the text of a file and how it was read. The encoding is guessed only where it is no UTF-8."""
    for mark, (encoding, name) in BOMS.items():
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), name
            except UnicodeDecodeError as error:
                raise FileError(f"The file begins as {name}, but is none from byte {error.start} on.") from error
    try:
        return content.decode(), "UTF-8"
    except UnicodeDecodeError:
        guess = "This is a guess, as the file is no UTF-8: check letters with accents below."
    try:
        return content.decode("cp1252"), f"Windows-1252. {guess}"
    except UnicodeDecodeError:
        return content.decode("latin-1"), f"Latin-1. {guess}"


def delimiter_of(text, known):
    """Return the separator with which the first row names most known columns, and of equal ones most columns."""

    def names(delimiter):
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return []

    return max(DELIMITERS, key=lambda d: (len(known & {n.strip() for n in names(d)}), len(names(d))))


def text_file(content, known):
    text, encoding = decoded(content)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FileError(
            f"Line {line} holds a NUL character, so this is no CSV or XLSX file, or a damaged one. "
            "If it was saved as UTF-16, save it as UTF-8."
        )
    delimiter = delimiter_of(text, known)
    records = enumerate(parsed(text, delimiter), 1)
    table = Table(named(next(records)[1]))
    table.notes.append(f"Read as CSV, separated by {DELIMITERS[delimiter]}. Encoding: {encoding}")
    fill(table, records)
    for number, cells in table.rows:
        if len(cells) < len(table.header) or any(cells[len(table.header) :]):
            reason = f"The row has {len(cells)} cells, the header {len(table.header)}. Is a separator missing, or a "
            table.problems.append(Problem(number, "", "", f"{reason}quotation mark around a text with separators?"))
    return table


REASONS = {
    "unexpected end": "A quotation mark that opens in row {row} is never closed.",
    "field larger": "A cell in row {row} has more than {limit:,} characters, or a quotation mark that opens there is "
    "never closed.",
    "expected after": "In row {row} a quotation mark stands inside a quoted cell. Double it there.",
}


def parsed(text, delimiter):
    reader, row = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    try:
        for row, cells in enumerate(reader, 1):  # noqa: B007 (the message needs the number)
            yield cells
    except csv.Error as error:
        reason = next((words for start, words in REASONS.items() if start in str(error)), "Row {row} is no CSV.")
        raise FileError(reason.format(row=row + 1, limit=CELL)) from error


# XLSX


def workbook(content):
    """Return the table in the first sheet of a workbook, which is not opened before it is known to be harmless."""
    try:
        inspect(zipfile.ZipFile(io.BytesIO(content)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decoration that is not read anyway
            return first_sheet(openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False))
    except FileError:
        raise
    except Exception as error:  # the library raises nearly anything on a damaged file
        log.info("An XLSX file could not be read: %s", type(error).__name__)
        raise FileError("The file is no XLSX workbook that can be read. Save it anew as XLSX, or as CSV.") from error


def inspect(archive):
    """Refuse by its directory what would unpack to too much, is encrypted or no workbook."""
    members = archive.infolist()
    if len(members) > MEMBERS:
        raise FileError(f"The file holds more than {MEMBERS:,} parts, which no table does. Use CSV.")
    if any(m.flag_bits & 1 for m in members):
        raise FileError("The file is protected with a password. Save it without one.")
    unpacked = sum(m.file_size for m in members)
    if unpacked > UNPACKED_BYTES or any(m.file_size > max(MEGABYTE, RATIO * m.compress_size) for m in members):
        raise FileError(f"The file unpacks to {unpacked // MEGABYTE:,} MB, which is too much to be a table. Use CSV.")
    if "xl/workbook.xml" not in archive.namelist():
        raise FileError("There is no Excel workbook in the file. Save it as XLSX, or as CSV.")
    for member in members:
        with archive.open(member) as opened:
            if b"<!DOCTYPE" in opened.read(4096).replace(b"\x00", b""):  # entities are refused by defusedxml besides
                raise FileError("The file holds a document type, which no spreadsheet writes. It was not opened.")


def first_sheet(book):
    if not book.worksheets:
        raise FileError("The workbook has no sheet with a table.")
    sheet, others = book.worksheets[0], len(book.sheetnames) - 1
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    rows = enumerate(sheet.iter_rows(max_col=COLUMNS + 1), 1)
    table = Table(named([in_text(c.value) for c in next(rows, (1, ()))[1]]))
    table.notes.append(f"Read as XLSX, from the sheet “{sheet.title}”.")
    if others:
        table.notes.append(f"Only the first sheet is read; there are {others} more.")
    fill(table, (spotted(table, number, cells) for number, cells in filled(rows)))
    for number, cells in table.rows:
        cells += [""] * (len(table.header) - len(cells))
        for position in range(len(table.header), len(cells)):
            if cells[position]:
                table.spot(number, position, cells[position], "The first row does not name this column.")
    return table


def filled(rows):
    """Yield the rows that have any cell, without the empty cells at their end."""
    last = 1
    for number, cells in rows:
        cells = list(cells)
        while cells and cells[-1].value is None:
            cells.pop()
        if cells:
            last = number
            yield number, cells
        elif number - last > ROWS:
            raise FileError(f"More than {ROWS:,} empty rows follow row {last}. Delete them in the spreadsheet.")


def spotted(table, number, cells):
    """Return a row as texts; formulas and errors are noted as problems."""
    for position, cell in enumerate(cells):
        if cell.data_type == "f":
            reason = f"Cell {get_column_letter(position + 1)}{number} holds a formula. Put its value there instead."
            table.spot(number, position, str(cell.value), reason)
        elif cell.data_type == "e":
            table.spot(number, position, str(cell.value), "The spreadsheet shows an error in this cell.")
    return number, [in_text(c.value) for c in cells]


def in_text(value):
    """Return the value of a cell as text: whole numbers without a point, dates as in 2001-02-03."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), str(value))

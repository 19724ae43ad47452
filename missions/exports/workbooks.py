"""Tables as an XLSX workbook: one sheet each, and one that says what the fields mean."""

import datetime
import re
from tempfile import TemporaryFile

import openpyxl

from .cells import guarded

CELL = 32_767  # characters, the most that a cell of a workbook holds
MOST_ROWS = 20_000  # a workbook cannot be sent while it is written, so larger tables come as CSV
# How XLSX writes a character that XML cannot hold.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What XML cannot hold, and what a workbook would take for such a character.
UNFIT = re.compile(f"[\x00-\x08\x0b-\x1f]|_(?={ESCAPED.pattern[1:]})")


class TooLongError(Exception):
    """Something does not fit into a workbook; the message says what and the way out."""


def workbook(sheets):
    """Return [(name, lines of values)] as an open XLSX file. Raises `TooLongError`."""
    book = openpyxl.Workbook(write_only=True)
    for name, lines in sheets:
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        try:
            for number, values in enumerate(lines, 1):
                sheet.append([fit(value, number) for value in values])
        except TooLongError:
            sheet.close()
            raise
    file = TemporaryFile()  # noqa: SIM115 (the answer that sends it closes it)
    book.save(file)
    file.seek(0)
    return file


def fit(value, number):
    value = guarded(value)
    if isinstance(value, str):
        value = UNFIT.sub(lambda m: f"_x{ord(m[0]):04X}_", value.replace("\r\n", "\n"))
        if len(value) > CELL:
            raise TooLongError(
                f"A text in row {number} has more than {CELL:,} characters, which no cell of a workbook holds. Use CSV."
            )
    return value


def typed(lines, fields):
    """Yield lines of cells with dates and times as a workbook knows them, and “not recorded” as an empty cell."""
    kinds = [f.type for f in fields]
    for number, line in enumerate(lines):
        if number > MOST_ROWS:
            raise TooLongError(f"A workbook holds at most {MOST_ROWS:,} rows here. Use CSV or the ZIP, or filter.")
        yield line if number == 0 else [cell(value, kind) for value, kind in zip(line, kinds, strict=True)]


def cell(value, kind):
    if value == "":
        return None
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "datetime":
        return datetime.datetime.fromisoformat(value).replace(tzinfo=None)  # workbooks know no time zones; it is UTC
    if kind == "boolean":
        return value == "true"
    return value


def tables_workbook(tables, about):
    """Return tables as an open XLSX file with a sheet on their fields and one on where they come from."""
    told = [("table", "field", "type", "unit", "vocabulary", "required", "definition")]
    told += [
        (t.name, f.name, f.type, f.unit, f.vocabulary, f.is_required, f.definition) for t in tables for f in t.fields
    ]
    where = [("what", "value"), ("title", about.title), ("address", about.address), ("made", about.made)]
    where += [("release", about.release), ("licence", "CC BY 4.0")]
    where += [(f"query: {name}", "; ".join(values)) for name, values in about.query.items()]
    sheets = [(t.name, typed(t.lines, t.fields)) for t in tables]
    return workbook([*sheets, ("fields", told), ("about", where)])

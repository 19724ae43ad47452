"""Records as a table that an import takes back unchanged."""

import re
from tempfile import TemporaryFile

import openpyxl

from .cells import LOCK, columns, fetched, lock_of, write
from .files import ESCAPED

CELL = 32_767  # characters, the most that a cell of a workbook holds
# What XML cannot hold, and what a workbook would take for such a character.
UNFIT = re.compile(f"[\x00-\x08\x0b-\x1f]|_(?={ESCAPED.pattern[1:]})")


class TooLongError(Exception):
    """A text does not fit into a workbook; the message says which and what to do."""


def lines(queryset):
    """Yield the header and the records of a queryset as lists of texts and numbers."""
    fields = columns(queryset.model)
    yield [*fields, LOCK]
    for obj in fetched(queryset).iterator(chunk_size=500):
        yield [*(write(field, obj) for field in fields.values()), lock_of(obj)]


def workbook(rows, name):
    """Return lines as an open XLSX file. Raises `TooLongError`."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    try:
        for number, values in enumerate(rows, 1):
            sheet.append([fit(value, number) for value in values])
    except TooLongError:
        sheet.close()
        raise
    file = TemporaryFile()  # noqa: SIM115 (the answer that sends it closes it)
    book.save(file)
    file.seek(0)
    return file


def fit(value, number):
    if isinstance(value, str):
        value = UNFIT.sub(lambda m: f"_x{ord(m[0]):04X}_", value.replace("\r\n", "\n"))
        if len(value) > CELL:
            raise TooLongError(
                f"A text in row {number} has more than {CELL:,} characters, which no cell of a workbook holds. Use CSV."
            )
    return value

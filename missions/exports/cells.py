"""One value as one cell, and lines of cells as CSV."""

import re
from itertools import islice

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # what tells spreadsheets that a file is UTF-8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
SUSPICIOUS = {"'", *DANGEROUS}
LINES = 100  # written at once
STR = {str}
APART = "\x1f"  # between cells that are looked at together
STARTS = [APART + start for start in SUSPICIOUS]
QUOTE = '"'
FORMULA = re.compile(f"'*[{re.escape(''.join(DANGEROUS))}]")


def guarded(value):
    """Return a cell that no spreadsheet takes for a formula; `unguarded` gives exactly the same text back."""
    is_text = isinstance(value, str) and value[:1] in SUSPICIOUS
    return f"'{value}" if is_text and FORMULA.match(value) else value


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv_lines(lines, mark=MARK):
    """Yield lines of values as CSV, UTF-8, many at a time; with the byte order mark spreadsheets read accents.

    All lines have as many values. The bytes are those of Python's `csv`, which looks at every character of every cell;
    here most columns are found to need no quotes at one look.
    """
    lines = iter(lines)
    if mark:
        yield mark
    while batch := list(islice(lines, LINES)):
        columns = [quoted(column) for column in zip(*batch, strict=True)]
        if len(columns) == 1:
            columns = [[cell or '""' for cell in columns[0]]]  # else it would be no line
        yield "".join([f"{','.join(row)}\r\n" for row in zip(*columns, strict=True)])


def quoted(values):
    """Return the cells of a column as CSV has them: guarded, and in quotes where need be."""
    if not STR.issuperset(map(type, values)):
        values = ["" if value is None else str(guarded(value)) for value in values]
        together = APART.join(values)
    else:
        together = APART.join(["", *values])
        if any([start in together for start in STARTS]):  # noqa: C419  a list is faster than a generator
            values = [guarded(value) for value in values]
    if QUOTE in together or "," in together or "\n" in together or "\r" in together:
        return [in_quotes(v) if "," in v or QUOTE in v or "\n" in v or "\r" in v else v for v in values]
    return values


def in_quotes(value):
    return f'"{value.replace(QUOTE, QUOTE * 2)}"'

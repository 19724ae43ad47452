"""One value as one cell, and lines of cells as CSV."""

import csv
import re

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # what tells spreadsheets that a file is UTF-8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
FORMULA = re.compile(f"'*[{re.escape(''.join(DANGEROUS))}]")


def guarded(value):
    """Return a cell that no spreadsheet takes for a formula; `unguarded` gives exactly the same text back."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


class Line:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def csv_lines(lines, mark=MARK):
    """Yield lines of values as CSV, UTF-8; with the byte order mark spreadsheets read accents."""
    writer = csv.writer(Line())
    yield mark
    for line in lines:
        yield writer.writerow([guarded(value) for value in line])

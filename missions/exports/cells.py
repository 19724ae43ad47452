"""One value as one cell, and lines of cells as CSV."""

import csv
import io
import re

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # what tells spreadsheets that a file is UTF-8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
SUSPICIOUS = ("'", *DANGEROUS)
PART = 32_000  # characters that are written at once
FORMULA = re.compile(f"'*[{re.escape(''.join(DANGEROUS))}]")


def guarded(value):
    """Return a cell that no spreadsheet takes for a formula; `unguarded` gives exactly the same text back."""
    is_text = isinstance(value, str) and value[:1] in SUSPICIOUS
    return f"'{value}" if is_text and FORMULA.match(value) else value


def unguarded(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv_lines(lines, mark=MARK):
    """Yield lines of values as CSV, UTF-8, many at a time; with the byte order mark spreadsheets read accents."""
    file = io.StringIO()
    writer = csv.writer(file)
    file.write(mark)
    for line in lines:
        writer.writerow([guarded(value) for value in line])
        if file.tell() > PART:
            yield file.getvalue()
            file.seek(0)
            file.truncate()
    yield file.getvalue()

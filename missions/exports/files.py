"""Tables as files to download."""

import hashlib

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from .about import file_name
from .cells import csv_lines
from .packages import package
from .workbooks import tables_workbook

FORMATS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "sha256": "text/plain; charset=utf-8",
}
DATA_FORMATS = {name: kind for name, kind in FORMATS.items() if name != "sha256"}
FILES = ("csv", "xlsx", "zip", "sha256")  # the formats that hold all rows at once


def streamed(chunks, name, kind):
    answer = StreamingHttpResponse(chunks, content_type=FORMATS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def csv_file(lines, name):
    """Return lines of values as a CSV file to download."""
    return streamed(csv_lines(lines), name, "csv")


def xlsx_file(file, name):
    """Return an open workbook as a file to download."""
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=FORMATS["xlsx"])


def checksum(lines):
    """Return the SHA-256 of a CSV file of these lines."""
    digest = hashlib.sha256()
    for text in csv_lines(lines):
        digest.update(text.encode())
    return digest.hexdigest()


def tables_file(tables, about, asked):
    """Return tables in one of `FILES`; CSV and checksum are of the first only. Raises `TooLongError` for a workbook."""
    name = file_name(about.name, about.query)
    if asked == "csv":
        return csv_file(tables[0].lines, name)
    if asked == "sha256":  # as `sha256sum --check` reads it
        return HttpResponse(f"{checksum(tables[0].lines)}  {name}.csv\n", content_type=FORMATS["sha256"])
    if asked == "xlsx":
        return xlsx_file(tables_workbook(tables, about), name)
    return streamed(package(tables, about), name, "zip")

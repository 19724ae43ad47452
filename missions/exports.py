"""One generator per format: rows of a list to lines of text."""

import csv
from itertools import chain

from django.http import JsonResponse, StreamingHttpResponse

from .catalogue import columns, for_output, record

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # what tells spreadsheets that a file is UTF-8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(value):
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return value


class Line:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def csv_lines(rows):
    """Yield the rows as CSV with a header, UTF-8 with a byte order mark so that spreadsheets read accents."""
    writer, fields = csv.writer(Line()), columns(rows.model)
    yield MARK + writer.writerow([c.name for c in fields])
    for row in (for_output(rows) if hasattr(rows.model, "prefetch") else rows).iterator(chunk_size=500):
        yield writer.writerow([neutral(c.cell(row)) for c in fields])


def csv_file(lines, name):
    """Return lines of text as a CSV file to download."""
    answer = StreamingHttpResponse(lines, content_type=FORMATS["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def csv_answer(rows, name):
    """Return the rows as a CSV file to download."""
    return csv_file(csv_lines(rows), name)


def cells(lines):
    """Yield lines of values as CSV, UTF-8 with a byte order mark so that spreadsheets read accents."""
    writer = csv.writer(Line())
    yield MARK
    for line in lines:
        yield writer.writerow([neutral(value) for value in line])


def page_record(page, count, results, address):
    """Return one page of anything in the public shape of lists; `address(page)` gives the address of another page."""
    return {
        "count": count,
        "next": address(page.next_page_number()) if page.has_next() else None,
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
        "results": results,
    }


def json_list(listing, address, facets=False):
    """Return one page of a list in its public shape; `address(page)` gives the address of another page."""
    results = [record(row) for row in for_output(listing.page.object_list)]
    answer = page_record(listing.page, listing.count, results, address)
    if facets:
        answer["facets"] = {
            f.parameter: [{"value": c.value, "label": c.label, "count": c.count} for c in f.choices]
            for f in listing.facets
        }
    return answer


def evidence_answer(items, asked):
    """Return evidence items as a JSON or CSV answer."""
    if asked == "json":
        results = [record(item) for item in items]
        return JsonResponse({"count": len(results), "next": None, "previous": None, "results": results})
    return csv_answer(items, "evidence")


def comparison_answer(comparison, asked):
    """Return a comparison as a JSON or CSV answer: a record or a line for each row, a column for each entry."""
    slugs, rows = comparison.slugs, [(g, r) for g, _, rows in comparison.groups for r in rows]
    if asked == "json":
        records = [
            {"row": r.slug, "group": g, "label": r.label, "verdict": r.verdict}
            | {"cells": {slug: c.record() for slug, c in zip(slugs, r.cells, strict=True)}}
            for g, r in rows
        ]
        return JsonResponse({"compared": slugs, "rows": records})
    lines = [(r.slug, r.label, r.verdict, *(c.in_words() for c in r.cells)) for _, r in rows]
    return csv_file(cells([("row", "label", "verdict", *slugs), *lines]), "comparison")


SEARCH_COLUMNS = ("kind", "slug", "url", "title", "acronym", "snippet")


def search_csv(found):
    """Return every result of a search as a CSV file to download."""
    return csv_file(cells(chain([SEARCH_COLUMNS], (r.record.values() for r in found.all_results()))), "search")


def search_json(found, address):
    """Return one page of a search in the public shape of lists; `address(page)` gives the address of another page."""
    answer = page_record(found.page, found.count, [r.record for r in found.results], address)
    answer |= {"did_you_mean": found.meant, "stale": found.is_stale}
    if found.data.get("facets") == "1":
        answer["facets"] = {"kind": [{"value": m.url_segment, "label": str(m._meta.verbose_name_plural), "count": n}
                                     for m, n, _ in found.facets]}  # fmt: skip
    return answer


FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}

"""Lists, comparisons and searches in their public JSON shape, and what of them becomes a table."""

from ..catalogue import for_output, record
from .tables import plain_table

SEARCH_FIELDS = {
    "kind": "Kind of the entry, as in its address.",
    "slug": "Last part of the address.",
    "url": "Address of the page, relative to the site.",
    "title": "Official or usual name.",
    "acronym": "Short name, of missions.",
    "snippet": "Passage in which the words were found.",
}


def page_record(page, count, results, address):
    """Return one page of anything in the public shape of lists; `address(page)` gives the address of another page."""
    return {
        "count": count,
        "next": address(page.next_page_number()) if page.has_next() else None,
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
        "results": results,
    }


def json_list(listing, address, facets=False, only=None):
    """Return one page of a list in its public shape; `address(page)` gives the address of another page.

    With `only`, records hold the fields so named and nothing else is read.
    """
    results = [record(row, only=only) for row in for_output(listing.page.object_list, only=only)]
    answer = page_record(listing.page, listing.count, results, address)
    if facets:
        answer["facets"] = {
            f.parameter: [{"value": c.value, "label": c.label, "count": c.count} for c in f.choices]
            for f in listing.facets
        }
    return answer


def whole_list(results):
    """Return all records of something in the public shape of lists, as its one page."""
    return {"count": len(results), "next": None, "previous": None, "results": results}


def json_comparison(comparison):
    """Return a comparison: a record for each row, with a cell for each entry."""
    slugs, rows = comparison.slugs, [(g, r) for g, _, rows in comparison.groups for r in rows]
    records = [
        {"row": r.slug, "group": g, "label": r.label, "verdict": r.verdict}
        | {"cells": {slug: c.record() for slug, c in zip(slugs, r.cells, strict=True)}}
        for g, r in rows
    ]
    return {"compared": slugs, "rows": records}


def comparison_table(comparison):
    """Return a comparison as a table: a line for each row, a column for each entry."""
    names = {"row": "Name of the row.", "label": "What is compared.", "verdict": "Whether the entries differ in it."}
    names |= {str(slug): f"What is recorded of {slug}." for slug in comparison.slugs}
    rows = [r for _, _, rows in comparison.groups for r in rows]
    return plain_table(
        "comparison", names, lambda: ((r.slug, r.label, r.verdict, *(c.in_words() for c in r.cells)) for r in rows)
    )


def search_table(found):
    """Return every result of a search as a table."""
    return plain_table("search", SEARCH_FIELDS, lambda: (list(r.record.values()) for r in found.all_results()))


def search_json(found, address):
    """Return one page of a search in the public shape of lists; `address(page)` gives the address of another page."""
    answer = page_record(found.page, found.count, [r.record for r in found.results], address)
    answer |= {"did_you_mean": found.meant, "stale": found.is_stale}
    if found.data.get("facets") == "1":
        answer["facets"] = {"kind": [{"value": m.url_segment, "label": str(m._meta.verbose_name_plural), "count": n}
                                     for m, n, _ in found.facets]}  # fmt: skip
    return answer

"""Dates, facts and references in words."""

from ..languages import written, written_date


def fact_in_a_line(fact):
    """Return what a fact says, whom it counts and its date in one line, to tell it from all others."""
    is_figure = fact.date_field == "as_of"
    precision = fact.as_of_precision if is_figure else fact.precision
    counts = [fact.get_scope_display() * (fact.scope != "all"), fact.period] if is_figure else []
    return ", ".join(filter(None, [str(fact), *counts, written_date(getattr(fact, fact.date_field), precision)]))


def years(mission):
    """Return the first and the last year of a mission, or “present”."""
    start = mission.started_on.year if mission.started_on else "?"
    if mission.ended_on is None:
        return f"{start}–present"
    return str(start) if mission.ended_on.year == start else f"{start}–{mission.ended_on.year}"


def reference(source):
    """Return the parts of a source's reference in the order in which they are printed on a page, dated as it is.

    `date` is empty where the symbol already carries the year.
    """
    dated = f"({source.published_on.year})" in source.symbol
    place = " ".join(filter(None, [source.volume, f"({source.issue})" if source.issue else ""]))
    return {
        "authors": source.authors,
        "date": "" if dated else written(source.published_on, source.published_precision),
        "title": source.title,
        "is_part": bool(source.container),
        "container": ", ".join(filter(None, [source.container, place, source.pages])),
        "publisher": source.publisher if source.publisher != source.authors else "",
        "symbol": source.symbol,
        "url": f"https://doi.org/{source.doi}" if source.doi else source.official_url,
    }

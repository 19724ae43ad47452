"""Entries, sources, lists and releases as citation data, and that data as files, formatted references and tags.

All of it starts from one record in the shape of CSL-JSON. Nothing here is HTML.
"""

from .embedded import coins, meta_tags
from .files import FORMS, content
from .records import (
    SITE_NAME,
    citation,
    of_entry,
    of_list,
    of_release,
    of_result,
    of_source,
    ours,
    title_of,
    with_release,
)
from .references import START, STOP, STYLES, formatted, reference_in
from .words import fact_in_a_line, reference, written_date, years

__all__ = [
    "FORMS",
    "SITE_NAME",
    "START",
    "STOP",
    "STYLES",
    "citation",
    "coins",
    "content",
    "fact_in_a_line",
    "formatted",
    "meta_tags",
    "of_entry",
    "of_list",
    "of_release",
    "of_result",
    "of_source",
    "ours",
    "reference",
    "reference_in",
    "title_of",
    "with_release",
    "written_date",
    "years",
]

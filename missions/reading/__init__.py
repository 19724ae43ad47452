"""What a page shows. Figures lie below entries, and entries below the pages about many of them."""

from .entries import entry_context, notes_for, source_context
from .figures import counted
from .glossary import term_context
from .overviews import (
    all_deaths_chart,
    changed_lately,
    counting_page,
    datasets,
    evidence_items,
    evidence_matrix,
    operations_chart,
    with_deaths,
)

__all__ = [
    "all_deaths_chart",
    "changed_lately",
    "counted",
    "counting_page",
    "datasets",
    "entry_context",
    "evidence_items",
    "evidence_matrix",
    "notes_for",
    "operations_chart",
    "source_context",
    "term_context",
    "with_deaths",
]

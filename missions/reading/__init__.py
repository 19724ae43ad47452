"""What a page shows. Figures lie below entries, and entries below the pages about many of them."""

from .compare import PARAMETER, Comparison, compare_context
from .entries import entry_context, notes_for, notes_with, source_context
from .figures import amount, counted
from .glossary import term_context
from .overviews import (
    all_deaths_chart,
    changed_lately,
    corrections,
    counting_page,
    datasets,
    evidence_items,
    evidence_matrix,
    news,
    operations_chart,
    with_deaths,
)
from .pictures import pictures, trend_pictures
from .places import map_notes, mission_locator, mission_map
from .timelines import GROUPS, timeline
from .within import place_within

__all__ = [
    "GROUPS",
    "PARAMETER",
    "Comparison",
    "all_deaths_chart",
    "amount",
    "changed_lately",
    "compare_context",
    "corrections",
    "counted",
    "counting_page",
    "datasets",
    "entry_context",
    "evidence_items",
    "evidence_matrix",
    "map_notes",
    "mission_locator",
    "mission_map",
    "news",
    "notes_for",
    "notes_with",
    "operations_chart",
    "pictures",
    "place_within",
    "source_context",
    "term_context",
    "timeline",
    "trend_pictures",
    "with_deaths",
]

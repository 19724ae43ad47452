"""Numbered snapshots of everything published: `making` freezes one, `archive` reads it, `comparing` tells two apart."""

from .archive import Archive, ArchiveError, archive_of
from .comparing import compared
from .making import ReleaseError, frozen_tables, load_shipped, make, next_number
from .showing import shown_fields, shown_table

__all__ = [
    "Archive",
    "ArchiveError",
    "ReleaseError",
    "archive_of",
    "compared",
    "frozen_tables",
    "load_shipped",
    "make",
    "next_number",
    "shown_fields",
    "shown_table",
]

"""What to read with a packet: entries here, and books, articles and reports that the page cites."""

from ..choices import SourceKind
from ..citations import of_source, reference_in

STYLE = "chicago"
WORTH_A_LESSON = (SourceKind.BOOK, SourceKind.CHAPTER, SourceKind.ARTICLE, SourceKind.REPORT, SourceKind.DOCTRINE)


def further_reading(notes):
    """Return [(source, formatted reference)] of the literature among the notes made so far, by author."""
    sources = [note.source for note in notes if note.source.kind in WORTH_A_LESSON]
    sources.sort(key=lambda s: (s.authors, s.published_on, s.slug))
    return [(s, reference_in(STYLE, of_source(s))) for s in sources]

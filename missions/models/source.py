import re

from django.db import models

from ..choices import SourceKind
from .base import Listed, permanent_id_field, precision_field, slug_field

RESOLUTION = re.compile(r"([SA])/RES/(\d+)")


class Source(Listed):
    """What a fact rests on: always the original document, never a mirror or a search result."""

    permanent_id = permanent_id_field()
    slug = slug_field("Used in citations: [@slug] or [@slug, para. 5].")
    kind = models.CharField(max_length=16, choices=SourceKind, help_text="What sort of document it is.")
    title = models.CharField(max_length=400, help_text="Title as printed.")
    authors = models.CharField(
        max_length=400, help_text="“Family, Given; Family, Given” or the name of the body that wrote it."
    )
    publisher = models.CharField(max_length=200, blank=True, help_text="Who published it.")
    container = models.CharField(
        "published in", max_length=200, blank=True, help_text="Journal, book or newspaper that holds it."
    )
    volume = models.CharField(max_length=20, blank=True, help_text="Volume of the journal.")
    issue = models.CharField(max_length=20, blank=True, help_text="Issue of the journal.")
    pages = models.CharField(max_length=40, blank=True, help_text="First and last page.")
    published_on = models.DateField(help_text="Date of adoption or publication.")
    published_precision = precision_field("the date of publication")
    symbol = models.CharField(
        max_length=80, blank=True, help_text="Document symbol, e.g. S/RES/186 (1964) or A/55/305–S/2000/809."
    )
    doi = models.CharField("DOI", max_length=120, blank=True, help_text="Digital object identifier.")
    isbn = models.CharField("ISBN", max_length=20, blank=True, help_text="International standard book number.")
    official_url = models.URLField(
        "official address", max_length=400, blank=True, help_text="Where the original is published."
    )
    licence = models.CharField(max_length=200, blank=True, help_text="Licence under which data may be reused.")
    how_to_cite = models.TextField(blank=True, help_text="The citation that the makers of a dataset ask for.")
    note = models.TextField(blank=True, help_text="What a reader should know before relying on it.")
    updated_at = models.DateTimeField(auto_now=True, help_text="Last change of this record, UTC.")

    url_segment = "sources"
    public_fields = (
        "permanent_id",
        "slug",
        "url",
        "kind",
        "title",
        "authors",
        "publisher",
        "container",
        "volume",
        "issue",
        "pages",
        "published_on",
        "published_precision",
        "symbol",
        "doi",
        "isbn",
        "official_url",
        "licence",
        "how_to_cite",
        "note",
        "updated_at",
    )
    filter_fields = {"kind": "kind"}
    search_fields = {
        "title": 10,
        "symbol": 10,
        "authors": 5,
        "published_on": 5,
        "doi": 5,
        "container": 1,
        "publisher": 1,
        "note": 1,
    }
    ordering_fields = ("title", "published_on", "authors")

    class Meta:
        ordering = ["authors", "published_on", "slug"]

    def __str__(self):
        return self.symbol or f"{self.authors} ({self.published_on.year})"

    @property
    def exact_names(self):
        names = [*super().exact_names, self.slug, self.symbol]
        if resolution := RESOLUTION.match(self.symbol):
            # What people call S/RES/1244 (1999).
            body, number = resolution.groups()
            forms = (f"{body} RES {number}", f"RES {number}", number, f"Resolution {number}", f"UNSCR {number}")
            names += forms if body == "S" else forms[:4]
        return names


class Citation(models.Model):
    """Index of which published or draft entry cites which source; kept up by `workflow.index_citations`.

    It exists so that a cited source cannot be deleted, and so that a source page can list what it supports.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    kind = models.CharField(max_length=20, help_text="Model name of the citing entry.")
    entry_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "entry_id"], name="citation_is_unique"),
        ]
        indexes = [models.Index(fields=["kind", "entry_id"], name="citation_by_entry")]

    def __str__(self):
        return f"{self.source_id} in {self.kind} {self.entry_id}"

from django.db import models

from ..choices import TaskGroup, Vocabulary
from .base import Listed, permanent_id_field, slug_field
from .source import Source


class Term(Listed):
    """An entry of a closed vocabulary, with its definition and where that comes from."""

    label_field = "label_text"

    permanent_id = permanent_id_field()
    slug = slug_field("Value used in addresses, filters and data.")
    vocabulary = models.CharField(max_length=16, choices=Vocabulary, help_text="Which vocabulary it belongs to.")
    group = models.CharField(
        max_length=30,
        choices=TaskGroup,
        blank=True,
        help_text="For mandate tasks: one of eight groups, which are this knowledge base's own.",
    )
    label_text = models.CharField("label", max_length=120, help_text="The term as readers see it.")
    definition = models.TextField(help_text="What it means here, in one or two sentences.")
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
        help_text="Where the definition or the term comes from; empty if it is this knowledge base's own.",
    )
    crosswalk = models.CharField(
        max_length=200,
        blank=True,
        help_text="The same idea in other schemes, e.g. “PEMA: CivProtect; PACT: CivilianProtection”.",
    )
    updated_at = models.DateTimeField(auto_now=True, help_text="Last change of this record, UTC.")

    url_segment = "glossary"
    read_with = ("source",)
    public_fields = (
        "permanent_id",
        "slug",
        "url",
        "vocabulary",
        "group",
        "label_text",
        "definition",
        "source",
        "crosswalk",
        "updated_at",
    )
    filter_fields = {"vocabulary": "vocabulary", "group": "group"}
    search_fields = {"label_text": 10, "definition": 1}
    ordering_fields = ("label_text",)

    class Meta:
        ordering = ["label_text", "slug"]
        verbose_name_plural = "glossary"

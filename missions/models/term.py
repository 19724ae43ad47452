from django.db import models

from ..choices import SCHEMES, TaskGroup, Vocabulary
from .base import Listed, permanent_id_field, slug_field
from .source import Source

# Running text links a term whose label has two parts or is an abbreviation, and these single words, which mean the
# concept wherever they stand. Words such as “mandate” or “media” would make a link on every page that tells nothing.
LINKED_WORDS = ("Caveat", "Demilitarization", "Neutrality", "Peacebuilding", "Peacemaking")
# Labels of two words that texts use without meaning the term.
LOOSE_LABELS = ("Human rights", "Other operation", "This knowledge base")


def is_linked(label):
    """Tell whether running text links the term with this label."""
    return label not in LOOSE_LABELS and (bool({" ", "-"} & set(label)) or label.isupper() or label in LINKED_WORDS)


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
    page_size = 500  # a glossary is read as a whole, from A to Z
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
    search_fields = {"label_text": 10, "definition": 2, "crosswalk": 1}
    ordering_fields = ("label_text",)

    class Meta:
        ordering = ["label_text", "slug"]
        verbose_name_plural = "glossary"

    @property
    def initial(self):
        """Letter under which the glossary lists it."""
        return self.label_text[:1].upper()

    @property
    def matches(self):
        """The same idea in other schemes: [(name of the scheme, slug of its source or empty, term there)]."""
        pairs = [part.rpartition(":") for part in self.crosswalk.split(";") if part.strip()]
        return [(*SCHEMES.get(scheme.strip(), (scheme.strip(), "")), term.strip()) for scheme, _, term in pairs]

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property

from ..choices import (
    Authorization,
    Chapter,
    ChapterBasis,
    MissionType,
    Stage,
    Status,
    SuccessionKind,
    Vocabulary,
)
from .base import Addressed, ByAddress, Entry, permanent_id_field, precision_field, rights
from .place import Country, Organization, Region
from .source import Source
from .term import Term


def cited(related_name, help_text):
    return models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name=related_name, help_text=help_text
    )


class Mission(Entry):
    """One peace operation in the register."""

    acronym = models.CharField(max_length=40, help_text="Short name by which it is known.")
    other_names = models.TextField(blank=True, help_text="Former and foreign names, one per line.")
    type = models.CharField(max_length=30, choices=MissionType, help_text="Kind of operation, one per mission.")
    type_note = models.CharField(max_length=400, blank=True, help_text="Why this type; required for “other”.")
    type_source = cited("type_judgements", "What the judgement of the type rests on.")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="missions", help_text="Who leads it."
    )
    authorization = models.CharField(
        max_length=20,
        choices=Authorization,
        default=Authorization.NOT_RECORDED,
        help_text="Who authorized it, apart from who leads it.",
    )
    robust = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether the mandate allows force beyond self-defence; unknown if not recorded.",
    )
    countries = models.ManyToManyField(
        Country, related_name="missions", help_text="Where it operates or operated, ISO 3166-1 alpha-3."
    )
    started_on = models.DateField(
        null=True, blank=True, help_text="Start of the operation, by the rule given on the about page."
    )
    started_precision = precision_field("the start")
    ended_on = models.DateField(null=True, blank=True, help_text="End of the operation; empty while it is ongoing.")
    ended_precision = precision_field("the end", default="", blank=True)
    dates_source = cited("mission_dates", "What start and end rest on.")
    dates_note = models.CharField(max_length=400, blank=True, help_text="Other dates in use, and why they differ.")
    mandate_ends_on = models.DateField(
        null=True, blank=True, help_text="Last day of the newest mandate seen; empty if open-ended or closed."
    )
    mandate_source = cited("mandate_ends", "Decision that sets the end of the mandate.")
    verified_on = models.DateField(null=True, blank=True, help_text="Date of the newest evidence for the status.")
    status = models.GeneratedField(
        expression=Case(
            When(ended_on__isnull=True, then=Value(Status.ONGOING.value)), default=Value(Status.CLOSED.value)
        ),
        output_field=models.CharField(max_length=10, choices=Status),
        db_persist=True,
        help_text="Ongoing while no end is recorded, closed after.",
    )
    founding_instrument = models.CharField(
        max_length=200, blank=True, help_text="Decision that created it, e.g. S/RES/186 (1964)."
    )
    founding_source = cited("founded_missions", "The founding document.")
    chapter = models.CharField(
        max_length=12,
        choices=Chapter,
        default=Chapter.NOT_RECORDED,
        help_text="Chapter of the UN Charter for the founding decision.",
    )
    chapter_basis = models.CharField(
        max_length=10,
        choices=ChapterBasis,
        blank=True,
        help_text="Whether the text cites the chapter or authors attribute it.",
    )
    chapter_note = models.CharField(max_length=400, blank=True, help_text="What a reader should know about it.")
    counted_by = models.ManyToManyField(
        Term,
        related_name="counted_missions",
        blank=True,
        limit_choices_to={"vocabulary": Vocabulary.COUNTING_RULE},
        help_text="Published counts that include it.",
    )

    short_label_field = "acronym"
    url_segment = "missions"
    public_fields = (
        "permanent_id",
        "slug",
        "url",
        "title",
        "acronym",
        "aliases",
        "type",
        "type_note",
        "type_source",
        "regions",
        "countries",
        "organization",
        "authorization",
        "robust",
        "status",
        "started_on",
        "started_precision",
        "ended_on",
        "ended_precision",
        "dates_source",
        "dates_note",
        "mandate_ends_on",
        "mandate_source",
        "renewal_unverified",
        "verified_on",
        "founding_instrument",
        "founding_source",
        "chapter",
        "chapter_basis",
        "chapter_note",
        "case_studies",
        "counted_by",
        "summary",
        "updated_at",
    )
    detail_fields = ("figures", "events", "tasks", "assessments", "evidence", "predecessors", "successors", "sources")
    editor_fields = (*Entry.editor_fields, "other_names")
    filter_fields = {
        "type": "type",
        "region": "countries__regions",
        "country": "countries",
        "organization": "organization",
        "status": "status",
        "chapter": "chapter",
        "task": "tasks__task",
        "principle": "evidence__principle",
        "challenge": "evidence__challenge",
        "trend": "evidence__trend",
        "case_study": "case_studies",
        "counted_by": "counted_by",
    }
    search_fields = {
        "acronym": 20,
        "title": 10,
        "other_names": 8,
        "founding_instrument": 5,
        "countries__name": 5,
        "organization__name": 5,
        "organization__acronym": 5,
        "type": 5,
        "started_on": 5,
        "ended_on": 5,
        "summary": 3,
        "events__title": 1,
        "events__text": 1,
        "tasks__text": 1,
        "assessments__assessor": 1,
        "assessments__text": 1,
        "evidence__text": 1,
    }
    ordering_fields = ("acronym", "title", "started_on", "ended_on", "updated_at")
    read_with = ("organization", "type_source", "dates_source", "mandate_source", "founding_source")
    prefetch = {"regions": "countries__regions"}
    stated_by = {
        "dates_source": ("started_on", "ended_on"),
        "type_source": ("type",),
        "mandate_source": ("mandate_ends_on",),
    }
    row_relations = ("figures", "events", "tasks", "assessments", "evidence", "came_from")

    class Meta(Entry.Meta):
        ordering = ["started_on", "slug"]
        permissions = rights("mission", "missions")
        # What the list needs to find the rows of any page without reading those before it.
        indexes = [models.Index(fields=["started_on", "slug", "stage", "published_at"], name="mission_in_order")]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="mission_ends_after_it_starts",
                violation_error_message="The end lies before the start: correct one of the two dates.",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.PUBLISHED)
                | Q(
                    started_on__isnull=False,
                    dates_source__isnull=False,
                    type_source__isnull=False,
                    verified_on__isnull=False,
                ),
                name="mission_published_is_sourced",
                violation_error_message="A published mission needs its start, and sources for dates and type.",
            ),
            models.CheckConstraint(
                condition=~Q(type=MissionType.OTHER) | ~Q(type_note=""),
                name="mission_other_type_has_a_note",
                violation_error_message="Say in the type note what kind of operation it is.",
            ),
        ]

    def __str__(self):
        return self.acronym or self.title

    @property
    def renewal_unverified(self) -> bool:
        """Whether the last mandate seen has run out, with no later decision seen and no end recorded."""
        return bool(self.mandate_ends_on and not self.ended_on and self.mandate_ends_on < timezone.localdate())

    @property
    def aliases(self) -> list[str]:
        """Former and foreign names."""
        return [name.strip() for name in self.other_names.splitlines() if name.strip()]

    @property
    def exact_names(self):
        return [*super().exact_names, self.acronym, *self.aliases]

    @property
    def regions(self) -> list[Region]:
        """UN M49 regions and sub-regions of its countries, and the named groups they belong to."""
        regions = {r.slug: r for c in self.countries.all() for r in c.regions.all()}
        return sorted(regions.values(), key=Region.reading_order)

    @cached_property
    def successions(self):
        """Links to the missions before, beside and after it, by date."""
        return list(Succession.objects.touching(self))

    @property
    def predecessors(self):
        """Missions that it followed, took over from or was renamed from."""
        return [s.predecessor for s in self.successions if s.successor_id == self.pk and not s.is_parallel]

    @property
    def successors(self):
        """Missions that followed it, took over from it or carry its new name."""
        return [s.successor for s in self.successions if s.predecessor_id == self.pk and not s.is_parallel]

    @property
    def sources(self):
        """Everything that the entry and its published facts cite."""
        return Source.objects.filter(citations__kind="mission", citations__entry_id=self.pk)

    def required_to_publish(self):
        return (*super().required_to_publish(), "started_on", "dates_source", "type_source", "verified_on")

    def clean(self):
        super().clean()
        if self.ended_on and not self.ended_precision:
            raise ValidationError({"ended_precision": "Say how exactly the end is known."})
        if self.ended_precision and not self.ended_on:
            self.ended_precision = ""
        if self.chapter in (Chapter.VI, Chapter.VII, Chapter.VIII) and not self.chapter_basis:
            raise ValidationError({"chapter_basis": "Say whether the text cites it or authors attribute it."})


class SuccessionQuerySet(ByAddress):
    def linked(self):
        """Return the links with both missions and the source fetched along."""
        return self.select_related(*Succession.read_with)

    def published(self):
        return self.filter(Mission.published_q("predecessor__"), Mission.published_q("successor__"))

    def touching(self, mission):
        """Return the links of which the mission is one end."""
        return self.linked().filter(Q(predecessor=mission) | Q(successor=mission))


class Succession(Addressed):
    """A link between two missions: what followed what, when and on which authority."""

    permanent_id = permanent_id_field()
    predecessor = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="led_to", help_text="Mission that was there before."
    )
    successor = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="came_from", help_text="Mission that followed."
    )
    kind = models.CharField(
        max_length=12,
        choices=SuccessionKind,
        default=SuccessionKind.FOLLOW_ON,
        help_text="How the second followed the first.",
    )
    date = models.DateField(help_text="Day of the handover.")
    precision = precision_field("the date of the handover")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="successions", help_text="Document that states it."
    )
    locator = models.CharField(max_length=80, blank=True, help_text="Where in the source.")

    objects = SuccessionQuerySet.as_manager()
    address_field = "permanent_id"
    read_with = ("predecessor", "successor", "source")
    public_fields = ("permanent_id", "predecessor", "successor", "kind", "date", "precision", "source", "locator")

    class Meta:
        ordering = ["date", "permanent_id"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_is_unique"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_links_two_missions"),
        ]

    def __str__(self):
        return f"{self.predecessor} to {self.successor}"

    @property
    def is_parallel(self):
        return self.kind == SuccessionKind.PARALLEL

    @property
    def is_published(self):
        return self.predecessor.is_published and self.successor.is_published

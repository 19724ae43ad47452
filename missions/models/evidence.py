from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ..choices import STANCE_LABELS, Stance
from .base import Fact, precision_field, sourced_when_published
from .challenge import Challenge
from .mission import Mission
from .principle import Principle
from .trend import Trend

TOPICS = ("principle", "challenge", "trend")


def about(model, related_name="evidence"):
    """Return the relation to one of `TOPICS`, of which a row has exactly one."""
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        help_text="Fill exactly one of principle, challenge and trend.",
    )


class Evidence(Fact):
    """One sourced observation that ties a mission to a principle, a challenge or a trend."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="evidence", help_text="Mission in which it was observed."
    )
    principle = about(Principle)
    challenge = about(Challenge)
    trend = about(Trend)
    stance = models.CharField(
        max_length=10, choices=Stance, help_text="Whether the principle was upheld, strained, breached or contested."
    )
    text = models.TextField(help_text="What was observed, in one or two sentences.")
    date = models.DateField(null=True, blank=True, help_text="When it was observed.")
    precision = precision_field("the date")

    read_with = ("source", "mission", *TOPICS)
    public_fields = (
        "mission",
        "kind",
        "entry",
        "stance",
        "text",
        "date",
        "precision",
        "confidence",
        "source",
        "locator",
    )

    class Meta:
        ordering = ["date", "permanent_id"]
        verbose_name_plural = "evidence"
        constraints = [
            sourced_when_published("evidence"),
            models.CheckConstraint(
                condition=Q(principle__isnull=False, challenge__isnull=True, trend__isnull=True)
                | Q(principle__isnull=True, challenge__isnull=False, trend__isnull=True)
                | Q(principle__isnull=True, challenge__isnull=True, trend__isnull=False),
                name="evidence_is_about_one_entry",
                violation_error_message="Fill exactly one of principle, challenge and trend.",
            ),
        ]

    def __str__(self):
        return f"{self.mission}: {self.entry}, {self.stance}"

    @classmethod
    def own_q(cls, prefix=""):
        of_one = Q()
        for topic, model in zip(TOPICS, (Principle, Challenge, Trend), strict=True):
            of_one |= model.published_q(f"{prefix}{topic}__")
        return super().own_q(prefix) & of_one

    @property
    def is_published(self):
        return super().is_published and self.entry.is_published

    @property
    def kind(self) -> str:
        """Kind of the entry that it is about: principle, challenge or trend."""
        return next((t for t in TOPICS if getattr(self, f"{t}_id")), "")

    @property
    def stance_label(self):
        return STANCE_LABELS[self.kind][self.stance]

    @property
    def entry(self):
        """Entry that it is about."""
        return getattr(self, self.kind) if self.kind else None

    def clean(self):
        super().clean()
        if sum(bool(getattr(self, f"{t}_id")) for t in TOPICS) != 1:
            raise ValidationError({"principle": "Fill exactly one of principle, challenge and trend."})

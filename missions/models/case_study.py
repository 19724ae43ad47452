from django.db import models

from .base import Entry, rights
from .mission import Mission
from .source import Source

SECTIONS = {
    "context": "Context",
    "mandate": "Mandate",
    "deployment": "Deployment",
    "practice": "Practice against the principles",
    "challenges_met": "Challenges met",
    "outcome": "Outcome",
    "debates": "Debates",
}


class CaseStudy(Entry):
    """The story of one or more missions, told once, in a fixed order."""

    missions = models.ManyToManyField(Mission, related_name="case_studies", help_text="Missions that it tells of.")
    context = models.TextField(blank=True, help_text="What came before, and who asked for an operation.")
    mandate = models.TextField(blank=True, help_text="What the operation was told to do, and how that changed.")
    deployment = models.TextField(blank=True, help_text="Who went, how many and how fast.")
    practice = models.TextField(blank=True, help_text="How consent, impartiality and the use of force worked out.")
    challenges_met = models.TextField(blank=True, help_text="What made it falter.")
    outcome = models.TextField(blank=True, help_text="What came of it: judged by whom, by what yardstick.")
    debates = models.TextField(blank=True, help_text="What scholars and practitioners disagree about.")

    url_segment = "case-studies"
    public_fields = (*Entry.public_fields[:-1], "missions", *SECTIONS, "updated_at")
    detail_fields = ("sources",)
    filter_fields = {
        "region": "missions__countries__regions",
        "country": "missions__countries",
        "organization": "missions__organization",
        "type": "missions__type",
        "status": "missions__status",
        "principle": "missions__evidence__principle",
        "challenge": "missions__evidence__challenge",
        "trend": "missions__evidence__trend",
    }
    search_fields = {
        "title": 10,
        "missions__acronym": 5,
        "missions__title": 5,
        "missions__countries__name": 5,
        "summary": 3,
        **dict.fromkeys(SECTIONS, 1),
    }
    prose_fields = ("summary", *SECTIONS)

    class Meta(Entry.Meta):
        verbose_name = "case study"
        verbose_name_plural = "case studies"
        permissions = rights("casestudy", "case studies")

    @property
    def sources(self):
        """Everything that the text cites."""
        return Source.objects.filter(citations__kind="casestudy", citations__entry_id=self.pk)

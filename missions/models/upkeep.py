"""What keeping the content true leaves behind: confirmations, checked links, missed searches, reports by readers.

None of it is public. Entries and facts are named by their permanent id, so that a record outlives a change of address.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..choices import LinkState, ReportState

LONGEST_TERM = 60


class Confirmation(models.Model):
    """An editor has looked and found an entry or a figure still correct. Nothing that readers see changes."""

    kind = models.CharField(max_length=20, help_text="Model name of what was confirmed.")
    permanent_id = models.CharField("permanent id", max_length=40, help_text="Permanent id of what was confirmed.")
    confirmed_on = models.DateField(default=timezone.localdate, help_text="The day from which the clock runs anew.")
    confirmed_by = models.CharField(max_length=150, help_text="Name of the user, kept when the account goes.")
    note = models.CharField(max_length=300, blank=True, help_text="What was looked at.")

    class Meta:
        default_permissions = ("view",)
        ordering = ["-confirmed_on", "-pk"]
        indexes = [models.Index(fields=["kind", "permanent_id", "confirmed_on"], name="confirmation_by_record")]

    def __str__(self):
        return f"{self.kind} {self.permanent_id}, {self.confirmed_on}"


class LinkCheck(models.Model):
    """What came of asking one address outside; written by `manage.py check_links`."""

    url = models.CharField("address", max_length=600, unique=True)
    state = models.CharField(max_length=6, choices=LinkState, db_index=True)
    outcome = models.CharField(max_length=200, help_text="What the last check met, in words.")
    checked_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0, help_text="Checks in a row that failed, for whatever reason.")
    failed_at = models.DateTimeField("first failed", null=True, blank=True, help_text="First of these checks.")
    missing_at = models.DateTimeField(
        "first missing", null=True, blank=True, help_text="First of these checks that found nothing at the address."
    )

    class Meta:
        default_permissions = ("view",)
        ordering = ["url"]

    def __str__(self):
        return self.url


class MissedSearch(models.Model):
    """A text for which the search found nothing; who asked and at what time of day is not kept."""

    term = models.CharField("searched for", max_length=LONGEST_TERM, unique=True, help_text="Folded words.")
    number = models.PositiveIntegerField("times", default=1)
    days = models.PositiveIntegerField("on different days", default=1)
    last_on = models.DateField("last")

    class Meta:
        default_permissions = ("view",)
        ordering = ["-number", "term"]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"

    def __str__(self):
        return self.term


class Report(models.Model):
    """What a reader says is wrong with an entry or a fact, and what the editors made of it."""

    kind = models.CharField(max_length=20, help_text="Model name of what it is about.")
    permanent_id = models.CharField("permanent id", max_length=40, help_text="Permanent id of what it is about.")
    about = models.CharField(max_length=400, help_text="What it is about, as it read when the report came in.")
    entry = models.CharField(max_length=40, help_text="Permanent id of the entry that it belongs to, or is.")
    text = models.TextField("what is wrong", help_text="In the reader's words.")
    digest = models.CharField(max_length=64, editable=False, help_text="Tells a text that was sent twice.")
    where = models.CharField("where it can be checked", max_length=500, blank=True)
    email = models.EmailField(
        "e-mail", blank=True, help_text="For questions to the reader. Deleted when the report is closed."
    )
    created_at = models.DateTimeField("received", default=timezone.now)
    state = models.CharField(max_length=9, choices=ReportState, default=ReportState.OPEN, db_index=True)
    answer = models.TextField(blank=True, help_text="What was found and done. Needed to close the report.")
    handled_by = models.CharField(max_length=150, blank=True, help_text="Name of the user who last decided.")
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["permanent_id", "digest"], name="report_is_sent_once"),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN) | (~Q(answer="") & Q(email="")),
                name="report_closed_has_answer_and_no_email",
                violation_error_message="A closed report has an answer and keeps no e-mail address.",
            ),
        ]

    def __str__(self):
        return self.about

    @property
    def is_open(self):
        return self.state == ReportState.OPEN

    def clean(self):
        super().clean()
        if self.is_open:
            return
        if not self.answer.strip():
            raise ValidationError({"answer": "Say what was found and done: a report is closed with an answer."})
        self.email = ""


class ReportSending(models.Model):
    """That a report was sent, for a day: what the limits count. The sender is a digest that changes every day."""

    sender = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.sent_at}"

"""What editors do with an entry before readers get it, and what readers are told of it afterwards."""

import secrets
from hashlib import sha256

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..choices import DraftState
from .base import new_lock


class OfEntry(models.Model):
    """Belongs to one entry of any kind."""

    kind = models.CharField(max_length=20, editable=False, help_text="Model name of the entry.")
    entry_id = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True

    @property
    def entry(self):
        """The entry as it stands in the database, or None if it is gone."""
        return self._meta.apps.get_model("missions", self.kind).objects.filter(pk=self.entry_id).first()


class Made(models.Model):
    """Something that people worked on. They stay on record by id and name when an account is gone."""

    makers = models.JSONField(default=list, blank=True, help_text="Who worked on it: [[id, name]].")

    class Meta:
        abstract = True

    def is_by(self, user):
        """Tell whether the user worked on it."""
        return user.pk in {pk for pk, _ in self.makers}

    @property
    def makers_in_words(self):
        return ", ".join(name for _, name in self.makers)


class DraftQuerySet(models.QuerySet):
    def of(self, entry):
        """Return the draft of an entry, saved or new."""
        key = {"kind": entry._meta.model_name, "entry_id": entry.pk}
        return self.filter(**key).first() or self.model(**key)

    def open(self):
        """Return the drafts that are on their way: written, waiting for review, approved or sent back."""
        return self.exclude(state=DraftState.NONE)

    def due(self):
        return self.filter(state=DraftState.APPROVED, publish_at__lte=timezone.now()).order_by("publish_at", "pk")


class Draft(Made, OfEntry):
    """The next version of an entry on its way to the readers: its content, who worked on it, who reviewed it.

    While an entry is unpublished its own rows are the draft, and `content` is empty. One row serves an entry for good,
    so that the history of the row is the history of its drafts.
    """

    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.NONE)
    content = models.JSONField(null=True, blank=True, help_text="The version with all its rows, as in `snapshot`.")
    base = models.JSONField(null=True, blank=True, help_text="What was published when the draft was begun.")
    lock = models.CharField(max_length=32, default=new_lock, editable=False)
    base_lock = models.CharField(max_length=32, blank=True, help_text="Lock of what was published then.")
    saved_by = models.CharField(max_length=150, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    remarks = models.JSONField(default=list, blank=True, help_text="What editors confirmed when they were asked.")
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True, help_text="Why it was sent back, or what the reviewer remarked.")
    change_note = models.TextField("what changed", blank=True, help_text="Readers see this on the page.")
    is_minor = models.BooleanField("minor change", default=False, help_text="Leaves the public date of the update.")
    is_correction = models.BooleanField(
        "correction of an error", default=False, help_text="Listed among the corrections."
    )
    publish_at = models.DateTimeField(
        "publish at", null=True, blank=True, help_text="UTC. Once approved, it is published at this time."
    )
    scheduled_by = models.CharField(max_length=150, blank=True)
    held = models.TextField(blank=True, editable=False, help_text="Why it was not published when it was due.")

    objects = DraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "entry_id"], name="draft_is_one_per_entry")]

    def __str__(self):
        return f"Draft of {self.kind} {self.entry_id}"

    @property
    def is_open(self):
        return self.state != DraftState.NONE

    @property
    def is_behind(self):
        """Whether what is published changed since the draft was begun."""
        entry = self.entry
        return bool(self.content and entry and entry.lock != self.base_lock)


class Batch(models.Model):
    """Changes of many entries that were made as one and can be undone as one."""

    label = models.CharField(max_length=200, help_text="What was done.")
    reason = models.TextField(help_text="Why; readers see it with every entry that changed.")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return self.label


class ChangeQuerySet(models.QuerySet):
    def of(self, entry):
        return self.filter(permanent_id=entry.permanent_id)

    def public(self):
        """Return what readers are told: publications with a note."""
        return self.exclude(note="")

    def corrections(self):
        """Return the corrections of errors in entries that readers get now."""
        corrections, public = self.filter(is_correction=True), Q(pk=None)
        for kind in corrections.values_list("kind", flat=True).distinct().order_by():
            entries = self.model._meta.apps.get_model("missions", kind).objects.published()
            public |= Q(kind=kind, entry_id__in=entries.order_by().values("pk"))
        return corrections.filter(public)

    def unreviewed(self):
        return self.exclude(unreviewed_reason="").filter(reviewed_at=None)


class Change(Made, OfEntry):
    """One publication of an entry: what readers are told changed, who made and who reviewed it."""

    permanent_id = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=200, help_text="Title of the entry at the time.")
    revision = models.ForeignKey("reversion.Revision", on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    is_minor = models.BooleanField(default=False)
    is_correction = models.BooleanField(default=False)
    corrected = models.JSONField(default=list, help_text="What a correction changed: [[where, value, old, new]].")
    remarks = models.JSONField(default=list)
    unreviewed_reason = models.TextField(blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="changes")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.title}, {self.published_at:%d %B %Y}"


def token_digest(token):
    return sha256(token.encode()).hexdigest()


class PreviewLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def opened_by(self, token):
        """Return the valid link that a token opens, or None."""
        return self.valid().filter(digest=token_digest(token)).first()


class PreviewLink(OfEntry):
    """A secret address that shows the draft of one entry to whoever is given it, for a time."""

    digest = models.CharField(max_length=64, unique=True, help_text="The token itself is shown once and not kept.")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"Preview of {self.kind} {self.entry_id} until {self.expires_at:%d %B %Y}"


def new_token():
    return secrets.token_urlsafe(32)

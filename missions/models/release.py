"""Numbered, immutable snapshots of everything published."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

NUMBER = re.compile(r"[0-9]{4}\.[1-9][0-9]{0,2}\Z")


class ReleaseQuerySet(models.QuerySet):
    def in_order(self):
        """Return the releases without their archives, newest first."""
        return self.defer("archive").order_by("-year", "-serial")

    def before(self, release):
        """Return the release before another, without its archive, or None."""
        earlier = models.Q(year__lt=release.year) | models.Q(year=release.year, serial__lt=release.serial)
        return self.in_order().filter(earlier).first()

    def newest(self):
        """Return the newest release without its archive, or None before the first."""
        return self.in_order().first()


class Release(models.Model):
    """Everything that was published at one moment, as one archive that never changes."""

    number = models.CharField(
        max_length=8,
        unique=True,
        validators=[RegexValidator(NUMBER, "Use the year and a number, such as 2026.1.")],
        help_text="Year and number within it, such as 2026.1.",
    )
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveSmallIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, help_text="When it was made, UTC.")
    note = models.TextField(blank=True, help_text="What readers should know of it, in a sentence or two.")
    counts = models.JSONField(default=dict, help_text="How many rows each table has.")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the archive.")
    archive = models.BinaryField(help_text="The data package, a ZIP file.")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-serial"]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        if self.pk:
            raise ValidationError(f"The release {self.number} is made and never changes. Make a new one.")
        self.year, self.serial = map(int, self.number.split("."))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("release", args=[self.number])

    def delete(self, *args, **kwargs):
        raise ValidationError(f"The release {self.number} may be cited, and stays.")

from django.db import models


class LoadedRecord(models.Model):
    """What the fixtures last put into a record: a record that differs from it was edited here."""

    model = models.CharField(max_length=40)
    permanent_id = models.CharField(max_length=80)
    checksum = models.CharField(max_length=64)
    offered = models.JSONField(null=True, help_text="What newer fixtures hold where an editor's version was kept.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "permanent_id"], name="loadedrecord_is_unique")]

    def __str__(self):
        return f"{self.model} {self.permanent_id}"

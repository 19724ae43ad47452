from django.db import models


class ContentVersion(models.Model):
    """The one row that says in which state everything public is.

    Triggers of the database give it a new token in the transaction of every change (`versions.install`), so that no way
    of writing can forget to. A token never comes back, not even after a backup was restored.
    """

    token = models.CharField(max_length=36)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.token


class ContentChange(models.Model):
    """One row that was written lately, for what is kept in memory and brought up to date piece by piece."""

    table = models.CharField(max_length=60)
    mission_id = models.BigIntegerField(null=True, help_text="The mission that the row is, or is about.")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.table} {self.mission_id}"

from django.db import models


class SearchDocument(models.Model):
    """What search reads of one entry; written by `search.index`, never by hand.

    The database keeps a full-text index beside the table: an FTS5 table fed by triggers on SQLite, a generated column
    on PostgreSQL (migration 0004). A later change of these columns must make both anew.
    """

    kind = models.CharField(max_length=20, help_text="Model name of the entry.")
    entry_id = models.BigIntegerField()
    permanent_id = models.CharField(max_length=40)
    slug = models.CharField(max_length=80)
    label = models.CharField(max_length=400, help_text="Title to show.")
    acronym = models.CharField(max_length=80, blank=True, help_text="Acronym of a mission, symbol of a document.")
    keys = models.TextField(help_text="Exact names, folded, one per line and a line break at either end.")
    title = models.TextField(help_text="Words of the fields with the greatest weight, which the title is among.")
    names = models.TextField(blank=True, help_text="Other names, places, dates and authors, one per line.")
    lead = models.TextField(blank=True, help_text="Summary or definition.")
    body = models.TextField(blank=True, help_text="All other text, that of public facts included.")
    updated_at = models.DateTimeField(help_text="That of the entry when it was indexed.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "entry_id"], name="searchdocument_is_unique")]

    def __str__(self):
        return f"{self.kind} {self.slug}"

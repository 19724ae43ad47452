from django.db import models

from .base import Entry


class Topic(Entry):
    """An idea rather than an operation: what it is, how it is argued about, how it worked out."""

    definition = models.TextField(blank=True, help_text="What it is, and where the definition comes from.")
    discussion = models.TextField(blank=True, help_text="How it is understood, and what is disputed.")
    practice = models.TextField(blank=True, help_text="How it worked out in missions.")
    common_mistake = models.TextField(blank=True, help_text="What is often said of it and is wrong.")

    public_fields = (*Entry.public_fields[:-1], "definition", "discussion", "practice", "common_mistake", "updated_at")
    detail_fields = ("sources",)
    search_fields = {"title": 10, "summary": 3, "definition": 2, "discussion": 1, "practice": 1, "common_mistake": 1}
    prose_fields = ("summary", "definition", "discussion", "practice", "common_mistake")

    class Meta(Entry.Meta):
        abstract = True

    @property
    def sources(self):
        """Everything that the entry cites."""
        return self._meta.apps.get_model("missions", "Source").objects.filter(
            citations__kind=self._meta.model_name, citations__entry_id=self.pk
        )

    def required_to_publish(self):
        return ("summary", "definition", "discussion", "practice")

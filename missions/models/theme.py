from django.db import models

from .base import rights
from .mission import Mission
from .topic import Topic


class Theme(Topic):
    """A debate or mechanism that cuts across operations."""

    missions = models.ManyToManyField(
        Mission, related_name="themes", blank=True, help_text="Missions that illustrate it."
    )

    url_segment = "themes"
    public_fields = (*Topic.public_fields, "missions")
    filter_fields = {"mission": "missions"}

    class Meta(Topic.Meta):
        permissions = rights("theme", "themes")

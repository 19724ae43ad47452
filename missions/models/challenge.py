from django.db import models

from .approach import Approach
from .base import rights
from .topic import Topic


class Challenge(Topic):
    """What makes operations fail or falter."""

    approaches = models.ManyToManyField(
        Approach, related_name="challenges", blank=True, help_text="Approaches that meet it."
    )

    url_segment = "challenges"
    public_fields = (*Topic.public_fields, "approaches")
    detail_fields = ("evidence", *Topic.detail_fields)
    filter_fields = {"approach": "approaches", "mission": "evidence__mission"}

    class Meta(Topic.Meta):
        permissions = rights("challenge", "challenges")

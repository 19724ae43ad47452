from django.db import models

from .approach import Approach
from .base import rights
from .topic import Topic


class Principle(Topic):
    """Doctrine that an approach rests on."""

    approaches = models.ManyToManyField(
        Approach, related_name="principles", blank=True, help_text="Approaches that rest on it."
    )

    url_segment = "principles"
    public_fields = (*Topic.public_fields, "approaches")
    detail_fields = ("evidence", *Topic.detail_fields)
    filter_fields = {"approach": "approaches", "mission": "evidence__mission"}

    class Meta(Topic.Meta):
        permissions = rights("principle", "principles")

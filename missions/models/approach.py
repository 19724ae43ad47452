from django.db import models

from ..choices import Dimension
from .base import Addressed, permanent_id_field, rights
from .mission import Mission
from .source import Source
from .topic import Topic


class Approach(Topic):
    """A way of using outsiders for peace: peacekeeping, peace enforcement."""

    missions = models.ManyToManyField(
        Mission, related_name="approaches", blank=True, help_text="Missions that illustrate it."
    )

    url_segment = "approaches"
    public_fields = (*Topic.public_fields, "missions")
    detail_fields = ("dimensions", *Topic.detail_fields)
    filter_fields = {"mission": "missions"}
    search_fields = {**Topic.search_fields, "dimensions__text": 1}
    row_relations = ("dimensions",)

    class Meta(Topic.Meta):
        verbose_name_plural = "approaches"
        permissions = rights("approach", "approaches")


class ApproachDimension(Addressed):
    """One cell of the comparison of the approaches."""

    permanent_id = permanent_id_field()
    approach = models.ForeignKey(
        Approach, on_delete=models.CASCADE, related_name="dimensions", help_text="Approach that it is about."
    )
    dimension = models.CharField(max_length=16, choices=Dimension, help_text="What is compared.")
    text = models.TextField(help_text="How this approach stands on it, in one or two sentences.")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="dimensions", help_text="Document that states it."
    )
    locator = models.CharField(max_length=80, blank=True, help_text="Where in the source.")

    address_field = "permanent_id"
    public_fields = ("dimension", "text", "source", "locator")
    read_with = ("source",)

    class Meta:
        ordering = ["approach", "dimension"]
        verbose_name = "dimension"
        constraints = [
            models.UniqueConstraint(fields=["approach", "dimension"], name="approachdimension_is_unique"),
        ]

    def __str__(self):
        return f"{self.approach}: {self.get_dimension_display()}"

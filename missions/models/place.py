from django.db import models

from .base import Addressed


class Region(Addressed):
    """A UN M49 region or sub-region, or a named group of countries beside M49."""

    label_field = "lineage"

    slug = models.SlugField(max_length=60, unique=True, help_text="Value used in addresses and data.")
    name = models.CharField(max_length=80, help_text="Name as in UN M49.")
    lineage = models.CharField(
        max_length=200, help_text="The names from the region down, e.g. “Africa / Northern Africa”."
    )
    m49 = models.CharField("M49 code", max_length=3, blank=True, help_text="Empty for a named group beside M49.")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="Region that it is part of; empty for a region and for a named group.",
    )

    read_with = ("parent",)
    public_fields = ("slug", "name", "m49", "parent")

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self):
        return self.name

    def reading_order(self):
        """Return what regions are sorted by where several stand together: from the whole to its parts, groups last."""
        return self.m49 == "", self.parent_id is not None, self.name


class Country(Addressed):
    """A country or area with its ISO 3166-1 alpha-3 code and its regions."""

    address_field, label_field = "iso3", "name"

    iso3 = models.CharField("ISO code", max_length=3, unique=True, help_text="ISO 3166-1 alpha-3.")
    name = models.CharField(max_length=80, help_text="Short name as used by the United Nations.")
    m49 = models.CharField("M49 code", max_length=3, blank=True, help_text="Empty where M49 has none.")
    regions = models.ManyToManyField(
        Region, related_name="countries", blank=True, help_text="Region, sub-region and named groups."
    )
    note = models.CharField(max_length=300, blank=True, help_text="Shown with the name where it matters.")

    public_fields = ("iso3", "name", "m49", "regions", "note")

    class Meta:
        ordering = ["name", "iso3"]
        verbose_name_plural = "countries"

    def __str__(self):
        return self.name


class Organization(Addressed):
    """Who leads an operation: an organization, an alliance or a state."""

    label_field = "name"

    slug = models.SlugField(max_length=60, unique=True, help_text="Value used in addresses and data.")
    name = models.CharField(max_length=120, help_text="Official name.")
    acronym = models.CharField(max_length=20, blank=True, help_text="Short name.")
    url = models.URLField("official site", blank=True, help_text="Address of its own site.")

    public_fields = ("slug", "name", "acronym", "url")

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self):
        return self.name

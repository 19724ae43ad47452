"""Every public page, for search engines: entries, sources and terms with their last change, lists, and single pages."""

from functools import partial

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from .models import LISTED, LearningPath, Packet
from .teaching import QUIZZED

PAGES = ("home", "about", "counting", "corrections", "attribution", "evidence", "mission-compare", "approach-compare",
         "teaching", "quiz", "data", "codebook", "release-list", "api-docs")  # fmt: skip


class Entries(Sitemap):
    """The published entries of one kind."""

    def __init__(self, model):
        self.model = model

    def items(self):
        fields = ("pk", self.model.address_field, "updated_at")
        return self.model._default_manager.published().only(*fields).order_by("pk")

    def lastmod(self, entry):
        return entry.updated_at


class Quizzes(Entries):
    """The quizzes on the published entries of one kind, each as new as its entry."""

    def location(self, entry):
        return reverse(f"{self.model._meta.model_name}-quiz", args=[entry.slug])


class Lists(Sitemap):
    """The lists, each as new as its newest entry."""

    def items(self):
        return LISTED

    def location(self, model):
        return reverse(f"{model._meta.model_name}-list")

    def lastmod(self, model):
        return model._default_manager.published().aggregate(newest=Max("updated_at"))["newest"]


class Pages(Sitemap):
    def items(self):
        return PAGES

    def location(self, name):
        return reverse(name)


SITEMAPS = (
    {"pages": Pages, "lists": Lists}
    | {model.url_segment: partial(Entries, model) for model in LISTED}
    | {"packets": partial(Entries, Packet), "paths": partial(Entries, LearningPath)}
    | {f"quiz-{model.url_segment}": partial(Quizzes, model) for model in QUIZZED}
)

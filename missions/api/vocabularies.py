"""The words that facts and entries are coded with: closed vocabularies, and countries, regions and organizations."""

import re
from functools import cache

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from ..catalogue import column, columns
from ..choices import Modality
from ..models import Country, Organization, Region
from . import describe
from .base import ApiView
from .queries import Asked, links, page_of
from .shapes import PUBLIC, vocabulary_of


def name_of(vocabulary, between="-"):
    return re.sub(r"(?<!^)(?=[A-Z])", between, vocabulary.__name__).lower()


@cache
def vocabularies():
    """Return {name: vocabulary} of all that the public fields are coded with."""
    used = {vocabulary_of(c) for model in PUBLIC for c in columns(model, detail=True)} - {None}
    used.add(Modality)  # the one behind a property
    return {name_of(v): v for v in sorted(used, key=name_of)}


def value_record(member):
    """Return a value with its label, and its definition if it has one."""
    definition = getattr(member, "definition", "")
    return {"value": member.value, "label": str(member.label)} | ({"definition": definition} if definition else {})


class VocabularyList(ApiView):
    segment = "vocabularies"
    summary = "All closed vocabularies"
    answer = "VocabularyList"

    def get(self, request):
        self.check(request)
        found = [
            {"name": name, "label": name_of(v, " ").capitalize(), "url": reverse("api-vocabulary", args=[name])}
            for name, v in vocabularies().items()
        ]
        return Response({"count": len(found), "next": None, "previous": None, "results": found})

    def parameters(self):
        return [describe.FORMAT]


class VocabularyDetail(ApiView):
    segment = "vocabularies"
    summary = "One closed vocabulary: its values, with labels and definitions"
    answer = "Vocabulary"
    statuses = (400, 404, 406, 429)

    def get(self, request, slug):
        self.check(request)
        vocabulary = vocabularies().get(slug)
        if vocabulary is None:
            raise Http404(f"There is no such vocabulary. Known: {', '.join(vocabularies())}.")
        values = [value_record(member) for member in vocabulary]
        return Response({"name": slug, "label": name_of(vocabulary, " ").capitalize(), "values": values})

    def parameters(self):
        return [describe.path_parameter("vocabulary", "Name of the vocabulary."), describe.FORMAT]


PLACES = {
    Country: ("iso3", "name", "m49", "regions", "note"),
    Region: ("slug", "name", "lineage", "m49", "parent"),
    Organization: ("slug", "name", "acronym", "url"),
}
PLACE_LISTS = {str(model._meta.verbose_name_plural): model for model in PLACES}


@cache
def place_columns(model):
    return tuple(column(model, attribute) for attribute in PLACES[model])


class PlaceList(ApiView):
    """Countries, regions or organizations, with the codes that filters and records use."""

    def get(self, request):
        asked = Asked(request.GET, place_columns(self.model))
        self.check(request, asked.errors)
        relations = [a for a in PLACES[self.model] if self.model._meta.get_field(a).is_relation]
        rows = self.model._default_manager.prefetch_related(*relations)
        answer = page_of(request, rows, asked.page_size, asked.chosen(place_columns(self.model)))
        return Response(answer, headers=links(answer))

    def parameters(self):
        return describe.paging(self.segment, place_columns(self.model))

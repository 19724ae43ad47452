"""The words that facts and entries are coded with: closed vocabularies, and countries, regions and organizations."""

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from .. import codebook, exports
from ..catalogue import columns, for_output
from ..models import Country, Organization, Region
from . import describe
from .base import ApiView
from .queries import Asked, links, page_of


def label_of(name):
    return name.replace("-", " ").capitalize()


class VocabularyList(ApiView):
    segment = "vocabularies"
    summary = "All closed vocabularies"
    answer = "VocabularyList"

    def get(self, request):
        self.check(request)
        found = [
            {"name": name, "label": label_of(name), "url": reverse("api-vocabulary", args=[name])}
            for name in codebook.VOCABULARIES
        ]
        return Response(exports.whole_list(found))

    def parameters(self):
        return [describe.FORMAT]


class VocabularyDetail(ApiView):
    segment = "vocabularies"
    summary = "One closed vocabulary: its values, with labels and definitions"
    answer = "Vocabulary"
    statuses = (400, 404, 406, 429)

    def get(self, request, slug):
        self.check(request)
        if slug not in codebook.VOCABULARIES:
            raise Http404(f"There is no such vocabulary. Known: {', '.join(codebook.VOCABULARIES)}.")
        return Response({"name": slug, "label": label_of(slug), "values": codebook.values_of(slug)})

    def parameters(self):
        return [describe.path_parameter("vocabulary", "Name of the vocabulary."), describe.FORMAT]


PLACE_LISTS = {str(model._meta.verbose_name_plural): model for model in (Country, Region, Organization)}


class PlaceList(ApiView):
    """Countries, regions or organizations, with the codes that filters and records use."""

    def get(self, request):
        asked = Asked(request.GET, columns(self.model))
        self.check(request, asked.errors)
        rows = for_output(self.model._default_manager.all(), only=asked.only)
        answer = page_of(request, rows, asked.page_size, asked.chosen(columns(self.model)))
        return Response(answer, headers=links(answer))

    def parameters(self):
        return describe.paging(self.segment, columns(self.model))

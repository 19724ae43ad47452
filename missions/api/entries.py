"""Lists of entries and single entries: the same rows, fields and refusals as their pages."""

from functools import partial

from rest_framework.response import Response

from .. import exports
from ..catalogue import columns, for_output, record
from ..filters import Listing
from ..views.answers import missing, page_address
from ..views.lists import view_errors, views_of
from . import describe
from .base import ApiView, BadQueryError
from .queries import Asked, links

OTHERS = ("facets", "fields", "format", "page", "page_size", "view")


class EntryList(ApiView):
    """A list of entries under the filters of its page."""

    def get(self, request):
        asked = Asked(request.GET, columns(self.model), self.model.page_size)
        listing = Listing(self.model, request.GET, OTHERS, asked.page_size)
        if errors := asked.errors | view_errors(request, self.model, "json") | listing.errors:
            raise BadQueryError(errors)
        facets = request.GET.get("facets") == "1"
        answer = exports.json_list(listing, partial(page_address, request), facets, asked.only)
        return Response(answer, headers=links(answer))

    def parameters(self):
        paging = describe.paging(self.segment, columns(self.model), self.model.page_size)
        more = [describe.FACETS, describe.view(views_of(self.model))]
        return [*describe.filters(self.model), describe.ordering(self.model), *paging, *more]


class EntryDetail(ApiView):
    """One entry with all its facts."""

    statuses = (400, 404, 406, 410, 429)

    def get(self, request, slug):
        asked = Asked(request.GET, columns(self.model, detail=True))
        self.check(request, asked.errors)
        published = for_output(self.model._default_manager.published(), detail=True, only=asked.only)
        entry = published.filter(**{self.model.address_field: slug}).first()
        if entry is None:
            return missing(request, self.model, slug, "json")
        return Response(record(entry, detail=True, only=asked.only))

    def parameters(self):
        slug = describe.path_parameter(self.model._meta.model_name, f"Slug of the {self.model._meta.verbose_name}.")
        return [slug, describe.fields(self.segment, columns(self.model, detail=True)), describe.FORMAT]

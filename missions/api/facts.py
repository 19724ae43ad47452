"""Facts as lists of their own: those of the missions that the parameters of the list of missions select."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Q
from rest_framework.response import Response

from ..catalogue import columns, related_rows, table_columns
from ..facets import Path, paths
from ..filters import Listing, ValuesField, filterset_for
from ..models import FACTS, MODELS, TOPICS, Mission
from ..views.lists import exists
from . import describe
from .base import ApiView
from .queries import Asked, links, page_of
from .shapes import vocabulary_of

PAGE_SIZE = 100
# A fact's address is called as the mission's field that holds it.
FACT_LISTS = {model._meta.get_field("mission").remote_field.related_name: model for model in FACTS}


@cache
def fact_paths(model):
    """Return {parameter: path} of a fact's own filters: its mission, and its closed vocabularies."""
    coded = [c.name for c in columns(model) if vocabulary_of(c)]
    return {name: Path(model, name, name) for name in ("mission", *coded) if name not in paths(Mission)}


class FactList(ApiView):
    """The published facts of the missions selected, by mission."""

    def get(self, request):
        asked = Asked(request.GET, table_columns(self.model), PAGE_SIZE)
        own, own_errors = self.own(request.GET)
        listing = Listing(Mission, self.of_missions(request.GET), others=())
        self.check(request, asked.errors | own_errors | listing.errors)
        chosen = own & Q(mission__in=listing.rows.order_by().values("pk"))
        rows = related_rows(self.model).filter(chosen).select_related("mission")
        rows = rows.order_by("mission__slug", *self.model._meta.ordering)
        answer = page_of(request, rows, asked.page_size, asked.chosen(table_columns(self.model)))
        return Response(answer, headers=links(answer))

    def of_missions(self, data):
        """Return the parameters that select missions."""
        data = data.copy()
        for name in set(data) - set(filterset_for(Mission).base_filters):
            del data[name]
        return data

    def own(self, data):
        """Return the condition that the facts' own parameters make, and what is wrong with them."""
        condition, errors = Q(), {}
        for name, path in fact_paths(self.model).items():
            try:
                values = ValuesField(path=path).clean(data.getlist(name))
            except ValidationError as error:
                errors[name] = error.messages
                continue
            condition &= Q(pk__in=path.having(values)) if values else Q()
        return condition, errors

    def parameters(self):
        own = [describe.facet(path) for path in fact_paths(self.model).values()]
        return [*own, *describe.filters(Mission), *describe.paging(self.segment, table_columns(self.model))]


class EvidenceList(FactList):
    """Evidence also by what it is about."""

    def own(self, data):
        condition, errors = super().own(data)
        kinds, entry = data.getlist("kind"), data.get("entry", "")
        if set(kinds) - {*TOPICS, ""}:
            errors["kind"] = [f"Use one of: {', '.join(TOPICS)}."]
        elif any(kinds):
            condition &= any_of({f"{kind}__isnull": False for kind in kinds if kind})
        if entry and not any(exists(MODELS[topic], entry) for topic in TOPICS):
            errors["entry"] = ["There is no such principle, challenge or trend."]
        elif entry:
            condition &= any_of({f"{topic}__slug": entry for topic in TOPICS})
        return condition, errors

    def parameters(self):
        kind = describe.values("kind", TOPICS, "What the entry is that the evidence is about.")
        entry = describe.slug("entry", "topic", "Slug of the principle, challenge or trend that the evidence is about.")
        return [kind, entry, *super().parameters()]


def any_of(conditions):
    """Return the condition that one of {lookup: value} holds."""
    return Q(*conditions.items(), _connector=Q.OR)

"""One filterset per kind, built from its `filter_fields`, and the counts beside each choice."""

from dataclasses import dataclass
from functools import cache

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from . import facets, parameters, search
from .facets import paths
from .languages import translated
from .models import Mission

FIRST_YEAR, LAST_YEAR = 1900, 2100
PAGE_PARAMETERS = ("page", "view", "group", "format", "facets", "table")


class ValuesField(forms.Field):
    """Several values of one parameter, all of which must exist."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, path, **kwargs):
        self.path = path
        super().__init__(required=False, **{k: v for k, v in kwargs.items() if k != "required"})

    def clean(self, values):
        values = list(dict.fromkeys(v for v in values or [] if v))
        for value in values:
            ProhibitNullCharactersValidator()(value)
            if len(value) > 100:
                raise forms.ValidationError(gettext("This value is too long: at most 100 characters."))
        unknown = sorted(set(values) - self.path.known(values)) if values else []
        if unknown:
            some = ", ".join(list(self.path.choices)[:12])
            told = {"value": unknown[0], "parameter": self.path.parameter, "known": some}
            if some:
                reason = gettext("“%(value)s” is not a known %(parameter)s. Use one of: %(known)s.")
            else:
                reason = gettext("“%(value)s” is not a known %(parameter)s.")
            raise forms.ValidationError(reason % told)
        return values


class FacetFilter(django_filters.Filter):
    field_class = ValuesField

    def filter(self, queryset, values):
        return queryset.filter(pk__in=self.extra["path"].having(values)) if values else queryset


class OrderingFilter(django_filters.OrderingFilter):
    """Ordering by an allow-list; ends in the primary key, so that pages never overlap."""

    def filter(self, queryset, value):
        if names := [v for v in value or [] if v]:
            return queryset.order_by(*(self.get_ordering_value(v) for v in names), "pk")
        return (
            queryset.order_by("-rank", *queryset.model._meta.ordering)
            if "rank" in queryset.query.annotations
            else queryset
        )


class ListFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=gettext_lazy("Words"), max_length=200)

    def search(self, queryset, name, value):
        return search.matching(queryset, value)


class MissionFilter(ListFilter):
    active_in = django_filters.NumberFilter(method="active", label=gettext_lazy("Active in the year"))
    started_from = django_filters.NumberFilter(method="from_year", label=gettext_lazy("Started in or after"))
    started_to = django_filters.NumberFilter(method="to_year", label=gettext_lazy("Started in or before"))

    def active(self, queryset, name, year):
        year = int(year)
        return queryset.filter(Q(ended_on__isnull=True) | Q(ended_on__year__gte=year), started_on__year__lte=year)

    def from_year(self, queryset, name, year):
        return queryset.filter(started_on__year__gte=int(year))

    def to_year(self, queryset, name, year):
        return queryset.filter(started_on__year__lte=int(year))


YEAR_PARAMETERS = ("active_in", "started_from", "started_to")
for _name in YEAR_PARAMETERS:
    MissionFilter.base_filters[_name].extra |= {
        "min_value": FIRST_YEAR,
        "max_value": LAST_YEAR,
        "decimal_places": 0,
    }


@cache
def filterset_for(model):
    """Return the filterset class of a kind: its facets, words, ordering, and for missions the years."""
    base = MissionFilter if model is Mission else ListFilter
    facets = {name: FacetFilter(path=path) for name, path in paths(model).items()}
    labels = [(name, name) for name in model.ordering_fields]
    ordering = OrderingFilter(fields=labels) if labels else None
    meta = type("Meta", (), {"model": model, "fields": []})
    members = facets | {"Meta": meta} | ({"ordering": ordering} if ordering else {})
    return type(f"{model.__name__}Filter", (base,), members)


@dataclass
class Choice:
    value: str
    label: str
    count: int
    selected: bool
    depth: int = 0  # how far down a hierarchy it stands


def choice(value, lineage, count, selected):
    """Return a choice; the label of a part of something larger names that before it, with “ / ” between."""
    *above, label = lineage.split(" / ")
    return Choice(value, label, count, selected, len(above))


@dataclass
class Chip:
    """One selection in use, which a reader can take away."""

    parameter: str
    value: str
    name: str
    label: str


@dataclass
class Facet:
    parameter: str
    choices: list

    @property
    def selected(self):
        return [c for c in self.choices if c.selected]

    @property
    def is_open(self):
        return bool(self.selected)


class KnownPaginator(Paginator):
    """Pages of rows whose number is known, so that the database need not count them."""

    def __init__(self, rows, page_size, number):
        super().__init__(rows, page_size)
        self.count = number

    def page(self, number):
        """Return a page. Its rows are found by their keys first, so that those skipped before it are never read."""
        page = super().page(number)
        keys = list(page.object_list.values_list("pk", flat=True))
        page.object_list = self.object_list.filter(pk__in=keys)
        return page


class Listing:
    """One list as a query string asks for it: its rows, its errors, its facets and its pages.

    `data` is a QueryDict, `others` the parameters it may hold beside the filters. With any error there are no rows at
    all: never more than asked.
    """

    def __init__(self, model, data, others=PAGE_PARAMETERS, page_size=None):
        self.model, self.data, self.others = model, data, others
        self.page_size = page_size or model.page_size
        published = model._default_manager.published()
        self.filterset = filterset_for(model)(data, queryset=published)

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        known = sorted({*self.filterset.filters, *self.others})
        errors = parameters.unknown(self.data, known)
        errors |= parameters.repeated(self.data, [n for n in known if n not in paths(self.model)])
        for name, reasons in self.filterset.form.errors.get_json_data().items():
            errors.setdefault(name, [r["message"] for r in reasons])
        for name in YEAR_PARAMETERS:
            year = self.data.get(name, "")
            if name in self.filterset.filters and year and not (year.isascii() and year.isdigit()):
                errors[name] = [gettext("Use the digits 0 to 9.")]
        this_year = timezone.localdate().year
        if (self.cleaned.get("active_in") or 0) > this_year:
            errors["active_in"] = [
                gettext("What will be active is not known: use a year up to %(year)d.") % {"year": this_year}
            ]
        if self.data.get("facets", "0") not in ("0", "1", ""):
            errors.setdefault("facets", [gettext("Use 1, or leave it out.")])
        page = self.data.get("page", "1")
        if "page" not in errors and (reasons := parameters.page_reasons(page, None if errors else self.paginator)):
            errors["page"] = reasons
        return errors

    @cached_property
    def all_rows(self):
        return self.filterset.qs if self.filterset.is_valid() else self.model._default_manager.none()

    @cached_property
    def rows(self):
        return self.model._default_manager.none() if self.errors else self.all_rows

    @cached_property
    def paginator(self):
        return KnownPaginator(self.all_rows, self.page_size, number=self.matching.bit_count())

    @cached_property
    def page(self):
        return self.paginator.page(int(self.data.get("page", 1)))

    @cached_property
    def count(self):
        return 0 if self.errors else self.paginator.count

    @cached_property
    def cleaned(self):
        """Return the parameters that are sound, as Python values."""
        return self.filterset.form.cleaned_data if self.filterset.is_valid() else {}

    @cached_property
    def selections(self):
        """Return {parameter: [value]} of the facets in use."""
        return {name: self.cleaned[name] for name in paths(self.model) if self.cleaned.get(name)}

    @cached_property
    def index(self):
        """The index of the kind as it is at the first question; see `facets.index`."""
        return facets.index(self.model)

    @property
    def total(self):
        """How many there are, whatever the query selects."""
        return self.index.rows.bit_count()

    @cached_property
    def chosen(self):
        """Return {parameter: rows with one of the values selected} of the facets in use, as bits."""
        return {name: union(self.index.rows_of[name], values) for name, values in self.selections.items()}

    @cached_property
    def matching(self):
        """Return the rows that the query selects, as bits."""
        found = self.index.rows & self.outside_facets if self.filterset.is_valid() else 0
        for rows in self.chosen.values():
            found &= rows
        return found

    @cached_property
    def facets(self):
        """Return the facets; a choice's count is the number of rows with that value under all other facets."""
        rows, rows_of, labels = self.index
        found = []
        for name, path in paths(self.model).items():
            mask = rows & self.outside_facets
            for other, chosen in self.chosen.items():
                mask &= chosen if other != name else -1
            picked = self.selections.get(name, [])
            labels |= {(name, v): path.choices.get(v, v) for v in picked if (name, v) not in labels}
            values = sorted({*rows_of[name], *picked}, key=self.order(name, labels))
            counts = {v: (rows_of[name].get(v, 0) & mask).bit_count() for v in values}
            found.append(Facet(name, [choice(v, labels[name, v], counts[v], v in picked) for v in values]))
        return found

    @cached_property
    def chips(self):
        """Return the selections in use; none while the query has errors."""
        if self.errors:
            return []
        chips = [
            Chip(facet.parameter, c.value, label_of(self.model, facet.parameter), translated(c.label))
            for facet in self.facets
            for c in facet.selected
        ]
        words = [n for n in ("q", *YEAR_PARAMETERS) if self.data.get(n)]
        return chips + [Chip(n, self.data[n], str(self.filterset.filters[n].label), self.data[n]) for n in words]

    def order(self, name, labels):
        vocabulary = list(paths(self.model)[name].choices)
        return lambda v: vocabulary.index(v) if vocabulary else labels.get((name, v), v)

    @cached_property
    def outside_facets(self):
        """Return the rows that words and years leave, as bits; all rows if there are none."""
        facets_and_order = {*paths(self.model), "ordering"}
        others = {k: v for k, v in self.cleaned.items() if k not in facets_and_order and v not in (None, "")}
        if not others:
            return -1
        queryset = self.model._default_manager.published()
        for name, value in others.items():
            queryset = self.filterset.filters[name].filter(queryset, value)
        return facets.bits(queryset.order_by().values_list("pk", flat=True))


def union(rows_of_value, values):
    rows = 0
    for value in values:
        rows |= rows_of_value.get(value, 0)
    return rows


def label_of(model, parameter):
    """Return the label of a facet's parameter, in the language of now."""
    return translated(english_label_of(model, parameter))


def english_label_of(model, parameter):
    try:
        label = str(model._meta.get_field(parameter).verbose_name)
    except FieldDoesNotExist:
        label = parameter.replace("_", " ")
    return label.capitalize()

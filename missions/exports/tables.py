"""The public tables with the rows that a query selects: what CSV, XLSX and packages are written from."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from django.db.models import Q
from django.utils.text import capfirst

from ..catalogue import parent_of
from ..codebook import TABLES, Field, fields, table_of
from ..models import (
    FACTS,
    Approach,
    ApproachDimension,
    CaseStudy,
    Citation,
    Evidence,
    Mission,
    Source,
    Succession,
)
from ..models.evidence import TOPICS
from .rows import cells


@dataclass(frozen=True)
class Table:
    """A name, the fields of the codebook, and a function that yields its rows as lists of cells."""

    name: str
    title: str
    fields: tuple
    rows: Callable

    @property
    def lines(self):
        """The header and the rows, as lists of cells."""
        return chain([[f.name for f in self.fields]], self.rows())


def table(rows):
    """Return the public table of a queryset."""
    model = rows.model

    return Table(table_of(model), capfirst(str(model._meta.verbose_name_plural)), fields(model), lambda: cells(rows))


def plain_table(name, definitions, rows):
    """Return a table of texts that is none of the codebook's: {field: definition}, and a function that yields rows."""
    texts = (Field(name, n, capfirst(n), "string", "", "", "", False, said) for n, said in definitions.items())
    return Table(name, capfirst(name), tuple(texts), rows)


def facts_of(missions, at=None):
    """Return the published facts of missions, one queryset for each table; with a day `at` those known by then."""
    chosen = missions.order_by().values("pk")
    facts = [model.objects.published().filter(mission__in=chosen) for model in FACTS]
    facts = [rows.known_by(at) for rows in facts] if at else facts
    links = Succession.objects.published().filter(Q(predecessor__in=chosen) | Q(successor__in=chosen))
    return [*facts, links]


def together(rows, at=None):
    """Return the querysets of all tables that belong with rows of one kind, their sources last."""
    model, related = rows.model, []
    chosen = rows.order_by().values("pk")
    if model is Mission:
        related = facts_of(rows, at)
    elif model is CaseStudy:
        missions = Mission.objects.published().filter(case_studies__in=chosen).distinct()
        related = [missions, *facts_of(missions, at)]
    elif model is Approach:
        related = [ApproachDimension.objects.filter(approach__in=chosen)]
    elif model._meta.model_name in TOPICS:
        evidence = Evidence.objects.published().filter(**{f"{model._meta.model_name}__in": chosen})
        related = [evidence.known_by(at) if at else evidence]
    querysets = [rows, *related]
    return querysets if model is Source else [*querysets, sources_of(querysets)]


def sources_of(querysets):
    """Return the sources that the rows of any of the querysets refer to or their texts cite."""
    wanted = Q()
    for rows in querysets:
        chosen = rows.order_by().values("pk")
        for field in rows.model._meta.concrete_fields:
            if field.related_model is Source:
                wanted |= Q(pk__in=rows.order_by().exclude(**{field.name: None}).values(field.name))
        cited = Citation.objects.filter(kind=rows.model._meta.model_name, entry_id__in=chosen)
        wanted |= Q(pk__in=cited.values("source"))
    return Source.objects.filter(wanted)


def public(model):
    """Return the public rows of a table; what belongs to an entry is public with it."""
    if hasattr(model.objects, "published"):
        return model.objects.published()
    parent = parent_of(model)
    condition = model._meta.get_field(parent).related_model.published_q(f"{parent}__") if parent else Q()
    return model.objects.filter(condition)


def everything():
    """Return the querysets of all public tables."""
    return [public(model) for model in TABLES.values()]

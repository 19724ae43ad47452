"""The rows in which approaches are compared."""

from django.db.models import Prefetch
from django.utils.translation import gettext, gettext_noop

from ..catalogue import related_rows
from ..choices import Dimension
from ..models import ApproachDimension, Challenge, Mission, Principle
from .cells import Cell, Part, Row, cell, cite

LISTS = {"principles": (gettext_noop("Principles"), Principle), "challenges": (gettext_noop("Challenges"), Challenge),
         "missions": (gettext_noop("Missions that illustrate it"), Mission)}  # fmt: skip


def told(queryset, slugs):
    """Return the approaches with these addresses, in this order, with all that their rows read."""
    lists = [Prefetch(name, model.objects.published()) for name, (_, model) in LISTS.items()]
    dimensions = Prefetch("dimensions", related_rows(ApproachDimension))
    found = {a.slug: a for a in queryset.filter(slug__in=slugs).prefetch_related(dimensions, *lists)}
    return [found[slug] for slug in slugs]


def choices():
    """Return {group: (label, {row: label})} of all that can be chosen."""
    dimensions = {d.value: d.label for d in Dimension}
    return {
        "idea": (gettext_noop("What it is"), {"summary": gettext_noop("In short")}),
        "dimensions": (gettext_noop("Dimensions"), dimensions),
    } | {name: (label, {name: label}) for name, (label, _) in LISTS.items()}


def dimension(approach, name):
    found = [d for d in approach.dimensions.all() if d.dimension == name]
    return cell(*(Part(d.text, sources=cite(d.source, d.locator)) for d in found))


def list_rows(approaches, name):
    """Return a row for each thing that any of the approaches names: named here, or not."""
    held = [set(getattr(a, name).all()) for a in approaches]
    union, here = sorted(set().union(*held), key=lambda e: str(e)), cell(Part(gettext("named")))
    return [
        Row(name, str(e), tuple(here if e in own else Cell(state="not-named") for own in held), e.slug,
            e.get_absolute_url())
        for e in union
    ]  # fmt: skip


def rows(approaches, wanted):
    """Return [(group, label, rows)] of the wanted rows, without groups that have none."""
    groups = []
    if "summary" in wanted:
        summaries = tuple(cell(Part(a.summary, is_prose=True)) for a in approaches)
        groups.append(("idea", "What it is", [Row("summary", "In short", summaries)]))
    compared = [Row(d.value, d.label, tuple(dimension(a, d.value) for a in approaches)) for d in Dimension
                if d.value in wanted]  # fmt: skip
    groups.append(("dimensions", "Dimensions", [r for r in compared if any(c.parts for c in r.cells)]))
    groups += [(name, label, list_rows(approaches, name)) for name, (label, _) in LISTS.items() if name in wanted]
    return [g for g in groups if g[2]]

"""Words to rows: one index over every kind, behind `matching` for lists, `Search` for its page and `suggestions`."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, StrIndex

from . import ranking
from .engine import START, STOP
from .index import index, is_stale, rebuild
from .missed import count_missed
from .page import Search, suggestions
from .words import parse

__all__ = ["START", "STOP", "Search", "count_missed", "index", "is_stale", "matching", "rebuild", "suggestions"]


def matching(queryset, text):
    """Return the rows in which every word of `text` is found, with a `rank` that falls from best to worst."""
    keys = [str(key) for key in ranking.hits(parse(text), [queryset.model]).entries()]
    # The order of the hits as text, so that one expression ranks any number of rows on either database.
    order = Value(f",{','.join(keys)},", output_field=CharField())
    place = StrIndex(order, Concat(Value(","), Cast("pk", CharField()), Value(",")))
    return queryset.filter(pk__in=keys).annotate(rank=-place)

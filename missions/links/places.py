"""Where the content leads outside."""

from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, JSONObject

from ..models import KINDS, LinkCheck, Organization, Source
from ..prose import markdown

LONGEST = LinkCheck._meta.get_field("url").max_length
WEB = ("http://", "https://")
DOI = "https://doi.org/"


class Place(NamedTuple):
    """A field of a record that leads to an address outside. An address too long to be kept has none."""

    kind: str
    key: int
    field: str
    label: str
    url: str


def places(among=None):
    """Return every place at which the content leads outside, or to one of some addresses, in two queries.

    Those are the addresses and DOIs of sources, the sites of organizations, and the links in published text, by kind
    and record.
    """
    found = {Place(*place) for place in (*in_fields(among), *in_texts())}
    known = (p for p in found if p.url.startswith(WEB) and len(p.url) <= LONGEST)
    return sorted(p for p in known if among is None or p.url in among)


def in_fields(among):
    asked = {
        "official_url": (Source, "title", F("official_url")),
        "doi": (Source, "title", Concat(Value(DOI), F("doi"))),
        "url": (Organization, "name", F("url")),
    }
    held = [*(among or ()), *(url.removeprefix(DOI) for url in among or () if url.startswith(DOI))]
    first, *others = [
        model.objects.exclude(**{field: ""})
        .filter(**{} if among is None else {f"{field}__in": held})
        .order_by()
        .values_list(Value(model._meta.model_name), "pk", Value(field), label, address)
        for field, (model, label, address) in asked.items()
    ]
    return first.union(*others, all=True)


def in_texts():
    queries = [
        model.objects.published()
        .filter(reduce(or_, (Q(**{f"{name}__contains": "://"}) for name in model.prose_fields)))
        .order_by()
        .values_list(Value(number), "pk", "title", JSONObject(**{name: name for name in model.prose_fields}))
        for number, model in enumerate(KINDS)
    ]
    for number, key, title, texts in queries[0].union(*queries[1:], all=True):
        for name, text in texts.items():
            for address in links_in(text):
                yield KINDS[number]._meta.model_name, key, name, title, address


def links_in(text):
    """Yield where the links of Markdown lead, as the page has them."""
    for block in markdown.parse(text):
        for token in block.children or ():
            if token.type == "link_open":
                yield token.attrs["href"]

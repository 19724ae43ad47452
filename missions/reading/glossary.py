"""What the page of a term shows: who uses it, and where the texts do."""

from functools import reduce
from itertools import groupby
from operator import or_

from django.db.models import Q, Value
from django.db.models.functions import JSONObject

from ..choices import Modality, Vocabulary
from ..models import KINDS, Mission, Source, Term
from ..models.term import is_linked
from ..prose import mentions


def term_context(term):
    """Return what the page of a term shows beside the term itself."""
    missions = Mission.objects.published().select_related("organization").order_by("started_on", "slug")
    context = {"matches": matches(term), "neighbours": neighbours(term), "uses": uses(term)}
    if term.vocabulary == Vocabulary.MANDATE_TASK:
        return context | {"parameter": "task"} | given(term)
    if term.vocabulary == Vocabulary.MISSION_TYPE:
        return context | {"parameter": "type", "missions": missions.filter(type=term.slug)}
    if term.vocabulary == Vocabulary.COUNTING_RULE:
        return context | {"parameter": "counted_by", "missions": missions.filter(counted_by=term)}
    return context


def given(term):
    """Return the published mandates with this task, the earliest first, and how many ask for it in which way."""
    tasks = list(
        term.mandated.published()
        .select_related("mission", "source", "last_source")
        .order_by("date", "mission__slug", "permanent_id")
    )
    modalities = [(m.label, sum(getattr(task, m.value) for task in tasks)) for m in Modality]
    return {"tasks": tasks, "modalities": [(label, number) for label, number in modalities if number]}


def matches(term):
    """Return [(name of the scheme, its source or None, the term there)]."""
    slugs = {slug for _, slug, _ in term.matches if slug}
    sources = {s.slug: s for s in Source.objects.filter(slug__in=slugs)} if slugs else {}
    return [(scheme, sources.get(slug), there) for scheme, slug, there in term.matches]


def neighbours(term):
    """Return the other terms of its group, or of its vocabulary where that has no groups."""
    near = {"group": term.group} if term.group else {"vocabulary": term.vocabulary}
    return Term.objects.filter(**near).exclude(pk=term.pk)


def uses(term):
    """Return [(kind, entries)] of the published entries whose text uses the term, or None if texts do not link it.

    One query for all kinds finds the letters; which of them are the term and not part of a name is read here.
    """
    if not is_linked(term.label_text):
        return None
    stem = term.label_text.removesuffix("y")
    queries = []
    for number, model in enumerate(KINDS):
        names = model.prose_fields
        hit = reduce(or_, (Q(**{f"{name}__icontains": stem}) for name in names))
        rows = model.objects.published().filter(hit).order_by()
        queries.append(rows.values_list(Value(number), "title", "slug", JSONObject(**{name: name for name in names})))
    found = sorted(queries[0].union(*queries[1:], all=True), key=lambda r: r[:3])
    found = [row for row in found if any(mentions(text, term.label_text) for text in row[3].values())]
    return [
        (KINDS[n], [{"slug": slug, "title": title} for _, title, slug, _ in group])
        for n, group in groupby(found, key=lambda r: r[0])
    ]

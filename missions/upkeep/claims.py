"""Claims without source: facts that lack source or date, and paragraphs that give a number but cite nothing."""

import re

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, JSONObject

from ..choices import FactStage, Measure, Stage
from ..models import FACTS, KINDS, Assessment, Event, Evidence, Figure, MandatedTask, Mission
from ..prose import CITATION, plain
from .heaps import NAMES, Row, form_of

TOLD_BY = {
    Figure: "measure",
    Event: "title",
    MandatedTask: "task__label_text",
    Assessment: "assessor",
    Evidence: "text",
}
EXCERPT = 160
BLANK_LINE = re.compile(r"\n\s*\n")


def lacks():
    """Return the vocabulary of what a claim can lack."""
    return {name: name for name in ("source", "date", "citation")}


def claims(user):
    return [*facts_without(), *paragraphs_without()]


def facts_without():
    """Return the facts without source or date, in one query for all kinds. Only drafts can lack them."""
    queries = [
        (model.objects.exclude(stage=FactStage.WITHDRAWN)
         .exclude(source__isnull=False, **{f"{model.date_field}__isnull": False})
         .order_by()
         .values_list(Value(number), "pk", "mission__slug", "mission__acronym", Cast(TOLD_BY[model], CharField()),
                      "stage", "source_id", F(model.date_field)))
        for number, model in enumerate(FACTS)
    ]  # fmt: skip
    found = sorted(queries[0].union(*queries[1:], all=True), key=lambda r: (r[3], r[0], r[1]))
    return [fact_row(FACTS[number]._meta.model_name, *values) for number, *values in found]


def fact_row(kind, key, slug, acronym, text, stage, source, date):
    told = Measure(text).label if kind == "figure" else text[:EXCERPT]
    missing = [name for name, value in (("source", source), ("date", date)) if not value]
    return Row(
        cells={"what": told, "kind": NAMES[kind], "mission": acronym, "lacks": " and ".join(missing),
               "status": FactStage(stage).label},
        form=form_of(kind, key),
        traits={"kind": [kind], "mission": [slug], "lacks": missing},
    )  # fmt: skip


def paragraphs_without():
    """Return the paragraphs of published entries that hold a number or a year but no citation, in one query."""
    queries = [
        model.objects.published()
        .order_by()
        .values_list(
            Value(number),
            "slug",
            "pk",
            F("acronym") if model is Mission else Value(""),
            JSONObject(**{name: name for name in model.prose_fields}),
        )
        for number, model in enumerate(KINDS)
    ]
    entries = sorted(queries[0].union(*queries[1:], all=True), key=lambda r: r[:2])
    return [
        paragraph_row(KINDS[number], slug, key, acronym, name, paragraph)
        for number, slug, key, acronym, texts in entries
        for name in KINDS[number].prose_fields
        for paragraph in BLANK_LINE.split(texts[name])
        if gives_a_number(paragraph)
    ]


def gives_a_number(paragraph):
    """Tell whether a paragraph that cites nothing gives a number. Headings and the addresses of links give none."""
    if CITATION.search(paragraph) or paragraph.lstrip().startswith("#"):
        return False
    return any(c.isdigit() for c in plain(paragraph))


def paragraph_row(model, slug, key, acronym, name, paragraph):
    kind, field = model._meta.model_name, model._meta.get_field(name).verbose_name
    return Row(
        cells={"what": plain(paragraph)[:EXCERPT], "kind": f"{NAMES[kind]}, {field}", "mission": acronym,
               "lacks": "citation", "status": Stage.PUBLISHED.label},
        form=form_of(kind, key, name),
        traits={"kind": [kind], "mission": [slug] if acronym else [], "lacks": ["citation"]},
    )  # fmt: skip

"""What the page of an entry shows: its facts put in the order in which a reader meets them."""

from datetime import date
from itertools import groupby

from django.db.models import Prefetch, Value, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_noop

from .. import charts
from ..catalogue import for_output, related_rows
from ..choices import Dimension, Measure
from ..models import (
    FACTS,
    KINDS,
    SECTIONS,
    Approach,
    CaseStudy,
    Change,
    Citation,
    Mission,
    Source,
    Succession,
    Term,
)
from ..models.term import is_linked
from ..prose import Notes
from .figures import (
    AUTHORIZED,
    DEPLOYED,
    deaths_by_year,
    deaths_chart,
    differing,
    figure_groups,
    latest,
    order_key,
    strength_chart,
    strengths,
)
from .places import mission_locator
from .timelines import event_lanes

CHANGES_SHOWN = 20
FACT_NAMES = [f._meta.get_field("mission").related_query_name() for f in FACTS]


def notes_for(*entries):
    """Return empty notes that know every source the texts of these entries cite, and every term that they may link."""
    return notes_with({slug for e in entries for slug in e.cited_slugs()}, {e.title for e in entries})


def notes_with(slugs, titles=()):
    """Return empty notes that know the sources with these slugs, and every term but those a page is itself about."""
    sources, terms = sources_and_terms(slugs)
    titles = {title.lower() for title in titles}
    linked = [t for t in terms if is_linked(t.label_text) and t.label_text.lower() not in titles]
    return Notes({s.slug: s for s in sources}, {t.label_text: t for t in linked})


def sources_and_terms(slugs):
    """Return the sources with these slugs and all terms (slug and label), in one query for both."""
    fields = [f.attname for f in Source._meta.concrete_fields if f.name != "updated_at"]
    sources = Source.objects.filter(slug__in=slugs).values_list(Value("source"), JSONObject(**{n: n for n in fields}))
    terms = Term.objects.values_list(Value("term"), JSONObject(slug="slug", label_text="label_text"))
    rows = {"source": [], "term": []}
    for kind, values in terms.order_by().union(sources.order_by(), all=True):
        rows[kind].append(values)
    for values in rows["source"]:
        values["published_on"] = date.fromisoformat(values["published_on"])  # JSON has no dates
    return [Source(**values) for values in rows["source"]], [Term(**values) for values in rows["term"]]


def mandate_history(events, tasks):
    """Return what each decision with coded tasks added, named again and dropped: [(event, added, again, dropped)].

    A task is dropped only by a decision that sets the mandate anew without naming it.
    """
    terms = {t.task.slug: t.task for t in tasks}
    in_force, history = set(), []
    for event in events:
        named = {t["task"] for t in event.tasks} & set(terms)
        if not named:
            continue
        dropped = in_force - named if event.replaces_mandate else set()
        sets = (named - in_force, named & in_force, dropped)
        history.append((event, *(sorted((terms[s] for s in one), key=lambda t: t.label) for one in sets)))
        in_force = (in_force - dropped) | named
    return history


def lineage(mission, links):
    """Return the missions that are linked with this one, directly or through others, by start; empty if alone."""
    linked, waiting = {mission.pk: mission}, [mission.pk]
    while waiting:
        here = waiting.pop()
        for link in links:
            for one, other in ((link.predecessor, link.successor), (link.successor, link.predecessor)):
                if one.pk == here and other.pk not in linked and other.is_published and one.is_published:
                    linked[other.pk] = other
                    waiting.append(other.pk)
    if len(linked) == 1:
        return None
    missions = sorted(linked.values(), key=lambda m: (m.started_on, m.slug))
    today = timezone.localdate()
    rows = [(str(m), m.get_absolute_url(), m.started_on, m.ended_on, "this" if m.pk == mission.pk else m.status)
            for m in missions]  # fmt: skip
    return {"chart": charts.spans(rows, today), "missions": missions}


def evidence_groups(evidence, kind):
    """Return [(entry, items)] for one kind of entry, by title."""
    items = sorted((e for e in evidence if e.kind == kind), key=lambda e: (e.entry.title, order_key(e)))
    return [(entry, list(group)) for entry, group in groupby(items, key=lambda e: e.entry)]


def facts_of(missions, preview=False):
    """Return the facts of the missions together, and what is derived from them."""
    figures, events, tasks, assessments, evidence = (
        [fact for mission in missions for fact in getattr(mission, name).all()] for name in FACT_NAMES
    )
    figures = [f for f in figures if f.as_of or preview]
    events = sorted(events, key=order_key)
    return {
        "figures": figure_groups([f for f in figures if f.as_of]),
        "differing": differing(figures),
        "events": events,
        "lanes": event_lanes(missions, events),
        "decisions": [e for e in events if e.is_mandate_decision and e.preferred],
        "tasks": sorted(tasks, key=lambda t: (t.mission_id, t.task.group, t.task.label_text)),
        "tasks_have_last": any(t.last_source_id for t in tasks),
        "assessments": sorted(assessments, key=order_key),
        "principles": evidence_groups(evidence, "principle"),
        "challenges": evidence_groups(evidence, "challenge"),
        "trends": evidence_groups(evidence, "trend"),
    }


def mission_context(mission, preview):
    figures = [f for f in mission.figures.all() if f.as_of]
    links = list(Succession.objects.linked())
    return {
        "missions": [mission],
        "strengths": strengths(gettext_noop("Authorized"), figures, AUTHORIZED)
        + strengths(gettext_noop("Deployed"), figures, DEPLOYED),
        "deaths": latest(figures, Measure.FATALITIES),
        "budget": max((f for f in figures if f.measure == Measure.BUDGET), key=lambda f: f.as_of, default=None),
        "case_studies": [c for c in mission.case_studies.all() if c.is_published],
        "successions": [s for s in links if mission.pk in (s.predecessor_id, s.successor_id) and s.is_published],
        "lineage": lineage(mission, links),
        "strength_chart": strength_chart(mission, figures),
        "deaths_chart": deaths_chart(deaths_by_year(figures)),
        "history": mandate_history(sorted(mission.events.all(), key=order_key), mission.tasks.all()),
        "coded_to": max((e.date for e in mission.events.all() if e.tasks), default=None),
        "rival_dates": [e for e in mission.events.all() if not e.preferred],
        "locator": mission_locator(mission),
    } | facts_of([mission], preview)


def facts_along(preview=False, at=None):
    """Return what to fetch along with missions: their countries and facts."""
    facts = [Prefetch(name, related_rows(model, preview, at)) for name, model in zip(FACT_NAMES, FACTS, strict=True)]
    return ["countries", *facts]


def case_context(case, preview, at):
    missions = [m for m in case.missions.all() if m.is_published]
    prefetch_related_objects(missions, *facts_along(preview, at))
    sections = [(name, label, getattr(case, name)) for name, label in SECTIONS.items()]
    return {"missions": missions, "sections": sections} | facts_of(missions, preview)


def topic_context(topic):
    context = {"siblings": topic._meta.model.objects.published().exclude(pk=topic.pk).only("slug", "title")}
    if hasattr(topic, "evidence"):
        items = sorted(topic.evidence.all(), key=lambda e: (e.mission.acronym, order_key(e)))
        context["by_mission"] = [(m, list(g)) for m, g in groupby(items, key=lambda e: e.mission)]
    if hasattr(topic, "missions"):
        context["illustrations"] = [m for m in topic.missions.all() if m.is_published]
    if hasattr(topic, "approaches"):
        context["approaches"] = [a for a in topic.approaches.all() if a.is_published]
    if hasattr(topic, "dimensions"):
        context |= {
            "comparison": comparison(),
            "principles": topic.principles.published(),
            "challenges": topic.challenges.published(),
        }
    return context


def comparison():
    """Return the approaches and, for each dimension, its label and one cell per approach."""
    approaches = list(for_output(Approach.objects.published().order_by("-title"), detail=True))
    cells = [{d.dimension: d for d in a.dimensions.all()} for a in approaches]
    rows = [(d.label, [c.get(d.value) for c in cells]) for d in Dimension if any(d.value in c for c in cells)]
    return {"approaches": approaches, "rows": rows}


def entry_context(entry, preview=False, at=None):
    """Return everything the page of an entry shows beside the entry itself; with a day `at` the facts known by then."""
    if isinstance(entry, Mission):
        context = mission_context(entry, preview)
    elif isinstance(entry, CaseStudy):
        context = case_context(entry, preview, at)
    else:
        context = topic_context(entry)
    changes = Change.objects.of(entry).public()[:CHANGES_SHOWN] if entry.has_changes else []
    return context | {"changes": changes}


def citing(source):
    """Return [(kind, entries)] of the published entries that cite a source, in one query for all kinds."""
    queries = [
        model.objects.published()
        .filter(pk__in=Citation.objects.filter(source=source, kind=model._meta.model_name).values("entry_id"))
        .order_by()
        .values_list(Value(number), "slug", "title")
        for number, model in enumerate(KINDS)
    ]
    rows = sorted(queries[0].union(*queries[1:], all=True))
    return [
        (KINDS[n], [{"slug": slug, "title": title} for _, slug, title in group])
        for n, group in groupby(rows, key=lambda r: r[0])
    ]


def source_context(source):
    facts = [
        (model, list(related_rows(model).filter(source=source).select_related("mission")[:200])) for model in FACTS
    ]
    return {
        "citing": citing(source),
        "facts": [(m, rows) for m, rows in facts if rows],
        "terms": source.terms.all(),
    }

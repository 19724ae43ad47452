"""What a page shows: an entry with its facts put in the order in which a reader meets them."""

from itertools import groupby

from django.db.models import Prefetch, Value
from django.utils import timezone

from .catalogue import for_output, related_rows
from .choices import Dimension, Measure, Scope
from .models import FACTS, KINDS, SECTIONS, CaseStudy, Citation, Figure, Mission, Source, Term
from .prose import Notes

AUTHORIZED = (Measure.AUTHORIZED_UNIFORMED, Measure.AUTHORIZED_MILITARY)
DEPLOYED = (Measure.DEPLOYED_UNIFORMED, Measure.DEPLOYED_MILITARY)
FACT_NAMES = [f._meta.get_field("mission").related_query_name() for f in FACTS]


def notes_for(*entries):
    """Return empty notes that know every source the texts of these entries cite."""
    slugs = {slug for entry in entries for slug in entry.cited_slugs()}
    return Notes({s.slug: s for s in Source.objects.filter(slug__in=slugs)})


def order_key(event):
    return (event.date is None, event.date, event.permanent_id)


def figure_groups(figures):
    """Return [(measure label, figures)] in the order of the vocabulary, newest first, rivals after the preferred."""
    order = list(Measure)
    figures = [f for f in figures if f.measure != Measure.FATALITIES or f.confidence]
    ranked = sorted(figures, key=lambda f: (order.index(f.measure), f.mission.started_on, f.mission_id))
    groups = []
    for measure, rows in groupby(ranked, key=lambda f: f.measure):
        rows = sorted(rows, key=lambda f: (f.as_of, f.mission_id, list(Scope).index(f.scope), not f.preferred))
        groups.append((Measure(measure).label, rows))
    return groups


def differing(figures):
    """Return the ids of the figures for whose measure, scope, date and period there is another value."""
    seen = {}
    for f in figures:
        seen.setdefault((f.mission_id, f.measure, f.scope, f.as_of, f.period), []).append(f)
    return {f.pk for rivals in seen.values() if len({r.value for r in rivals}) > 1 for f in rivals}


def totals(figures, *measures):
    """Return the preferred totals, not of one period or cause, of the first of `measures` that has any."""
    for measure in measures:
        rows = [f for f in figures if f.measure == measure and f.preferred and f.scope == Scope.ALL and not f.period]
        if rows:
            return rows
    return []


def latest(figures, *measures):
    return max(totals(figures, *measures), key=lambda f: f.as_of, default=None)


def highest(figures, *measures):
    """Return the largest of the totals; the earliest of equals."""
    return max(totals(figures, *measures), key=lambda f: (f.value, -f.as_of.toordinal()), default=None)


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
        "decisions": [e for e in events if e.is_mandate_decision],
        "tasks": sorted(tasks, key=lambda t: (t.mission_id, t.task.group, t.task.label_text)),
        "assessments": sorted(assessments, key=order_key),
        "principles": evidence_groups(evidence, "principle"),
        "challenges": evidence_groups(evidence, "challenge"),
        "trends": evidence_groups(evidence, "trend"),
    }


def mission_context(mission, preview):
    figures = [f for f in mission.figures.all() if f.as_of]
    ends = mission.mandate_ends_on
    return {
        "missions": [mission],
        "strengths": [
            ("Authorized, highest", highest(figures, *AUTHORIZED)),
            ("Authorized, newest", latest(figures, *AUTHORIZED)),
            ("Deployed, highest", highest(figures, *DEPLOYED)),
            ("Deployed, newest", latest(figures, *DEPLOYED)),
        ],
        "deaths": latest(figures, Measure.FATALITIES),
        "budget": max((f for f in figures if f.measure == Measure.BUDGET), key=lambda f: f.as_of, default=None),
        "renewal_unverified": bool(ends and not mission.ended_on and ends < timezone.localdate()),
        "case_studies": [c for c in mission.case_studies.all() if c.is_published],
        "successions": [s for s in mission.successions if s.predecessor.is_published and s.successor.is_published],
    } | facts_of([mission], preview)


def with_facts(missions, preview=False):
    """Return the missions with their facts, organizations and countries fetched along."""
    facts = [Prefetch(name, related_rows(model, preview)) for name, model in zip(FACT_NAMES, FACTS, strict=True)]
    return missions.select_related("organization").prefetch_related("countries", *facts)


def case_context(case, preview):
    missions = list(with_facts(case.missions.published(), preview))
    deaths = [(m, latest([f for f in m.figures.all() if f.as_of], Measure.FATALITIES)) for m in missions]
    sections = [(name, label, getattr(case, name)) for name, label in SECTIONS.items()]
    return {"missions": missions, "deaths": deaths, "sections": sections} | facts_of(missions, preview)


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
    from .models import Approach  # the page of one approach shows the others too

    approaches = list(for_output(Approach.objects.published().order_by("-title"), detail=True))
    cells = [{d.dimension: d for d in a.dimensions.all()} for a in approaches]
    rows = [(d.label, [c.get(d.value) for c in cells]) for d in Dimension if any(d.value in c for c in cells)]
    return {"approaches": approaches, "rows": rows}


def entry_context(entry, preview=False):
    """Return everything the page of an entry shows beside the entry itself."""
    if isinstance(entry, Mission):
        return mission_context(entry, preview)
    if isinstance(entry, CaseStudy):
        return case_context(entry, preview)
    return topic_context(entry)


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


def term_context(term):
    missions = Mission.objects.published()
    by_vocabulary = {
        "mission-type": ("type", missions.filter(type=term.slug)),
        "mandate-task": ("task", missions.filter(tasks__in=term.mandated.published()).distinct()),
        "counting-rule": ("counted_by", missions.filter(counted_by=term)),
    }
    parameter, used = by_vocabulary.get(term.vocabulary, ("", missions.none()))
    return {"parameter": parameter, "missions": used}


def changed_lately(number=6):
    """Return the published entries that changed last, newest first, in one query for all kinds."""
    queries = [
        m.objects.published().order_by().values_list(Value(n), "slug", "title", "updated_at")
        for n, m in enumerate(KINDS)
    ]
    rows = sorted(queries[0].union(*queries[1:], all=True), key=lambda r: (-r[3].timestamp(), r[0], r[1]))
    return [{"kind": KINDS[n], "slug": s, "title": t, "updated_at": u} for n, s, t, u in rows[:number]]


def counting_rules():
    """Return the counting rules, each with the number of published missions that it counts."""
    rules = list(Term.objects.filter(vocabulary="counting-rule"))
    for rule in rules:
        rule.total = rule.counted_missions.published().count()
    return rules


def with_deaths(missions):
    """Return the missions with their preferred total of fatalities as `death_counts`."""
    totals = (
        Figure.objects.published()
        .filter(measure=Measure.FATALITIES, scope=Scope.ALL, period="", preferred=True)
        .select_related("source")
        .order_by("-as_of")
    )
    return missions.prefetch_related(Prefetch("figures", totals, to_attr="death_counts"))

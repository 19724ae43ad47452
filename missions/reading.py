"""What a page shows: an entry with its facts put in the order in which a reader meets them."""

from itertools import groupby

from django.db.models import Prefetch, Q, Sum, Value
from django.utils import timezone

from . import charts
from .catalogue import for_output, related_rows
from .choices import Authorization, Dimension, Measure, Scope
from .models import (
    FACTS,
    KINDS,
    SECTIONS,
    Approach,
    CaseStudy,
    Citation,
    Evidence,
    Figure,
    Mission,
    Source,
    Succession,
    Term,
)
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
    figures = [f for f in figures if f.measure != Measure.FATALITIES or not f.period]
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


CAUSES = {s.value: s.label for s in Scope if s != Scope.ALL}


def deaths_by_year(figures):
    """Return {year: {cause: number}} of the fatalities recorded by year; years without a record are missing."""
    years = {}
    for f in figures:
        if f.measure == Measure.FATALITIES and f.period.isdigit() and f.scope != Scope.ALL:
            parts = years.setdefault(int(f.period), {})
            parts[f.scope] = parts.get(f.scope, 0) + f.value
    return years


def deaths_chart(years):
    """Return the chart of deaths by year and cause with its table and its finding, or None."""
    if not years:
        return None
    worst = max(years, key=lambda y: (sum(years[y].values()), -y))
    total, number = sum(map(sum, (p.values() for p in years.values()))), sum(years[worst].values())
    return {
        "chart": charts.stacked_bars(years, CAUSES),
        "legend": CAUSES.items(),
        "rows": [(y, [parts.get(c) for c in CAUSES], sum(parts.values())) for y, parts in sorted(years.items())],
        "finding": f"{total:,} deaths are recorded by year; the most in one year were {number:,}, in {worst}.",
    }


def strength_chart(mission, figures):
    """Return the chart of authorized and deployed strengths, or None if there are fewer than two values."""
    series = []
    for kind, label, measures in (("authorized", "Authorized", AUTHORIZED), ("deployed", "Deployed", DEPLOYED)):
        # Of military and uniformed, the one with more values: a line of two points tells little.
        rows = sorted(max((totals(figures, m) for m in measures), key=len), key=lambda f: f.as_of)
        if rows:
            series.append((kind, f"{label} ({counted(rows[0])})", [(f.as_of, f.value) for f in rows]))
    if sum(len(points) for _, _, points in series) < 2:
        return None
    finding = "; ".join(
        f"{label}: from {points[0][1]:,} in {points[0][0].year} to {points[-1][1]:,} in {points[-1][0].year}"
        if len(points) > 1 else f"{label}: {points[0][1]:,} in {points[0][0].year}"
        for _, label, points in series
    )  # fmt: skip
    return {"chart": charts.steps(series, mission.ended_on or mission.verified_on), "finding": f"{finding}."}


def counted(figure):
    """Return whom a strength counts: military, police or uniformed."""
    return figure.measure.rpartition("-")[2]


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


def strengths(label, figures, measures):
    """Return the rows of the key facts on one strength: the highest and the newest value, or the only one."""
    top, newest = highest(figures, *measures), latest(figures, *measures)
    if top == newest:
        only = len(totals(figures, *measures)) == 1
        return [(f"{label}, only value" if only else label, top)]
    return [(f"{label}, highest", top), (f"{label}, newest", newest)]


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
        "strengths": strengths("Authorized", figures, AUTHORIZED) + strengths("Deployed", figures, DEPLOYED),
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
    } | facts_of([mission], preview)


def with_facts(missions, preview=False):
    """Return the missions with their facts, organizations and countries fetched along."""
    facts = [Prefetch(name, related_rows(model, preview)) for name, model in zip(FACT_NAMES, FACTS, strict=True)]
    return missions.select_related("organization").prefetch_related("countries", *facts)


def case_context(case, preview):
    missions = list(with_facts(case.missions.published(), preview))
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


def with_deaths(missions):
    """Return the missions with their preferred total of fatalities as `death_counts`."""
    totals = (
        Figure.objects.published()
        .filter(measure=Measure.FATALITIES, scope=Scope.ALL, period="", preferred=True)
        .select_related("source")
        .order_by("-as_of")
    )
    return missions.prefetch_related(Prefetch("figures", totals, to_attr="death_counts"))


LEADERS = {"un": "United Nations", "au": "African Union", "ecowas": "ECOWAS", "eu": "European Union", "nato": "NATO"}
OTHER = "other"


def operations_chart():
    """Return how many published missions were active in each year, by who led them."""
    years, this_year = {}, timezone.localdate().year
    for start, end, leader in Mission.objects.published().values_list("started_on", "ended_on", "organization__slug"):
        kind = leader if leader in LEADERS else OTHER
        for year in range(start.year, (end.year if end else this_year) + 1):
            parts = years.setdefault(year, {})
            parts[kind] = parts.get(kind, 0) + 1
    if not years:
        return None
    most = max(years, key=lambda y: (sum(years[y].values()), -y))
    labels = LEADERS | {OTHER: "Others"}
    return {
        "chart": charts.stacked_bars(years, labels),
        "legend": labels.items(),
        "rows": [(y, [parts.get(k, 0) for k in labels], sum(parts.values())) for y, parts in sorted(years.items())],
        "finding": f"The most in one year were {sum(years[most].values())}, in {most}; in {this_year} there are "
        f"{sum(years.get(this_year, {}).values())} that are not known to have ended.",
    }


def all_deaths_chart():
    """Return the deaths by year and cause of all published missions."""
    rows = Figure.objects.published().filter(measure=Measure.FATALITIES, preferred=True).exclude(period="")
    rows = rows.exclude(scope=Scope.ALL).order_by().values_list("period", "scope").annotate(total=Sum("value"))
    years = {}
    for period, scope, total in rows:
        years.setdefault(int(period), {})[scope] = total
    return deaths_chart(years)


def evidence_matrix(items):
    """Return the missions that the items of evidence come from, and one row of cells for each entry.

    A cell is the list of stances in that place, by date.
    """
    cells, down, across = {}, {}, {}
    for item in items:
        down[item.entry.pk], across[item.mission_id] = item.entry, item.mission
        cells.setdefault((item.entry.pk, item.mission_id), []).append(item.stance_label)
    columns = sorted(across.values(), key=lambda m: (m.started_on, m.slug))
    rows = sorted(down.values(), key=lambda e: e.title)
    return columns, [(e, [(m, cells.get((e.pk, m.pk))) for m in columns]) for e in rows]


def evidence_items(topic, missions, entry="", mission=""):
    """Return the published evidence on entries of a kind, on one entry, from one mission, or both."""
    chosen = {f"{topic}__isnull": False}
    if entry:
        chosen[f"{topic}__slug"] = entry
    if mission:
        chosen["mission__slug"] = mission
    return related_rows(Evidence).filter(mission__in=missions, **chosen).order_by("date", "permanent_id")


def counting_page():
    """Return the counting rules with their totals, and how the missions outside the UN list differ from it."""
    missions = list(
        Mission.objects.published().select_related("organization").prefetch_related("counted_by").order_by("started_on")
    )
    rules = list(Term.objects.filter(vocabulary="counting-rule"))
    counted_in = {m.pk: {r.slug for r in m.counted_by.all()} for m in missions}
    for rule in rules:
        rule.total = sum(rule.slug in counted_in[m.pk] for m in missions)
    outside = [m for m in missions if "un-list" not in counted_in[m.pk]]
    groups = [
        ("Led by the United Nations, but political missions", [m for m in outside if m.organization.slug == "un"]),
        ("Led by others, with the authorization of the Security Council",
         [m for m in outside if m.organization.slug != "un" and m.authorization == Authorization.UN_AUTHORIZED]),
        ("Led by others, without it",
         [m for m in outside if m.organization.slug != "un" and m.authorization != Authorization.UN_AUTHORIZED]),
    ]  # fmt: skip
    return {"rules": rules, "total": len(missions), "outside": groups, "outside_total": len(outside)}


def datasets():
    """Return the sources that are datasets, each with its licence and the citation its makers ask for."""
    return Source.objects.filter(Q(kind="dataset") | ~Q(how_to_cite=""))

"""What the pages about many entries at once show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.db.models import Prefetch, Q, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from .. import charts
from ..catalogue import related_rows
from ..choices import Authorization, Measure, Scope
from ..models import KINDS, MODELS, Change, Evidence, Figure, Mission, Source, Term
from ..prose import plain
from .figures import deaths_chart


def changed_lately(number=6):
    """Return the published entries that changed last, newest first, in one query for all kinds."""
    queries = [
        m.objects.published().order_by().values_list(Value(n), "slug", "title", "updated_at")
        for n, m in enumerate(KINDS)
    ]
    rows = sorted(queries[0].union(*queries[1:], all=True), key=lambda r: (-r[3].timestamp(), r[0], r[1]))
    return [{"kind": KINDS[n], "slug": s, "title": t, "updated_at": u} for n, s, t, u in rows[:number]]


def told(number):
    """Return the newest publications of which readers are told, each with its published entry."""
    public = Q(pk=None)
    for model in KINDS:
        public |= Q(kind=model._meta.model_name, entry_id__in=model.objects.published().order_by().values("pk"))
    changes = list(Change.objects.public().filter(public)[:number])
    entries = {}
    for kind in {c.kind for c in changes}:
        found = MODELS[kind].objects.published().filter(pk__in=[c.entry_id for c in changes if c.kind == kind])
        entries |= {(kind, e.pk): e for e in found.only("permanent_id", "slug", "title", "published_at")}
    return [(c, entries[c.kind, c.entry_id]) for c in changes if (c.kind, c.entry_id) in entries]


def first_published(number):
    """Return the entries that were published last for the first time, in one query for all kinds."""
    names = ("permanent_id", "slug", "title", "summary", "published_at")
    queries = [m.objects.published().order_by().values_list(Value(n), *names) for n, m in enumerate(KINDS)]
    rows = queries[0].union(*queries[1:], all=True).order_by("-published_at", "permanent_id")[:number]
    return [KINDS[n](**dict(zip(names, values, strict=True))) for n, *values in rows]


@dataclass(frozen=True)
class News:
    """One publication as a feed tells of it: `id` is a URN that stays whatever the address becomes."""

    entry: object
    id: str
    title: str
    text: str
    published_at: datetime


def news(number=50):
    """Return what was published and changed last, newest first: publications with a note, and first publications."""
    changes = told(number)
    # A first publication is on record too, unless the entry came with the fixtures.
    on_record = {e.permanent_id for change, e in changes if is_first(change, e)}
    items = [told_of(change, entry) for change, entry in changes]
    items += [first(e, plain(e.summary)) for e in first_published(number) if e.permanent_id not in on_record]
    return sorted(items, key=lambda n: (n.published_at, n.id), reverse=True)[:number]


def is_first(change, entry):
    return abs(change.published_at - entry.published_at) < timedelta(minutes=1)


def told_of(change, entry):
    if is_first(change, entry):
        return first(entry, change.note)
    what = "Corrected" if change.is_correction else "Changed"
    name = f"{entry.permanent_id} {change.published_at.isoformat()}"
    return News(entry, urn(name), f"{what}: {entry.title}", change.note, change.published_at)


def first(entry, text):
    title = f"New {entry._meta.verbose_name}: {entry.title}"
    return News(entry, urn(entry.permanent_id), title, text, entry.published_at)


def urn(name):
    return uuid5(NAMESPACE_OID, name).urn


def corrections(number=500):
    """Return the corrections of errors with their entries, newest first."""
    found = list(Change.objects.corrections()[:number])
    entries = {}
    for kind in {c.kind for c in found}:
        pks = [c.entry_id for c in found if c.kind == kind]
        entries |= {(kind, e.pk): e for e in MODELS[kind].objects.filter(pk__in=pks)}
    return [(c, entries[c.kind, c.entry_id]) for c in found]


def with_deaths(missions):
    """Return the missions with their preferred total of fatalities as `death_counts`."""
    totals = (
        Figure.objects.published()
        .filter(measure=Measure.FATALITIES, scope=Scope.ALL, period="", preferred=True)
        .select_related("source")
        .order_by("-as_of")
    )
    return missions.prefetch_related(Prefetch("figures", totals, to_attr="death_counts"))


LEADERS = {"un": gettext_noop("United Nations"), "au": gettext_noop("African Union"), "ecowas": "ECOWAS",
           "eu": gettext_noop("European Union"), "nato": gettext_noop("NATO")}  # fmt: skip
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
    labels = LEADERS | {OTHER: gettext_noop("Others")}
    return {
        "chart": charts.stacked_bars(years, labels),
        "legend": labels.items(),
        "rows": [(y, [parts.get(k, 0) for k in labels], sum(parts.values())) for y, parts in sorted(years.items())],
        "finding": gettext(
            "The most in one year were %(number)d, in %(year)d; in %(now)d there are %(ongoing)d that are not known to "
            "have ended."
        )
        % {
            "number": sum(years[most].values()),
            "year": most,
            "now": this_year,
            "ongoing": sum(years.get(this_year, {}).values()),
        },
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
        (gettext_noop("Led by the United Nations, but political missions"),
         [m for m in outside if m.organization.slug == "un"]),
        (gettext_noop("Led by others, with the authorization of the Security Council"),
         [m for m in outside if m.organization.slug != "un" and m.authorization == Authorization.UN_AUTHORIZED]),
        (gettext_noop("Led by others, without it"),
         [m for m in outside if m.organization.slug != "un" and m.authorization != Authorization.UN_AUTHORIZED]),
    ]  # fmt: skip
    return {"rules": rules, "total": len(missions), "outside": groups, "outside_total": len(outside)}


def datasets():
    """Return the sources that are datasets, each with its licence and the citation its makers ask for."""
    return Source.objects.filter(Q(kind="dataset") | ~Q(how_to_cite=""))

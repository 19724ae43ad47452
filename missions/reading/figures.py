"""Figures put in the order in which a reader meets them, and drawn."""

import datetime
from itertools import groupby

from django.utils.translation import gettext, gettext_noop

from .. import charts
from ..choices import Measure, Scope
from ..languages import number as written_number
from ..languages import translated

AUTHORIZED = (Measure.AUTHORIZED_UNIFORMED, Measure.AUTHORIZED_MILITARY)
DEPLOYED = (Measure.DEPLOYED_UNIFORMED, Measure.DEPLOYED_MILITARY)


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
        "finding": gettext("%(total)s deaths are recorded by year; the most in one year were %(most)s, in %(year)d.")
        % {"total": written_number(total), "most": written_number(number), "year": worst},
    }


def strength_rows(figures, measures):
    """Return the figures of one strength by date: of military and uniformed the one with more values.

    A line of two points tells little.
    """
    return sorted(max((totals(figures, m) for m in measures), key=len), key=lambda f: f.as_of)


def course(label, points):
    """Return from what to what a strength went, in words."""
    (start, first), (stop, last) = points[0], points[-1]
    told = {"label": label, "first": written_number(first), "start": start.year, "last": written_number(last),
            "stop": stop.year}  # fmt: skip
    if len(points) > 1:
        return gettext("%(label)s: from %(first)s in %(start)d to %(last)s in %(stop)d") % told
    return gettext("%(label)s: %(first)s in %(start)d") % told


def strength_chart(mission, figures):
    """Return the chart of authorized and deployed strengths, or None if there are fewer than two values."""
    series = []
    for kind, label, measures in (
        ("authorized", gettext("Authorized"), AUTHORIZED),
        ("deployed", gettext("Deployed"), DEPLOYED),
    ):
        if rows := strength_rows(figures, measures):
            series.append((kind, f"{label} ({translated(counted(rows[0]))})", [(f.as_of, f.value) for f in rows]))
    if sum(len(points) for _, _, points in series) < 2:
        return None
    finding = "; ".join(course(label, points) for _, label, points in series)
    return {"chart": charts.steps(series, mission.ended_on or mission.verified_on), "finding": f"{finding}."}


ALIGNMENTS = (gettext_noop("calendar"), gettext_noop("month"))


def months_into(mission, date):
    """Return how many months after the start of a mission a date lies, in fractions; negative before it."""
    return round((date - mission.started_on).days / 30.4375, 1)


def alignment_ticks(places, align):
    """Return [(place, label)] of the scale under a chart of strengths: years, or months since the start."""
    first, last = min(places), max(places)
    if align == "month":
        step = 12 * charts.round_up(max(1, (last - first) / 96))
        return [(n, f"{n:,}") for n in charts.round_ticks(first, last, step)]
    years = range(datetime.date.fromordinal(first).year, datetime.date.fromordinal(last).year + 1)
    return [(t.at, t.label) for t in charts.year_ticks(years, lambda y: datetime.date(y, 1, 1).toordinal())]


TOPS = (gettext_noop("at most %(n)s authorized (%(whom)s)"), gettext_noop("at most %(n)s deployed (%(whom)s)"))


def top(words, rows):
    most = max(f.value for f in rows)
    return translated(words) % {"n": written_number(most), "whom": translated(counted(rows[0]))}


def compared_strengths(missions, align):
    """Return the chart of the strengths of several missions on one scale, with its table and its finding, or None.

    `align` is one of `ALIGNMENTS`: by the calendar, or by the month of each mission, counted from its start.
    """
    series, table, found = [], [], []
    for mission in missions:
        figures = [f for f in mission.figures.all() if f.as_of]
        place = (lambda d, m=mission: months_into(m, d)) if align == "month" else (lambda d: d.toordinal())
        ceiling, marks = strength_rows(figures, AUTHORIZED), strength_rows(figures, DEPLOYED)
        until = place(mission.ended_on or mission.verified_on)
        points = [[(place(f.as_of), f.value) for f in rows] for rows in (ceiling, marks)]
        series.append(charts.Strengths(str(mission), *points, until))
        table += [(mission, f, months_into(mission, f.as_of)) for f in (*ceiling, *marks)]
        tops = [top(words, rows) for words, rows in zip(TOPS, (ceiling, marks), strict=True) if rows]
        found.append(f"{mission}: {', '.join(tops) or gettext('no strength is recorded')}")
    if not table:
        return None
    series = [s for s in series if s.ceiling or s.marks]
    places = [x for s in series for x in (s.end, *(p for p, _ in (*s.ceiling, *s.marks)))]
    chart = charts.compared(series, alignment_ticks(places, align))
    return {"chart": chart, "rows": table, "finding": f"{'; '.join(found)}.", "align": align}


def amount(figure):
    """Return a figure's value in words, with its unit where that is not persons."""
    value = written_number(figure.value)
    return gettext("US$ %(n)s") % {"n": value} if figure.unit == "US dollars" else value


def counted(figure):
    """Return whom a strength counts: military, police or uniformed."""
    return figure.measure.rpartition("-")[2]


def strengths(label, figures, measures):
    """Return the rows of the key facts on one strength: the highest and the newest value, or the only one."""
    top, newest = highest(figures, *measures), latest(figures, *measures)
    label = translated(label)
    if top == newest:
        only = len(totals(figures, *measures)) == 1
        return [(gettext("%(label)s, only value") % {"label": label} if only else label, top)]
    named = {"label": label}
    return [(gettext("%(label)s, highest") % named, top), (gettext("%(label)s, newest") % named, newest)]

"""Missions and events along the years: the timeline of a list, and the drawn axis above a list of events."""

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from .. import charts
from ..choices import MissionType
from ..languages import together, translated, written
from ..models import Region

GROUPS = (gettext_noop("region"), gettext_noop("type"))
ELSEWHERE = gettext_noop("No region recorded")


def top_regions():
    """Return {primary key of a mission: names of the M49 regions of its countries} in one query."""
    names = {}
    top = Region.objects.filter(parent=None, countries__missions__isnull=False).exclude(m49="")
    for mission, name in top.order_by("name").values_list("countries__missions", "name").distinct():
        names.setdefault(mission, []).append(name)
    return names


def grouped(missions, group):
    """Return [(name, missions)]: regions by name, types in the order of the vocabulary.

    A mission in two regions stands once, under both their names.
    """
    regions, groups = top_regions() if group == "region" else {}, {}
    for mission in missions:
        names = (mission.get_type_display(),) if group == "type" else tuple(regions.get(mission.pk, [ELSEWHERE]))
        groups.setdefault(names, []).append(mission)

    def order(names):
        return MissionType.labels.index(names[0]) if group == "type" else (names == (ELSEWHERE,), *names)

    return [(together(names), groups[names]) for names in sorted(groups, key=order)]


VAGUE = {
    ("start", "month"): gettext_noop("start known to the month only"),
    ("start", "year"): gettext_noop("start known to the year only"),
    ("end", "month"): gettext_noop("end known to the month only"),
    ("end", "year"): gettext_noop("end known to the year only"),
}


def in_words(mission):
    """Return start and end of a mission as exactly as they are known, and what is not known of them."""
    told = {
        "start": written(mission.started_on, mission.started_precision),
        "end": written(mission.ended_on, mission.ended_precision),
        "seen": written(mission.verified_on),
    }
    words = gettext("%(start)s to %(end)s") if mission.ended_on else gettext("%(start)s to present, as of %(seen)s")
    vague = [VAGUE.get(("start", mission.started_precision)), VAGUE.get(("end", mission.ended_precision))]
    return "; ".join([words % told, *map(translated, filter(None, vague))])


def bar(mission, years, today):
    """Return the bar of a mission on a scale of years, with the places of the ends that are known roughly."""
    stop = mission.ended_on or max(today, mission.started_on)
    at, width = years.span(mission.started_on, stop)
    ends = ((mission.started_precision, at), (mission.ended_precision, round(at + width, 2)))
    return {
        "mission": mission,
        "at": at,
        "width": width,
        "tip": None if mission.ended_on else round(at + width, 2),
        "rough": [place for precision, place in ends if precision not in ("day", "")],
        "title": in_words(mission),
    }


def timeline(listing, group):
    """Return the timeline of all rows of a list of missions: its ticks, and [(name, bars)] for each group.

    The rows stand in the order that the query asks for, else by their start.
    """
    rows = listing.rows if listing.cleaned.get("ordering") else listing.rows.order_by("started_on", "slug")
    missions, today = list(rows), timezone.localdate()
    if not missions:
        return {"ticks": [], "groups": []}
    last = max([today, *(m.ended_on or m.started_on for m in missions)]).year
    years = charts.Years(min(m.started_on for m in missions).year, last)
    groups = [(name, [bar(m, years, today) for m in some]) for name, some in grouped(missions, group)]
    return {"ticks": years.ticks(), "groups": groups}


def shape(event):
    """Return how an event is drawn: decisions on the mandate as diamonds, and open if its day is not known."""
    form = "decision" if event.is_mandate_decision else "other"
    return form if event.precision == "day" else f"{form} rough"


def event_lanes(missions, events):
    """Return the events of missions on one axis, one lane a mission; None if there is nothing to draw.

    `events` are sorted by date. A dot leads to the event in the list, which is the full record.
    """
    dated = [e for e in events if e.date]
    rows = [
        (
            str(m),
            m.started_on,
            m.ended_on,
            [
                (e.date, shape(e), f"{written(e.date, e.precision)}: {e.title}", f"event-{e.permanent_id}")
                for e in dated
                if e.mission_id == m.pk
            ],
        )
        for m in sorted(missions, key=lambda m: (m.started_on or timezone.localdate(), m.slug))
        if m.started_on
    ]
    return charts.lanes(rows, timezone.localdate()) if rows and dated else None

"""The charts of a page as things of their own: what is drawn, what its colours mean, and the numbers behind it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..choices import Measure


@dataclass(frozen=True)
class Picture:
    """`drawing` names the template of the shapes, `data` is what it draws; `lines` are the numbers under `header`."""

    name: str
    title: str
    drawing: str
    data: dict
    chart: dict
    legend: Iterable
    header: tuple
    lines: list


def bars(name, title, made):
    legend = list(made["legend"])
    header = ("year", *(kind for kind, _ in legend), "total")
    lines = [(year, *("" if n is None else n for n in parts), total) for year, parts, total in made["rows"]]
    return Picture(
        name, title, "bars", {"data": made}, made["chart"], [("bar", *pair) for pair in legend], header, lines
    )


def strengths(mission, made, figures):
    header = ("measure", "as_of", "precision", "value", "preferred", "source")
    kept = [f for f in figures if f.measure.startswith(("authorized", "deployed"))]
    order = list(Measure)
    rows = sorted(kept, key=lambda f: (order.index(f.measure), f.as_of, not f.preferred))
    lines = [(f.measure, f.as_of.isoformat(), f.as_of_precision, f.value, str(f.preferred).lower(), f.source.slug)
             for f in rows]  # fmt: skip
    legend = [("point", line["kind"], line["label"]) for line in made["chart"]["series"]]
    return Picture("strengths", f"{mission}: strength over time", "strengths", {"data": made}, made["chart"], legend,
                   header, lines)  # fmt: skip


def lineage(mission, made):
    lines = [(m.slug, str(m), m.started_on.isoformat(), m.ended_on.isoformat() if m.ended_on else "")
             for m in made["missions"]]  # fmt: skip
    header = ("mission", "acronym", "started_on", "ended_on")
    return Picture("lineage", f"{mission}: linked operations", "lineage", {"lineage": made}, made["chart"], [], header,
                   lines)  # fmt: skip


def events(title, made, found):
    lines = [(e.date.isoformat() if e.date else "", e.precision, e.mission.slug, e.kind, e.title, e.source.slug)
             for e in found]  # fmt: skip
    legend = [("dot", "decision", "decision on the mandate"), ("dot", "other", "other event")]
    header = ("date", "precision", "mission", "kind", "title", "source")
    return Picture("events", f"{title}: events along the years", "lanes", {"lanes": made}, made, legend, header, lines)


def pictures(entry, context):
    """Return {name: Picture} of the charts that the page of an entry shows, from the context of that page."""
    found, figures = [], [f for m in context.get("missions", ()) for f in m.figures.all() if f.as_of]
    if made := context.get("strength_chart"):
        found.append(strengths(entry, made, figures))
    if made := context.get("deaths_chart"):
        found.append(bars("deaths", f"{entry}: deaths of personnel by year and cause", made))
    if made := context.get("lineage"):
        found.append(lineage(entry, made))
    if made := context.get("lanes"):
        found.append(events(str(entry), made, context["events"]))
    return {picture.name: picture for picture in found}


def trend_pictures(operations, deaths):
    """Return {name: Picture} of the two charts of the register as a whole; either may be None."""
    titles = {"operations": "Operations active in each year, by who led them",
              "deaths": "Deaths of UN personnel by year and cause"}  # fmt: skip
    made = {"operations": operations, "deaths": deaths}
    return {name: bars(name, title, made[name]) for name, title in titles.items() if made[name]}

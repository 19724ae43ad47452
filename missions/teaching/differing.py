"""Where sources differ, as exercises: rival numbers, rival dates, judgements that differ. The answer is kept apart."""

from dataclasses import dataclass

from django.utils.translation import gettext

from ..choices import EventKind, Scope
from ..languages import in_english, translated, written
from ..reading import amount


@dataclass(frozen=True)
class Claim:
    """What one source says; `verdict` is told only in the answer."""

    text: str
    source: object
    locator: str = ""
    who: str = ""
    yardstick: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Exercise:
    """Claims that cannot all be taken over, and what this knowledge base does with them."""

    kind: str  # figure, date or judgement
    mission: object
    title: str
    claims: tuple
    preferred: str = ""
    reason: str = ""


def of_figures(mission, figures):
    """Yield an exercise for each number of which the register holds several values for the same date."""
    rivals = {}
    for f in figures:
        rivals.setdefault((f.measure, f.scope, f.as_of, f.period), []).append(f)
    for rows in rivals.values():
        rows.sort(key=lambda f: (f.value, f.permanent_id))
        chosen = next((f for f in rows if f.preferred), None)
        if chosen is None or len({f.value for f in rows}) < 2:
            continue
        scope = translated(chosen.get_scope_display()).lower() if chosen.scope != Scope.ALL else ""
        parts = [translated(chosen.get_measure_display()), scope]
        when = chosen.period or written(chosen.as_of, chosen.as_of_precision)
        claims = tuple(Claim(amount(f), f.source, f.locator) for f in rows)
        yield Exercise("figure", mission, ", ".join([*filter(None, parts), when]), claims, amount(chosen), chosen.note)


def of_dates(mission, events):
    """Yield an exercise for each event that another source dates differently from the dates of the mission."""
    for event in events:
        if event.preferred or not event.date:
            continue
        is_end = event.kind == EventKind.CLOSURE
        date = mission.ended_on if is_end else mission.started_on
        precision = mission.ended_precision if is_end else mission.started_precision
        if date is None or (date, precision) == (event.date, event.precision):
            continue
        kept = written(date, precision)
        pairs = sorted([(date, Claim(kept, mission.dates_source)),
                        (event.date, Claim(written(event.date, event.precision), event.source, event.locator))],
                       key=lambda pair: pair[0])  # fmt: skip
        title = gettext("Its end") if is_end else gettext("Its start")
        yield Exercise("date", mission, title, tuple(claim for _date, claim in pairs), kept, event.note)


def of_judgements(mission, assessments):
    """Yield an exercise where assessors came to different verdicts: the newest judgement for each verdict."""
    newest = {}
    for a in sorted((a for a in assessments if a.date), key=lambda a: (a.date, a.permanent_id)):
        newest[a.verdict] = a
    if len(newest) < 2:
        return
    claims = [
        Claim(in_english(a.text), a.source, a.locator, a.assessor, a.yardstick, translated(a.get_verdict_display()))
        for a in sorted(newest.values(), key=lambda a: (a.date, a.permanent_id))
    ]
    yield Exercise("judgement", mission, gettext("How it is judged"), tuple(claims))


def exercises(told):
    """Return the exercises of missions, numbers before dates before judgements."""
    found = []
    for make, rows in ((of_figures, "figures"), (of_dates, "events"), (of_judgements, "assessments")):
        for one in told:
            found += make(one.mission, sorted(getattr(one.mission, rows).all(), key=lambda fact: fact.permanent_id))
    return found

"""Questions on one mission.

A wrong choice is one that the register itself says is not so; where it cannot say, nothing is asked.
"""

from django.utils.translation import gettext

from ..choices import EventKind, Measure, Vocabulary
from ..languages import filled, in_english, number, translated, written
from ..models import Figure, Mission, Organization, Term
from ..reading import amount, counted
from ..reading.figures import AUTHORIZED, DEPLOYED, differing, highest, latest
from .on_topics import stances
from .questions import ONE_RESOLUTION, YEAR, asked, resolutions

MOST = 10
AT_START = {EventKind.ESTABLISHMENT, EventKind.OPERATIONAL, EventKind.TRANSITION}
AT_END = {EventKind.CLOSURE, EventKind.TRANSITION}
DATABLE = {EventKind.VIOLENCE, EventKind.DISASTER, EventKind.ACCOUNTABILITY, EventKind.TRANSITION}
DECIDING = {EventKind.ESTABLISHMENT, EventKind.MANDATE_CHANGE}
TELLING = 60  # characters of title and text that tell one event from all others
APART, TOO_FAR = 3, 60  # how many times larger or smaller a wrong number is, at least and at most
SAME_BODY = {"au", "oau"}  # one followed the other
POOLED = "Pooled"  # how the note of a figure begins that covers other missions as well


class Pool:
    """What wrong choices are taken from: the other published missions, organizations, tasks and figures."""

    def __init__(self, told):
        self.told, self.mission = told, told.mission
        fields = ("slug", "acronym", "founding_instrument", "started_on", "ended_on", "organization")
        others = Mission.objects.published().exclude(pk=self.mission.pk).only(*fields).prefetch_related("countries")
        self.others = sorted(others, key=lambda m: (abs(m.started_on - self.mission.started_on), m.slug))
        self.own_resolutions = self.named_by_own()

    def named_by_own(self):
        """Return every resolution that the mission itself, its decisions or the sources of its facts name."""
        m = self.mission
        texts = [m.founding_instrument, m.type_note, m.chapter_note, m.dates_note]
        texts += [s.symbol for s in (m.founding_source, m.dates_source, m.mandate_source) if s]
        for name in ("figures", "events", "tasks", "assessments", "evidence"):
            texts += [fact.source.symbol for fact in getattr(m, name).all() if fact.source]
        texts += [f"{e.symbol} {e.title} {e.text}" for e in m.events.all()]
        return set().union(*map(resolutions, texts))


def key_facts(mission):
    return f"{mission.url}#key-facts"


def founding(pool):
    """Ask which decision founded the mission; none that has to do with it in any way is a wrong choice."""
    m = pool.mission
    if not ONE_RESOLUTION.fullmatch(m.founding_instrument):
        return
    instruments = [
        o.founding_instrument
        for o in pool.others
        if ONE_RESOLUTION.fullmatch(o.founding_instrument)
        and not resolutions(o.founding_instrument) & pool.own_resolutions
    ][:8]
    text = gettext("Which decision founded %(mission)s?") % {"mission": m}
    told = gettext("%(mission)s was founded by %(instrument)s.") % {"mission": m, "instrument": m.founding_instrument}
    key = f"{m.permanent_id} founding"
    yield asked(key, text, m.founding_instrument, instruments, key_facts(m), told, m.founding_source)


def years_near(pool, right, taken, name):
    """Return the years in which others began or ended, nearest first, without those that could be meant as well."""
    years = {getattr(o, name).year for o in pool.others if getattr(o, name)} - taken
    return [str(y) for y in sorted(years, key=lambda y: (abs(y - right), y))][:8]


def begun_and_ended(pool):
    """Ask for the year of the start and of the end; a year of any event that could be meant is no wrong choice."""
    m, events = pool.mission, list(pool.mission.events.all())
    for name, kinds, text, told in (
        (
            "started_on",
            AT_START,
            gettext("In which year did %(mission)s start?"),
            gettext("%(mission)s started %(date)s."),
        ),
        ("ended_on", AT_END, gettext("In which year did %(mission)s end?"), gettext("%(mission)s ended %(date)s.")),
    ):
        date = getattr(m, name)
        if date is None:
            continue
        precision = m.started_precision if name == "started_on" else m.ended_precision
        taken = {date.year} | {e.date.year for e in events if e.date and e.kind in kinds}
        said = told % {"mission": m, "date": written(date, precision)}
        key = f"{m.permanent_id} {name}"
        pooled = years_near(pool, date.year, taken, name)
        yield asked(key, text % {"mission": m}, str(date.year), pooled, key_facts(m), said, m.dates_source)


def leader(pool):
    """Ask which organization led it, where no other body had a hand in the same countries."""
    m = pool.mission
    here = {c.pk for c in m.countries.all()}
    near = {o.organization_id for o in pool.others if here & {c.pk for c in o.countries.all()}}
    linked = {end.organization_id for s in pool.told.links for end in (s.predecessor, s.successor)}
    bodies = [o for o in Organization.objects.filter(missions__in=[o.pk for o in pool.others]).distinct() if o.acronym]
    if not m.organization.acronym:  # a State, or a coalition of some
        return
    alike = SAME_BODY if m.organization.slug in SAME_BODY else set()
    names = [o.name for o in bodies if o.pk not in near | linked and o.slug not in alike]
    text = gettext("Which organization led %(mission)s?") % {"mission": m}
    told = gettext("%(mission)s was led by: %(leader)s.") % {"mission": m, "leader": translated(m.organization.name)}
    key = f"{m.permanent_id} leader"
    yield asked(key, text, m.organization.name, names, key_facts(m), told, m.founding_source or m.type_source)


def strengths_and_deaths(pool):
    """Ask for numbers by their order of magnitude; those on which sources differ, or that are pooled, are left out."""
    told, m = pool.told, pool.mission
    apart = differing(told.figures)
    for measures, pick, name, text in (
        (
            AUTHORIZED,
            highest,
            "authorized",
            gettext("What is the highest strength authorized for %(mission)s on record?"),
        ),
        (DEPLOYED, highest, "deployed", gettext("What is the largest number deployed in %(mission)s on record?")),
        (
            (Measure.FATALITIES,),
            latest,
            "deaths",
            gettext("How many deaths does the newest total of %(mission)s count?"),
        ),
    ):
        figure = pick(told.figures, *measures)
        if figure is None or figure.value < 1 or figure.pk in apart or figure.note.startswith(POOLED):
            continue
        whom = f" {translated(counted(figure))}" if name != "deaths" else ""
        said = f"{amount(figure)}{whom}, {written(figure.as_of, figure.as_of_precision)}."
        wrong = [f"{value:,}" for value in far_apart(figure, told.figures)]
        key, address = f"{figure.permanent_id} {name}", f"{m.url}#figures"
        question = asked(
            key, text % {"mission": m}, f"{figure.value:,}", wrong, address, said, figure.source,
            locator=figure.locator, shown=number_in_words,
        )  # fmt: skip
        yield question


def number_in_words(choice):
    return number(int(choice.replace(",", "")))


def times(one, other):
    """Return how many times the larger of two numbers is the smaller."""
    return max(one, other) / min(one, other)


def far_apart(figure, own):
    """Return values recorded of other missions for the same measure, far from the right one and from each other."""
    rivals = Figure.objects.published().filter(measure=figure.measure, scope=figure.scope, period="", preferred=True)
    values = rivals.exclude(mission=figure.mission_id).order_by().values_list("value", flat=True).distinct()
    known = {f.value for f in own if f.measure == figure.measure}
    near = [v for v in values if v > 0 and v not in known and times(v, figure.value) <= TOO_FAR]
    kept = [figure.value]
    for value in sorted(near, key=lambda v: (times(v, figure.value), v)):
        if all(times(value, k) >= APART for k in kept):
            kept.append(value)
    return kept[1:]


def tasks(pool):
    """Ask for a task that is coded from the mandate among such as are not, and for the decision that gave it first."""
    m, given = pool.mission, list(pool.mission.tasks.all())
    if not given:
        return
    coded = {t.task.slug for t in given} | {t["task"] for e in m.events.all() for t in e.tasks}
    terms = Term.objects.filter(vocabulary=Vocabulary.MANDATE_TASK).exclude(slug__in=coded)
    others = [t.label_text for t in terms]
    for task in given:
        when = written(task.date, task.precision)
        told = gettext("%(task)s: first given %(date)s.") % {"task": translated(task.task), "date": when}
        address, key = f"{m.url}#mandate", task.permanent_id
        text = gettext("Which of these tasks is coded from the decisions on %(mission)s?") % {"mission": m}
        yield asked(f"{key} given", text, str(task.task), others, address, told, task.source, locator=task.locator)


def first_decisions(pool):
    """Ask which of the decisions on the mission first gave it a task."""
    m = pool.mission
    decisions = [(e.symbol, e.date) for e in m.events.all() if e.symbol and e.date and e.preferred]
    for task in m.tasks.all():
        right = task.source.symbol
        if not right or right not in {symbol for symbol, _date in decisions}:
            continue
        wrong = [symbol for symbol, date in decisions if not resolutions(symbol) & resolutions(right)
                 and date != task.date]  # fmt: skip
        words = {"task": translated(task.task), "mission": m}
        told = gettext("%(decision)s of %(date)s gave it first.") % {
            "decision": right, "date": written(task.date, task.precision)}  # fmt: skip
        text = gettext("Which decision first gave %(mission)s this task: %(task)s?") % words
        key, address = f"{task.permanent_id} first", f"{m.url}#mandate"
        yield asked(key, text, right, wrong, address, told, task.source, locator=task.locator)


def in_full(event):
    return f"{event.title}. {event.text}".strip().removesuffix(". ") if event.text else event.title


def when_it_happened(pool):
    """Ask for the year of an event that its words tell from all others and whose year they do not give away."""
    m = pool.mission
    dated = [e for e in m.events.all() if e.date]
    for event in dated:
        words = in_full(event)
        rivals = {e.date.year for e in dated if e.title == event.title or (e.kind == event.kind and not e.preferred)}
        is_clear = event.preferred and event.kind in DATABLE and len(words) >= TELLING and not YEAR.search(words)
        if not is_clear or rivals - {event.date.year}:
            continue
        years = {e.date.year for e in dated} - {event.date.year}
        near = [str(y) for y in sorted(years, key=lambda y: (abs(y - event.date.year), y))][:6]
        address = f"{m.url}#event-{event.permanent_id}"
        words_told = {"date": written(event.date, event.precision), "event": in_english(event.title)}
        told = filled(gettext("%(date)s: %(event)s."), words_told)
        text = gettext("In which year did this happen, in the time of %(mission)s?") % {"mission": m}
        key, right = f"{event.permanent_id} year", str(event.date.year)
        yield asked(key, text, right, near, address, told, event.source, locator=event.locator, quoted=words)


def which_decision(pool):
    """Ask which decision did something that only it did: its words hold a number and name no decision."""
    m = pool.mission
    decisions = [e for e in m.events.all() if e.symbol and e.date and e.preferred and e.kind in DECIDING]
    for event in decisions:
        words = in_full(event)
        has_number = any(c.isdigit() for c in YEAR.sub("", words))
        if not has_number or resolutions(words) or len(words) < TELLING:
            continue
        wrong = [e.symbol for e in decisions if e.date != event.date and in_full(e) != words
                 and not resolutions(e.symbol) & resolutions(event.symbol)]  # fmt: skip
        text = gettext("Which decision on %(mission)s did this?") % {"mission": m}
        told = f"{event.symbol}, {written(event.date, event.precision)}."
        key, address = f"{event.permanent_id} decision", f"{m.url}#event-{event.permanent_id}"
        yield asked(key, text, event.symbol, wrong, address, told, event.source, locator=event.locator, quoted=words)


def observations(pool):
    """Ask how observations of the mission are recorded."""
    return stances(list(pool.mission.evidence.all()))


MAKERS = (
    founding, begun_and_ended, leader, strengths_and_deaths, tasks, first_decisions, when_it_happened, which_decision,
    observations,
)  # fmt: skip

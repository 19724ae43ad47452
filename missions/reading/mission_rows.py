"""The rows in which missions are compared: each says what one mission has, with its date and its source."""

from itertools import groupby

from django.db.models import Prefetch
from django.utils.translation import gettext, gettext_noop, ngettext

from ..choices import Authorization, Chapter, Measure, MissionType
from ..languages import in_english, translated
from ..models import CaseStudy, Mission, Succession
from .cells import NOT_APPLICABLE, NOT_NAMED, Cell, Part, Row, cell, cite, day
from .entries import facts_along
from .figures import AUTHORIZED, DEPLOYED, amount, counted, differing, highest, latest, order_key, strength_rows


class Told:
    """A mission with its facts in order, for the functions that fill its cells."""

    def __init__(self, mission, links):
        self.mission = mission
        self.figures = [f for f in mission.figures.all() if f.as_of]
        self.differing = differing(self.figures)
        self.events = sorted((e for e in mission.events.all() if e.date and e.preferred), key=order_key)
        self.links = [s for s in links if mission.pk in (s.predecessor_id, s.successor_id) and s.is_published]
        self.is_ongoing = mission.ended_on is None


def told(queryset, slugs):
    """Return the missions with these addresses, in this order, with all that their rows read."""
    cases = Prefetch("case_studies", CaseStudy.objects.published())
    missions = queryset.filter(slug__in=slugs).select_related(*Mission.read_with).prefetch_related(*facts_along())
    found = {m.slug: m for m in missions.prefetch_related("countries__regions", "counted_by", cases)}
    links = list(Succession.objects.linked())
    return [Told(found[slug], links) for slug in slugs]


def started(one):
    m = one.mission
    return cell(day(m.started_on, m.started_precision, sources=cite(m.dates_source)))


def ended(one):
    m = one.mission
    if one.is_ongoing:
        return Cell((Part(gettext("ongoing"), date=m.verified_on),), NOT_APPLICABLE)
    return cell(day(m.ended_on, m.ended_precision, sources=cite(m.dates_source)))


def length(start, end):
    """Return the time between two dates in words, in whole months or, under one month, in days."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    if months < 1:
        number = (end - start).days
        return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    years, months = divmod(months, 12)
    parts = [
        ngettext("%(n)d year", "%(n)d years", years) % {"n": years} if years else "",
        ngettext("%(n)d month", "%(n)d months", months) % {"n": months} if months else "",
    ]
    return " ".join(filter(None, parts))


def duration(one):
    m = one.mission
    rough = any(p not in ("day", "") for p in (m.started_precision, m.ended_precision))
    text = length(m.started_on, m.ended_on or max(m.verified_on, m.started_on))
    text = gettext("about %(time)s") % {"time": text} if rough else text
    if one.is_ongoing:
        return cell(Part(gettext("%(time)s so far") % {"time": text}, date=m.verified_on, sources=cite(m.dates_source)))
    return cell(Part(text, sources=cite(m.dates_source)))


def mandate_to(one):
    m = one.mission
    if not one.is_ongoing:
        return Cell((Part(gettext("closed")),), NOT_APPLICABLE)
    remark = gettext("renewal not verified") if m.renewal_unverified else ""
    return cell(m.mandate_ends_on and day(m.mandate_ends_on, sources=cite(m.mandate_source), remark=remark))


def led_by(one):
    return cell(Part(translated(one.mission.organization.name)))


def authorization(one):
    known = one.mission.authorization != Authorization.NOT_RECORDED
    return cell(known and Part(translated(one.mission.get_authorization_display())))


def instrument(one):
    m = one.mission
    return cell(m.founding_instrument and Part(m.founding_instrument, sources=cite(m.founding_source)))


def chapter(one):
    m = one.mission
    basis = f", {translated(m.get_chapter_basis_display()).lower()}" if m.chapter_basis else ""
    known = m.chapter != Chapter.NOT_RECORDED
    return cell(known and Part(translated(m.get_chapter_display()) + basis, sources=cite(m.founding_source)))


def kind(one):
    m = one.mission
    note = m.type_note if m.type == MissionType.OTHER else ""
    return cell(
        Part(translated(m.get_type_display()), sources=cite(m.type_source), remark=in_english(note)), key=m.type
    )


def robust(one):
    robust = one.mission.robust
    return cell(robust is not None and Part(gettext("authorized") if robust else gettext("not authorized")))


def newest_decision(one):
    decisions = [e for e in one.events if e.is_mandate_decision]
    return cell(*(Part(e.symbol, date=e.date, precision=e.precision, when="of", sources=cite(e.source, e.locator))
                  for e in decisions[-1:]))  # fmt: skip


def countries(one):
    return cell(*(Part(translated(c.name), remark=in_english(c.note)) for c in one.mission.countries.all()))


def regions(one):
    return cell(*(Part(translated(r.name)) for r in one.mission.regions if r.parent_id is None))


def number(one, figure, text=None, remark=""):
    """Return the cell of a figure; “sources differ” where another value is held beside the preferred one."""
    if figure is None:
        return cell()
    remark = "; ".join(filter(None, [remark, gettext("sources differ") if figure.pk in one.differing else ""]))
    part = Part(text or amount(figure), date=figure.as_of, precision=figure.as_of_precision,
                sources=cite(figure.source, figure.locator), remark=remark)  # fmt: skip
    return cell(part)


def strength(pick, measures):
    """Return the function that fills the row of one strength: the figure that `pick` takes, and whom it counts.

    As in the chart, it is taken from the measure with more values, so that highest and newest are of one measure.
    """

    def fill(one):
        figure = pick(strength_rows(one.figures, measures), *measures)
        return number(one, figure, figure and f"{amount(figure)} {translated(counted(figure))}")

    return fill


def deaths(one):
    figure = latest(one.figures, Measure.FATALITIES)
    return number(one, figure, remark=figure.note if figure and figure.note.startswith("Pooled") else "")


def budget(one):
    newest = max((f for f in one.figures if f.measure == Measure.BUDGET and f.preferred), key=lambda f: f.as_of,
                 default=None)  # fmt: skip
    return number(one, newest, remark=newest.period if newest else "")


def linked(pick):
    """Return the function that fills the row of the missions at the other end of the links that `pick` keeps."""

    def fill(one):
        links = [s for s in one.links if pick(one.mission, s)]
        ends = [s.successor if s.predecessor_id == one.mission.pk else s.predecessor for s in links]
        parts = [
            Part(
                str(m),
                m.get_absolute_url(),
                s.date,
                s.precision,
                "on",
                cite(s.source, s.locator),
                translated(s.get_kind_display()),
            )
            for s, m in zip(links, ends, strict=True)
        ]
        return cell(*parts, key=frozenset(m.slug for m in ends))

    return fill


predecessors = linked(lambda m, s: s.successor_id == m.pk and not s.is_parallel)
followed = linked(lambda m, s: s.predecessor_id == m.pk and not s.is_parallel)
alongside = linked(lambda m, s: s.is_parallel)


def successors(one):
    after = followed(one)
    return Cell((Part(gettext("ongoing")),), NOT_APPLICABLE) if one.is_ongoing and not after.parts else after


def case_studies(one):
    return cell(*(Part(c.title, c.get_absolute_url()) for c in one.mission.case_studies.all()))


def counted_by(one):
    return cell(*(Part(translated(rule), rule.get_absolute_url()) for rule in one.mission.counted_by.all()))


def assessments(one):
    """Count the judgements by verdict; a count of none would say more than is known."""
    found = sorted((a for a in one.mission.assessments.all() if a.date), key=lambda a: (a.verdict, order_key(a)))
    parts = []
    for verdict, group in groupby(found, key=lambda a: a.get_verdict_display()):
        some = list(group)
        text = f"{len(some)} {translated(verdict).lower()}"
        parts.append(Part(text, date=some[-1].date, precision=some[-1].precision, when="newest",
                          sources=tuple((a.source, a.locator) for a in some)))  # fmt: skip
    return cell(*parts)


def task_part(task):
    strength = [] if task.strength == "requested" else [translated(task.get_strength_display()).lower()]
    how = [*map(translated, task.modality), *strength]
    return Part(", ".join(how) or gettext("given"), date=task.date, precision=task.precision, when="first given",
                sources=cite(task.source, task.locator))  # fmt: skip


def task_rows(all_told):
    """Return a row for each task that any of the missions was given.

    A mission whose mandate is coded and does not name the task is “not named”, one that is not coded “not recorded”.
    """
    given = [{t.task: t for t in one.mission.tasks.all()} for one in all_told]
    absent = [Cell(state=NOT_NAMED) if tasks else cell() for tasks in given]
    union = sorted({t for tasks in given for t in tasks}, key=lambda t: (t.group, t.label))
    return [
        Row("tasks", str(term), tuple(cell(task_part(tasks[term])) if term in tasks else none
                                      for tasks, none in zip(given, absent, strict=True)),
            term.slug, term.get_absolute_url())
        for term in union
    ]  # fmt: skip


def evidence_rows(topic):
    """Return the function that makes a row for each principle, challenge or trend that any mission has evidence on."""

    def rows(all_told):
        seen = [{} for _ in all_told]
        for places, one in zip(seen, all_told, strict=True):
            for item in sorted(one.mission.evidence.all(), key=order_key):
                if item.kind == topic:
                    places.setdefault(item.entry, []).append(item)
        union = sorted({e for places in seen for e in places}, key=lambda e: e.title)
        return [
            Row(
                f"{topic}s", e.title, tuple(stances(places.get(e, [])) for places in seen), e.slug, e.get_absolute_url()
            )
            for e in union
        ]

    return rows


def stances(items):
    parts = [Part(translated(i.stance_label), "", i.date, i.precision, "", cite(i.source, i.locator)) for i in items]
    return cell(*parts, key=frozenset(i.stance for i in items))


# What holds one value for each mission, in groups and in order, then what is a list of its own.
FIELDS = {
    "dates": (gettext_noop("Dates"), {
        "started": (gettext_noop("Started"), started),
        "ended": (gettext_noop("Ended"), ended),
        "duration": (gettext_noop("Duration"), duration),
        "mandate-to": (gettext_noop("Mandate to"), mandate_to),
    }),
    "authority": (gettext_noop("Character and authority"), {
        "led-by": (gettext_noop("Led by"), led_by),
        "authorization": (gettext_noop("Authorization"), authorization),
        "instrument": (gettext_noop("Founded by"), instrument),
        "chapter": (gettext_noop("Chapter and basis"), chapter),
        "type": (gettext_noop("Type"), kind),
        "robust": (gettext_noop("Force beyond self-defence"), robust),
        "newest-decision": (gettext_noop("Newest decision held"), newest_decision),
    }),
    "place": (gettext_noop("Where"), {
        "countries": (gettext_noop("Countries"), countries),
        "regions": (gettext_noop("Region"), regions),
    }),
    "strength": (gettext_noop("Strength"), {
        "authorized-highest": (gettext_noop("Authorized, highest"), strength(highest, AUTHORIZED)),
        "authorized-newest": (gettext_noop("Authorized, newest"), strength(latest, AUTHORIZED)),
        "deployed-highest": (gettext_noop("Deployed, highest"), strength(highest, DEPLOYED)),
        "deployed-newest": (gettext_noop("Deployed, newest"), strength(latest, DEPLOYED)),
    }),
    "cost": (gettext_noop("Deaths and budget"), {
        "deaths": (gettext_noop("Deaths"), deaths),
        "budget": (gettext_noop("Budget"), budget),
    }),
    "lineage": (gettext_noop("Before, beside and after"), {
        "predecessors": (gettext_noop("Predecessors"), predecessors),
        "successors": (gettext_noop("Successors"), successors),
        "alongside": (gettext_noop("Alongside"), alongside),
    }),
    "told": (gettext_noop("Judged, told and counted"), {
        "assessments": (gettext_noop("Assessments"), assessments),
        "case-studies": (gettext_noop("Told in"), case_studies),
        "counted-by": (gettext_noop("Counted by"), counted_by),
    }),
}  # fmt: skip
LISTS = {
    "tasks": (gettext_noop("Mandated tasks"), task_rows),
    "principles": (gettext_noop("Principles"), evidence_rows("principle")),
    "challenges": (gettext_noop("Challenges"), evidence_rows("challenge")),
    "trends": (gettext_noop("Trends"), evidence_rows("trend")),
}


def choices():
    """Return {group: (label, {row: label})} of all that can be chosen; a list is a group of one."""
    fields = {group: (label, {n: text for n, (text, _) in rows.items()}) for group, (label, rows) in FIELDS.items()}
    return fields | {name: (label, {name: label}) for name, (label, _) in LISTS.items()}


def rows(all_told, wanted):
    """Return [(group, label, rows)] of the wanted rows, without groups that have none."""
    groups = []
    for group, (label, fields) in FIELDS.items():
        found = [Row(n, text, tuple(map(fill, all_told))) for n, (text, fill) in fields.items() if n in wanted]
        groups.append((group, label, found))
    groups += [(name, label, make(all_told)) for name, (label, make) in LISTS.items() if name in wanted]
    return [g for g in groups if g[2]]

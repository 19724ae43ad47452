"""What has not been looked at for long, and the word of an editor that it is still correct."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Subquery, Value
from django.utils import timezone

from ..choices import Measure, Scope
from ..models import KINDS, Confirmation, Figure, Mission
from .heaps import NAMES, Row, form_of

YEAR = timedelta(days=365)
# Strengths and deaths are counted anew every month. A ceiling holds until a decision changes it.
FIGURES_AGE = {"deployed": YEAR, "fatalities": YEAR, "authorized": 2 * YEAR}
STATUS_AGE = YEAR  # of the newest evidence that a mission goes on
REVIEW_AGE = 2 * YEAR  # of the last change or confirmation of an entry
REASONS = {"status": "no new evidence", "text": "not reviewed"}


def groups():
    """Return the vocabulary of what stale figures count."""
    return {"deployed": "deployed strength", "fatalities": "fatalities", "authorized": "authorized strength"}


def reasons():
    """Return the vocabulary of why an entry is listed."""
    return REASONS


def group_of(measure):
    """Return what a figure counts, whomever it counts: authorized, deployed, fatalities or budget."""
    return measure.partition("-")[0]


def newest_figures():
    """Return the newest preferred total of each group for each ongoing published mission, with the day on which it was
    last confirmed as `confirmed_on`: {(slug of the mission, group): figure}, in one query."""
    confirmed = Confirmation.objects.filter(kind="figure", permanent_id=OuterRef("permanent_id"))
    figures = (
        Figure.objects.published()
        .filter(mission__ended_on__isnull=True, preferred=True, scope=Scope.ALL, period="")
        .annotate(confirmed_on=Subquery(confirmed.order_by("-confirmed_on").values("confirmed_on")[:1]))
        .order_by("as_of", "permanent_id")
        .values_list("pk", "permanent_id", "measure", "value", "as_of", "confirmed_on", "mission__slug",
                     "mission__acronym", named=True)
    )  # fmt: skip
    return {(f.mission__slug, group_of(f.measure)): f for f in figures}


def stale_figures(user):
    today, rows = timezone.localdate(), []
    for (_, group), figure in newest_figures().items():
        seen = max(figure.as_of, figure.confirmed_on or date.min)
        if group in FIGURES_AGE and seen < today - FIGURES_AGE[group]:
            rows.append(figure_row(group, figure, today))
    return sorted(rows, key=lambda row: (row.cells["as_of"], row.record))


def figure_row(group, figure, today):
    label, mission = Measure(figure.measure).label, figure.mission__acronym
    return Row(
        cells={"figure": label, "mission": mission, "value": figure.value, "as_of": figure.as_of,
               "years": whole_years(figure.as_of, today), "confirmed": figure.confirmed_on},
        form=form_of("figure", figure.pk),
        traits={"measure": [group], "mission": [figure.mission__slug]},
        record=("figure", figure.permanent_id),
        name=f"{mission}: {label}",
    )  # fmt: skip


def whole_years(day, today):
    return (today - day).days // 365


def unconfirmed(model, since):
    """Return the condition that no one has confirmed a record of this kind since a day."""
    told = Confirmation.objects.filter(kind=model._meta.model_name, confirmed_on__gte=since)
    return ~Exists(told.filter(permanent_id=OuterRef("permanent_id")))


def stale_statuses():
    """Yield (reason, day, kind, key, permanent id, title) of ongoing missions without new evidence for that."""
    since = timezone.localdate() - STATUS_AGE
    missions = Mission.objects.published().filter(unconfirmed(Mission, since), ended_on=None, verified_on__lt=since)
    for day, *record in missions.values_list("verified_on", "pk", "permanent_id", "title"):
        yield "status", day, KINDS.index(Mission), *record


def stale_texts():
    """Yield the same of entries that were neither changed nor confirmed for long, in one query for all kinds."""
    since, before = timezone.localdate() - REVIEW_AGE, timezone.now() - REVIEW_AGE
    queries = [
        model.objects.published()
        .filter(unconfirmed(model, since), updated_at__lt=before)
        .order_by()
        .values_list("updated_at", Value(number), "pk", "permanent_id", "title")
        for number, model in enumerate(KINDS)
    ]
    for moment, *record in queries[0].union(*queries[1:], all=True):
        yield "text", timezone.localdate(moment), *record


def stale_reviews(user):
    """Return one row for each entry whose status or text no one has looked at for long, the longest first."""
    found = {}
    for reason, day, *record in (*stale_statuses(), *stale_texts()):
        found.setdefault(tuple(record), {})[reason] = day
    rows = [review_row(record, why) for record, why in found.items()]
    return sorted(rows, key=lambda row: (row.cells["since"], row.record))


def review_row(record, why):
    number, key, permanent_id, title = record
    kind, since = KINDS[number]._meta.model_name, min(why.values())
    return Row(
        cells={"entry": title, "kind": NAMES[kind], "reason": ", ".join(REASONS[r] for r in why), "since": since,
               "years": whole_years(since, timezone.localdate())},
        form=form_of(kind, key),
        traits={"kind": [kind], "reason": list(why)},
        record=(kind, permanent_id),
    )  # fmt: skip


def confirm(row, user, note=""):
    """Record that a user found a row still correct, so that its clock runs from today."""
    kind, permanent_id = row.record
    return Confirmation.objects.create(
        kind=kind, permanent_id=permanent_id, confirmed_by=user.get_username(), note=note
    )


def may_confirm(user, row):
    return bool(row.record) and user.has_perm(f"missions.change_{row.record[0]}")

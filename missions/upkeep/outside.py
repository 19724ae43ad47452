"""What the web and the readers tell: links that no longer answer, reports, and searches that found nothing."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from .. import links
from ..choices import LinkState, ReportState
from ..citations import written_date
from ..models import LinkCheck, MissedSearch, Mission, Report
from .heaps import NAMES, Row, form_of

REMEMBERED = timedelta(days=180)  # after which a search that no one repeats is no longer shown
EXCERPT = 200


def link_states():
    return {state.value: state.label for state in (LinkState.BROKEN, LinkState.UNSURE)}


def failing_links(user):
    """Return a row for each place that leads to an address which did not answer well, the longest failing first."""
    checks = {check.url: check for check in LinkCheck.objects.exclude(state=LinkState.OK)}
    if not checks:
        return []
    found = [(checks[place.url], place) for place in links.places(among=checks.keys())]
    found.sort(key=lambda pair: (pair[0].state, pair[0].failed_at, pair[1]))
    return [link_row(check, place) for check, place in found]


def link_row(check, place):
    return Row(
        cells={"where": place.label, "kind": NAMES[place.kind], "address": check.url,
               "state": check.get_state_display(), "outcome": check.outcome,
               "failed": timezone.localdate(check.failed_at)},
        form=form_of(place.kind, place.key, place.field),
        traits={"state": [check.state], "kind": [place.kind], "host": [urlsplit(check.url).hostname or ""]},
    )  # fmt: skip


def hosts():
    """Return the vocabulary of hosts with links that fail."""
    urls = LinkCheck.objects.exclude(state=LinkState.OK).values_list("url", flat=True)
    return {host: host for host in sorted({urlsplit(url).hostname or "" for url in urls})}


def links_note():
    """Say when the links were last checked: none broken means little if none was asked."""
    held = LinkCheck.objects.aggregate(last=Max("checked_at"), number=Count("pk"), sound=Count("pk", Q(state="ok")))
    if not held["number"]:
        return "No link has been checked yet: the operators run manage.py check_links."
    last = written_date(timezone.localdate(held["last"]))
    return f"Last checked on {last}: {held['sound']:,} of {held['number']:,} addresses are in order."


def open_reports(user):
    """Return the reports that wait for an answer, the oldest first. E-mail addresses stand in their forms alone."""
    reports = list(Report.objects.filter(state=ReportState.OPEN).order_by("created_at", "pk"))
    slugs = dict(Mission.objects.values_list("permanent_id", "slug")) if reports else {}
    return [report_row(report, slugs.get(report.entry)) for report in reports]


def report_row(report, mission):
    return Row(
        cells={"about": report.about, "kind": NAMES[report.kind], "text": shortened(report.text),
               "received": timezone.localdate(report.created_at)},
        form=form_of("report", report.pk),
        traits={"kind": [report.kind], "mission": [mission] if mission else []},
    )  # fmt: skip


def shortened(text):
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


def missed_searches(user):
    """Return what was searched for in vain again and again.

    A word that was asked once may be a slip, or say something about the one person who asked. Two days or three times
    make it a need, and nobody's in particular.
    """
    repeated = MissedSearch.objects.filter(Q(days__gte=2) | Q(number__gte=3))
    rows = repeated.filter(last_on__gte=timezone.localdate() - REMEMBERED)
    return [
        Row(
            cells={"term": row.term, "number": row.number, "days": row.days, "last": row.last_on},
            form=f"{reverse('search')}?{urlencode({'q': row.term})}",
        )
        for row in rows
    ]

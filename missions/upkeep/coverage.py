"""What each published mission has, and what it lacks."""

from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast

from ..models import Assessment, CaseStudy, Event, Evidence, Figure, MandatedTask, Mission
from ..prose import CITATION
from .heaps import Row, form_of
from .staleness import group_of

FIGURES = {"authorized": "authorized strength", "deployed": "deployed strength", "fatalities": "fatalities"}
OTHERS = {"events": "events", "tasks": "mandated tasks", "assessments": "assessments", "evidence": "evidence"}
# Few missions are meant to have these, so to lack them is no gap.
EXTRA = {"budget": "budget", "case_study": "case study"}
SHORT = 60  # words; a shorter summary tells too little
GAPS = FIGURES | OTHERS | {"summary": "full summary"}
COUNTED = {"events": Event, "tasks": MandatedTask, "assessments": Assessment, "evidence": Evidence}
ANY = "anything"
COLUMNS = {"mission": "Mission", "gaps": "Lacks", "authorized": "Authorized", "deployed": "Deployed",
           "fatalities": "Deaths", "budget": "Budget", "events": "Events", "tasks": "Tasks",
           "assessments": "Assessments", "evidence": "Evidence", "case_study": "Case study",
           "summary": "Words of summary"}  # fmt: skip


def missing():
    """Return the vocabulary of what a mission can lack."""
    return {ANY: "anything but budget and case study"} | GAPS | EXTRA


def counts():
    """Return {mission id: {name: number}} of the published facts and case studies of missions, in one query."""
    text = CharField()
    queries = [
        Figure.objects.published().order_by().values_list("mission_id", Cast("measure", text)).annotate(n=Count("pk")),
        CaseStudy.objects.published()
        .filter(missions__isnull=False)
        .order_by()
        .values_list("missions", Value("case_study", text))
        .annotate(n=Count("pk")),
        *(
            model.objects.published().order_by().values_list("mission_id", Value(name, text)).annotate(n=Count("pk"))
            for name, model in COUNTED.items()
        ),
    ]
    found = {}
    for mission, name, number in queries[0].union(*queries[1:], all=True):
        of_mission, name = found.setdefault(mission, {}), group_of(name)
        of_mission[name] = of_mission.get(name, 0) + number
    return found


def coverage(user):
    """Return a row for each published mission, the one that lacks most first."""
    found = counts()
    missions = Mission.objects.published().order_by("acronym", "slug").values_list("pk", "acronym", "summary")
    rows = [coverage_row(key, acronym, summary, found.get(key, {})) for key, acronym, summary in missions]
    return sorted(rows, key=lambda row: -row.cells["gaps"])


def coverage_row(key, acronym, summary, number):
    words = len(CITATION.sub("", summary).split())
    has = {name: number.get(name, 0) for name in (*FIGURES, *OTHERS, *EXTRA)} | {"summary": words >= SHORT}
    gaps, lacks = [n for n in GAPS if not has[n]], [n for n in has if not has[n]]
    return Row(
        cells={"mission": acronym, "gaps": len(gaps)}
        | {name: has[name] for name in (*FIGURES, "budget", *OTHERS)}
        | {"case_study": "yes" if has["case_study"] else "no", "summary": words},
        form=form_of("mission", key),
        traits={"missing": [ANY] * bool(gaps) + lacks},
    )

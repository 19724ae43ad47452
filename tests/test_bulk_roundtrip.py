"""An export that is imported unchanged changes nothing, whatever it holds and whichever program saved it."""

import copy
import datetime
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from missions.bulk import IMPORTABLE, rules
from missions.models import FACTS, KINDS, Country, Event, Mission, Organization, Source, Succession, Term

from .tables import content_of, said, upload

pytestmark = pytest.mark.django_db
LIBREOFFICE = shutil.which("soffice")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("model", IMPORTABLE, ids=lambda m: m.__name__)
def test_the_whole_content_comes_back_unchanged(content, manager, model, form):
    page = upload(manager, model, content_of(manager, model, form), name=f"table.{form}")
    assert said(page) == (0, 0, model.objects.count(), 0)


def test_what_can_be_imported():
    assert set(IMPORTABLE) == {*KINDS, *FACTS, Succession, Source, Term, Country, Organization}


def saved_by_libreoffice(data, form, folder):
    """Return a file as LibreOffice writes it after opening it."""
    (folder / f"in.{form}").write_bytes(data)
    target = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false" if form == "csv" else "xlsx"
    reading = ["--infilter=CSV:44,34,UTF8,1,,0,true"] if form == "csv" else []  # quoted cells are text
    subprocess.run(
        [LIBREOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", *reading, "--convert-to", target,
         "--outdir", str(folder / "out"), str(folder / f"in.{form}")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / f"out/in.{form}").read_bytes()


@pytest.mark.skipif(not LIBREOFFICE, reason="LibreOffice is not installed")
def test_a_workbook_that_libreoffice_saved_changes_nothing(content, manager, tmp_path):
    for model in (Event, Country):
        data = saved_by_libreoffice(content_of(manager, model, "xlsx"), "xlsx", tmp_path)
        assert said(upload(manager, model, data)) == (0, 0, model.objects.count(), 0)


@pytest.mark.skipif(not LIBREOFFICE, reason="LibreOffice is not installed")
def test_a_csv_that_libreoffice_saved_changes_nothing(content, manager, tmp_path):
    data = saved_by_libreoffice(content_of(manager, Mission, "csv"), "csv", tmp_path)
    assert said(upload(manager, Mission, data)) == (0, 0, Mission.objects.count(), 0)


def test_constraints_are_judged_as_the_database_does(content):
    """Rows of the content and changed copies of them get the verdict of Django's own check of each constraint."""
    verdicts = set()
    for model in (*FACTS, Succession, Mission):
        checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
        for obj in [o for row in model.objects.order_by("pk")[:2] for o in changed_copies(row)]:
            for check in checks:
                is_broken = rules.holds(check.condition, obj) is False
                verdicts.add((check.name, is_broken))
                assert is_broken is is_refused(check, obj), (check.name, vars(obj))
    assert {name for name, _ in verdicts} == {name for name, is_broken in verdicts if is_broken}


def is_refused(check, obj):
    try:
        check.validate(type(obj), obj)
    except ValidationError:
        return True
    return False


def changed_copies(row):
    """Yield copies of a row in which some values are empty or others."""
    day = datetime.date(1900, 1, 1)
    changes = [{}] + [{f.attname: None} for f in row._meta.concrete_fields if f.null]
    changes += [{"stage": "published"} | c for c in changes] + [{"stage": "draft"} | c for c in changes]
    changes += [{"ended_on": day}, {"ended_on": day, "started_on": None}, {"type": "other", "type_note": ""}]
    changes += [{"successor_id": getattr(row, "predecessor_id", None)}, {"trend_id": 1, "principle_id": 1}]
    for change in changes:
        made = copy.copy(row)
        for name, value in change.items():
            setattr(made, name, value)
        yield made

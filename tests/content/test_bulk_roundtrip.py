"""An export that is imported unchanged changes nothing, whatever it holds and whichever program saved it."""

import copy
import csv
import datetime
import io
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from missions import exports
from missions.bulk import IMPORTABLE, rules
from missions.models import FACTS, KINDS, Assessment, Country, Event, Mission, Organization, Source, Succession, Term

from ..tables import as_csv, confirm, content_of, said, upload

pytestmark = [pytest.mark.django_db, pytest.mark.long]
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


@pytest.mark.parametrize("model", [Assessment, Mission, Source, Term], ids=lambda m: m.__name__)
def test_what_was_changed_and_imported_again_exports_byte_for_byte_the_same(content, manager, model):
    """Export, change, import the export, export: the two files are one. Locks are left out: every save renews them."""
    before, public = without_lock(content_of(manager, model, "csv")), public_rows(model)
    text = {Assessment: "text", Mission: "dates_note", Source: "note", Term: "definition"}[model]
    for obj in model.objects.order_by("pk")[:5]:
        model.objects.filter(pk=obj.pk).update(**{text: f"=Changed {obj.pk}, with “accents”\nand lines"})
    assert without_lock(content_of(manager, model, "csv")) != before
    page = upload(manager, model, with_locks_of_now(manager, model, before))
    assert said(page) == (0, 5, model.objects.count() - 5, 0)
    confirm(manager, page)
    assert without_lock(content_of(manager, model, "csv")) == before
    assert public_rows(model) == public


def lines_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def without_lock(data):
    rows = lines_of(data)
    assert rows[0][-1] == "lock"
    return as_csv([row[:-1] for row in rows])


def with_locks_of_now(client, model, data):
    """Return an earlier export as an editor sends it who has seen what stands there now."""
    now = {row[0]: row[-1] for row in lines_of(content_of(client, model, "csv"))}
    return as_csv([[*row, now[row[0]]] for row in lines_of(data)])


def public_rows(model):
    """Return the rows of the public table but for the time of the last change, which every import renews."""
    table = exports.table(model.objects.published())
    kept = [n for n, field in enumerate(table.fields) if field.name != "updated_at"]
    return [[row[n] for n in kept] for row in table.rows()]

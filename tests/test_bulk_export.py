"""What the lists of the admin export, and that an import takes it back exactly."""

import io

import openpyxl
import pytest
from django.test import Client

from missions import bulk
from missions.bulk import cells
from missions.models import (
    Figure,
    Mission,
    Principle,
    Source,
)  # fmt: skip

from .factories import make_country, make_figure, make_mission, make_principle, make_source
from .tables import address, content_of, exported, imported, said, upload

pytestmark = pytest.mark.django_db


AWKWARD = [
    "=1+1", "'=1", "''=1", "'", "'quoted'", "-5 men", "+1", "@who", "a\tb", "=", "\n=x", "a;b,c\"d'e", "line\r\nline",
    "  spaced  ", "_x0041_", "_x005F_", "vertical\x0btab", "nbsp\xa0", "😀 é", "true", "1e5", "0012", "2001-02-03",
    "<b>&amp;</b>", "''", "\u2028",
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_awkward_text_comes_back_exactly(manager, form):
    made = [make_source(title=text or "x", note=text) for text in AWKWARD]
    data = content_of(manager, Source, form)
    assert said(upload(manager, Source, data)) == (0, 0, len(made), 0)
    Source.objects.update(note="", title="Changed")
    found = {r.obj.pk: r.after.get("note", "") for r in bulk.check(Source, data).rows}
    assert found == {s.pk: s.note.replace("\r\n", "\n").strip() for s in made}


def test_no_cell_of_an_export_is_a_formula(manager):
    for text in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)"):
        make_source(title=text)
    make_figure(make_mission(), value=-5, measure="budget")
    assert {r["title"][:2] for r in exported(manager, Source)} >= {"'=", "'+", "'-", "'@"}
    assert [r["value"] for r in exported(manager, Figure)] == ["-5"]
    book = openpyxl.load_workbook(io.BytesIO(content_of(manager, Source, "xlsx")))
    assert {c.data_type for row in book.active for c in row} <= {"s", "n", "inlineStr"}
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(manager, Figure, "xlsx"))).active
    names = [c.value for c in sheet[1]]
    assert [sheet[2][names.index(n)].value for n in ("value", "as_of")] == [-5, "2001-02-03"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_what_the_list_shows_on_all_its_pages(manager, form):
    for n in range(3):
        make_mission(slug=f"shown-{n}", acronym=f"SHOWN{n}", type="support")
    make_mission(slug="other", acronym="SHOWN9"), make_mission(slug="unlike", acronym="X", type="support")
    data = content_of(manager, Mission, form, "?q=SHOWN&type__exact=support")
    rows = bulk.files.read(data, set(cells.known(Mission))).rows
    assert sorted(c[1] for _, c in rows) == ["shown-0", "shown-1", "shown-2"]


def test_a_list_offers_its_own_export(manager):
    make_mission()
    page = manager.get(address(Mission, "changelist"), {"q": "x", "type__exact": "support"}).content.decode()
    assert "/admin/missions/mission/export/csv/?q=x&amp;type__exact=support" in page
    assert '<a href="/admin/missions/mission/import/">Import</a>' in page


def test_a_bad_query_leads_back_to_the_list(manager):
    answer = manager.get(address(Mission, "export_csv"), {"started_on__gte": "nonsense"})
    assert answer["Location"] == "/admin/missions/mission/?e=1"
    assert manager.post(address(Mission, "export_csv")).status_code == 405


def test_who_may_not_view_may_not_export(desk, django_user_model):
    nobody = Client()
    nobody.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    for form in ("csv", "xlsx"):
        assert nobody.get(address(Mission, f"export_{form}")).status_code == 403
    assert desk("w", "Writers").get(address(Mission, "export_csv")).status_code == 200


def test_a_text_that_no_workbook_holds_is_not_cut_but_refused(manager):
    make_principle(slug="long", definition="x" * 32_768)
    answer = manager.get(address(Principle, "export_xlsx"), follow=True)
    assert "A text in row 2 has more than 32,767 characters, which no cell of a workbook holds. Use CSV." in (
        answer.content.decode()
    )
    assert [len(r["definition"]) for r in exported(manager, Principle)] == [32_768]


def test_an_export_that_was_changed_in_one_cell_changes_that_alone(manager):
    mission = make_mission(slug="m", acronym="OLD", countries=[make_country("CYP"), make_country("FRA")])
    make_mission(slug="n", acronym="STAYS", countries=[make_country("CYP")])
    rows = exported(manager, Mission)
    next(r for r in rows if r["slug"] == "m")["acronym"] = "NEW"
    page = upload(manager, Mission, rows)
    assert said(page) == (0, 1, 1, 0)
    assert [(d.name, d.old, d.new) for d in page.context["rows"][0].values] == [("acronym", "OLD", "NEW")]
    batch = imported(manager, Mission, rows)
    assert [c.entry for c in batch.changes.all()] == [mission]
    assert [c.iso3 for c in mission.countries.all()] == ["CYP", "FRA"]

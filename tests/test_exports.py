"""Rows as files: CSV, workbook, data package, checksum, charts."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from itertools import islice

import openpyxl
import pytest
from django.http import StreamingHttpResponse
from django.utils.http import parse_header_parameters

from missions import codebook, exports
from missions.exports.archives import zipped
from missions.exports.workbooks import MOST_ROWS
from missions.models import Approach, Mission

from . import factories
from .factories import make_case_study, make_event, make_figure, make_mission, make_source

pytestmark = pytest.mark.django_db


def body(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.getvalue()
    return answer.getvalue()


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def opened(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    return archive, json.loads(archive.read("datapackage.json"))


def file_name(answer):
    return parse_header_parameters(answer["Content-Disposition"])[1]["filename"]


def two_missions():
    one = make_mission(slug="one", acronym="ONE", type="observer", countries=[factories.make_country()])
    two = make_mission(slug="two", acronym="TWO", type="traditional", countries=[factories.make_country("HTI")])
    return one, two


def test_a_package_holds_the_rows_of_the_query_and_what_belongs_to_them(client):
    one, two = two_missions()
    make_figure(one, value=0, source=make_source(slug="cited"))
    make_figure(two, value=7)
    make_figure(one, stage="draft", as_of=date(2001, 1, 1))
    archive, told = opened(body(client, "/missions/?type=observer&format=zip"))
    assert [m["slug"] for m in rows(archive.read("data/missions.csv"))] == ["one"]
    figures = rows(archive.read("data/figures.csv"))
    assert [(f["mission"], f["value"], f["source"]) for f in figures] == [("one", "0", "cited")]
    assert "cited" in [s["slug"] for s in rows(archive.read("data/sources.csv"))]
    assert told["query"] == {"type": ["observer"]}
    assert told["homepage"] == "http://testserver/missions/?type=observer"
    assert set(archive.namelist()) >= {"README.md", "CITATION.cff", "datapackage.json"}
    assert "Release: none" in archive.read("README.md").decode()


def test_the_descriptor_counts_hashes_and_defines(client):
    one, _ = two_missions()
    make_event(one, title="=cmd")
    archive, told = opened(body(client, "/missions/?format=zip"))
    for table in told["resources"]:
        content = archive.read(table["path"])
        assert table["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (table["bytes"], table["rows"]) == (len(content), len(rows(content)))
        assert [f["name"] for f in table["schema"]["fields"]] == list(
            next(csv.reader([content.decode().split("\r")[0]]))
        )
        assert all(f["description"] for f in table["schema"]["fields"])
    events = next(t for t in told["resources"] if t["name"] == "events")
    kind = next(f for f in events["schema"]["fields"] if f["name"] == "kind")
    assert kind["constraints"] == {"required": True, "enum": [k.value for k in codebook.VOCABULARIES["event-kind"]]}
    assert {"fields": "mission", "reference": {"resource": "missions", "fields": "slug"}} in events["schema"][
        "foreignKeys"
    ]
    assert rows(archive.read("data/events.csv"))[0]["title"] == "'=cmd"


def test_equal_members_give_equal_bytes():
    members = [("a.txt", [b"one", b"two"]), ("b.txt", [b""])]
    first, second = b"".join(zipped(members)), b"".join(zipped(iter(members)))
    assert first == second
    archive = zipfile.ZipFile(io.BytesIO(first))
    assert (archive.testzip(), archive.read("a.txt"), archive.read("b.txt")) == (None, b"onetwo", b"")


@pytest.mark.parametrize("form", ["csv", "zip"])
def test_files_are_sent_while_they_are_written(client, form, monkeypatch):
    """The first chunk comes before the last row is read."""
    monkeypatch.setattr("missions.exports.cells.LINES", 1)
    two_missions()
    answer = client.get(f"/missions/?format={form}")
    assert isinstance(answer, StreamingHttpResponse)
    chunks = answer.streaming_content
    first = list(islice(chunks, 2))
    assert len(b"".join(first)) < 1200
    assert len(list(chunks)) > 1


@pytest.mark.parametrize("number", [1, 3])
def test_a_package_takes_a_fixed_number_of_queries(client, number, django_assert_num_queries):
    for n in range(number):
        mission = make_mission(slug=f"m-{n}", countries=[factories.make_country(f"AA{n}")])
        make_figure(mission)
        make_event(mission)
        make_case_study([mission])
    with django_assert_num_queries(24):
        opened(client.get("/missions/?format=zip").getvalue())


def test_one_table_of_a_selection_comes_as_csv_with_its_checksum(client):
    one, two = two_missions()
    make_figure(one, value=5)
    make_figure(two, value=6)
    data = body(client, "/missions/?type=observer&format=csv&table=figures")
    assert [f["value"] for f in rows(data)] == ["5"]
    told = body(client, "/missions/?type=observer&format=sha256&table=figures").decode()
    assert told == f"{hashlib.sha256(data).hexdigest()}  figures_type-observer.csv\n"
    assert rows(body(client, "/missions/one/?format=csv&table=figures")) == rows(data)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/missions/?format=csv&table=nothing", "table"),
        ("/missions/?format=json&table=figures", "table"),
        ("/missions/?format=zip&table=figures", "table"),
        ("/missions/?format=csv&page=1", "page"),
        ("/missions/?format=zip&page=1", "page"),
        ("/missions/?format=pdf", "format"),
        ("/missions/one/?format=csv&table=nothing", "table"),
        ("/evidence/?format=csv&table=nothing", "table"),
        ("/search/?q=x&format=csv&table=missions", "table"),
    ],
)
def test_what_a_format_cannot_do_is_refused_by_name(client, address, parameter):
    two_missions()
    answer = client.get(address)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [parameter]


def test_the_name_of_a_file_tells_the_filter(client):
    two_missions()
    names = {
        "/missions/?format=csv": "missions.csv",
        "/missions/?type=observer&type=traditional&format=xlsx": "missions_type-observer+traditional.xlsx",
        "/missions/?q=%2e%2e%2f%22%0d%0ax&format=csv": "missions_q-..-x.csv",
        "/missions/one/?format=zip": "missions_one.zip",
    }
    for address, name in names.items():
        answer = client.get(address)
        assert file_name(answer) == name
        answer.getvalue()  # to the end, so that the file is closed


def test_a_workbook_has_typed_cells_and_says_what_they_mean(client):
    one, _ = two_missions()
    Mission.objects.filter(pk=one.pk).update(summary="=HYPERLINK(1)", ended_on=None)
    make_figure(one, value=0, as_of=date(2004, 3, 1), note="'-1")
    book = openpyxl.load_workbook(io.BytesIO(body(client, "/missions/one/?format=xlsx")))
    header, line = (list(r) for r in book["missions"].iter_rows(values_only=True))
    cells = dict(zip(header, line, strict=True))
    assert cells["started_on"] == datetime(one.started_on.year, one.started_on.month, one.started_on.day)
    assert (cells["ended_on"], cells["robust"], cells["renewal_unverified"]) == (None, None, False)
    assert cells["summary"] == "'=HYPERLINK(1)"
    header, line = (list(r) for r in book["figures"].iter_rows(values_only=True))
    figure = dict(zip(header, line, strict=True))
    assert (figure["value"], figure["preferred"], figure["note"]) == (0, True, "''-1")
    assert ("figures", "value", "integer") in [r[:3] for r in book["fields"].iter_rows(values_only=True)]
    assert ("address", "http://testserver/missions/one/") in list(book["about"].iter_rows(values_only=True))


def test_a_workbook_that_would_be_too_large_names_the_way_out(client, monkeypatch):
    monkeypatch.setattr("missions.exports.workbooks.MOST_ROWS", 1)
    two_missions()
    answer = client.get("/missions/?format=xlsx")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "format": ["A workbook holds at most 1 rows here. Use CSV or the ZIP, or filter."]
    }
    assert MOST_ROWS == 20_000


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''-x", "+49", "@x", "-", "'", "plain", "", "\tx", "\r"])
def test_a_guarded_cell_comes_back_unchanged(text):
    guarded = exports.guarded(text)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert exports.unguarded(guarded) == text


def test_no_file_holds_what_is_not_published(client):
    mission = make_mission(slug="shown")
    make_figure(mission, stage="draft", note="Canary")
    hidden = make_mission(slug="canary", acronym="CANARY", stage="draft")
    make_figure(hidden, note="Canary")
    approach = factories.make_approach_with_dimension()
    Approach.objects.filter(pk=approach.pk).update(stage="draft", slug="canary-approach")
    case = make_case_study([mission, hidden])
    for address in ("/missions/", "/case-studies/", f"/case-studies/{case.slug}/", "/approaches/", "/search/?q=shown"):
        for form in ("csv", "zip", "xlsx"):
            data = body(client, f"{address}{'&' if '?' in address else '?'}format={form}")
            texts = [data] if form == "csv" else [zipfile.ZipFile(io.BytesIO(data)).read(n) for n in members(data)]
            assert [t for t in texts if b"canary" in t.lower()] == []
    assert not any("canary" in json.dumps(list(exports.table(q).rows())).lower() for q in exports.everything())
    Mission.objects.filter(pk=hidden.pk).update(
        stage="published",
        published_at=mission.published_at,
        **dict.fromkeys(("dates_source", "type_source"), make_source()),
    )
    assert b"canary" in body(client, "/missions/?format=csv")


def members(data):
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_facts_can_be_read_as_they_stood_on_a_day(client):
    mission = make_mission(slug="one")
    dates = {"1994-04-01": "day", "1994-04-02": "day", "1994-03-01": "month", "1994-04-15": "month",
             "1993-06-01": "year", "1994-01-01": "year"}  # fmt: skip
    for n, (day, precision) in enumerate(dates.items()):
        make_figure(mission, value=n, as_of=day, as_of_precision=precision)
        make_event(mission, title=f"Event {n}", date=day, precision=precision)
    told = client.get("/missions/one/?at=1994-04-01&format=json").json()
    assert {f["value"] for f in told["figures"]} == {0, 2, 4}
    assert {e["title"] for e in told["events"]} == {"Event 0", "Event 2", "Event 4"}
    at_the_end_of_a_month = client.get("/missions/one/?at=1994-04-30&format=json").json()
    assert {f["value"] for f in at_the_end_of_a_month["figures"]} == {0, 1, 2, 3, 4}
    assert {f["value"] for f in rows(body(client, "/missions/one/?at=1994-04-01&format=csv&table=figures"))} == {
        "0",
        "2",
        "4",
    }
    page = body(client, "/missions/one/?at=1994-04-01").decode()
    assert "Only what was known on 1 April 1994" in page
    assert "Event 1" not in page
    assert "Event 1" in body(client, "/missions/one/").decode()


@pytest.mark.parametrize(
    "at", ["", "x", "1994", "1994-13-01", "1899-12-31", "9999-12-31", "１９９４-04-01", "1994-04-01T00:00"]
)
@pytest.mark.parametrize("form", ["", "&format=json", "&format=csv"])
def test_a_day_that_is_none_is_refused(client, at, form):
    make_mission(slug="one")
    assert client.get(f"/missions/one/?at={at}{form}").status_code == 400


def test_charts_come_as_drawing_and_as_numbers(client):
    mission = make_mission(slug="one", acronym="ONE")
    for year, value in ((2001, 5), (2003, 0)):
        make_figure(mission, measure="fatalities", scope="accident", period=str(year), value=value)
    make_figure(mission, measure="authorized-military", value=100, as_of="2001-01-01")
    make_figure(mission, measure="authorized-military", value=200, as_of="2002-01-01")
    drawn = body(client, "/missions/one/charts/strengths.svg").decode()
    assert "ONE: strength over time" in drawn
    assert "var(" not in drawn and "light-dark(" not in drawn
    deaths = rows(body(client, "/missions/one/charts/deaths.csv"))
    assert [(r["year"], r["accident"], r["illness"], r["total"]) for r in deaths] == [
        ("2001", "5", "", "5"), ("2003", "0", "", "0")
    ]  # fmt: skip
    strengths = rows(body(client, "/missions/one/charts/strengths.csv"))
    assert [(r["as_of"], r["value"]) for r in strengths] == [("2001-01-01", "100"), ("2002-01-01", "200")]
    assert client.get("/missions/one/charts/lineage.svg").status_code == 404
    assert client.get("/missions/none/charts/deaths.svg").status_code == 404
    assert client.get("/missions/one/charts/deaths.csv?x=1").status_code == 400
    assert [r["total"] for r in rows(body(client, "/trends/charts/deaths.csv"))] == ["5", "0"]

"""Importing many records: what an editor does over HTTP, and what an anonymous reader then gets."""

import datetime
import os
import time

import pytest
from django.test import Client

from missions import drafts
from missions.bulk import IMPORTABLE
from missions.models import (
    FACTS,
    KINDS,
    Batch,
    CaseStudy,
    Challenge,
    Change,
    Country,
    Draft,
    Event,
    Evidence,
    Figure,
    FormerAddress,
    MandatedTask,
    Mission,
    Organization,
    Principle,
    Source,
    Succession,
    Term,
    Theme,
    Trend,
)  # fmt: skip

from .desk import address as form_address
from .desk import errors_of, form_of, save
from .factories import (
    make_case_study,
    make_country,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_organization,
    make_principle,
    make_source,
    make_task,
    make_term,
    make_topic,
)  # fmt: skip
from .tables import REASON, address, as_csv, as_xlsx, confirm, exported, imported, problems, said, upload
from .test_bulk_files import bomb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Keep what is uploaded where the test can see it."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "imports"


def figures(address):
    """Return the values of the figures that a reader gets of a mission."""
    return [f["value"] for f in Client().get(f"/missions/{address}/?format=json").json()["figures"]]


def test_of_200_rows_three_bad_ones_are_all_named_at_once_and_nothing_is_written(manager):
    mission, source = make_mission(slug="m"), make_source(slug="report")
    rows = [
        {"mission": "m", "measure": "fatalities", "value": n, "as_of": "2001-01-01", "period": str(1800 + n),
         "source": "report", "stage": "published"}
        for n in range(200)
    ]  # fmt: skip
    rows[10]["value"] = "many"
    rows[77] |= {"as_of": "31.12.2001", "source": "no-such-report"}
    rows[199]["source"] = ""
    page = upload(manager, Figure, rows)
    assert problems(page) == [
        (12, "value", "many", "Use a whole number with the digits 0 to 9 only, such as 12000."),
        (79, "as_of", "31.12.2001", "Write the date as year-month-day, such as 2001-02-03."),
        (79, "source", "no-such-report",
         "There is no source with the address “no-such-report”. Add it first or correct it."),
        (201, "source", "", "A published fact needs its source. Choose one, or keep the fact as a draft."),
    ]  # fmt: skip
    assert b"Import these" not in page.content
    assert (Figure.objects.count(), Batch.objects.count(), figures("m")) == (0, 0, [])
    for row, good in (
        (10, {"value": 10}),
        (77, {"as_of": "2001-12-31", "source": "report"}),
        (199, {"source": "report"}),
    ):
        rows[row] |= good
    page = upload(manager, Figure, rows)
    assert said(page) == (200, 0, 0, 0)
    assert figures("m") == []
    confirm(manager, page)
    assert sorted(figures("m")) == list(range(200))
    assert {f.mission for f in source.figures.all()} == {mission}


def test_a_correction_of_many_is_public_at_once_with_its_reason(manager):
    make_mission(slug="a", acronym="OLDA"), make_mission(slug="b", acronym="OLDB")
    batch = imported(manager, Mission, [{"slug": "a", "acronym": "NEWA"}, {"slug": "b", "acronym": "NEWB"}])
    listed = Client().get("/missions/?format=json").json()["results"]
    assert {m["acronym"] for m in listed} == {"NEWA", "NEWB"}
    changes = batch.changes.order_by("pk")
    assert [(c.note, c.unreviewed_reason, c.published_by) for c in changes] == [(REASON, REASON, "mona")] * 2
    assert list(Change.objects.unreviewed().order_by("pk")) == list(changes)
    assert "NEWA" in Client().get("/search/", {"q": "NEWA"}).content.decode()
    assert batch.label == "Import of 2 missions from table.csv"


@pytest.mark.parametrize("name", ["writer", "reviewer"])
def test_only_who_may_publish_may_import(request, name, caplog):
    client = request.getfixturevalue(name)
    make_mission(slug="a", acronym="OLD")
    for model in (Mission, Figure, Succession, Source, Country):
        assert client.get(address(model, "import")).status_code == 403
        assert client.post(address(model, "import"), {"file": "x", "reason": "x"}).status_code == 403
        assert client.post(address(model, "import_confirm", "0" * 32), {"token": "x"}).status_code == 403
        page = client.get(address(model, "changelist"))
        assert b">Import</a>" not in page.content
        assert b"Export as CSV" in page.content
    assert Mission.objects.get().acronym == "OLD"
    assert [r.getMessage().partition("may not ")[2] for r in caplog.records if r.name == "missions.drafts"][:2] == [
        "import missions"
    ] * 2


def test_strangers_are_sent_to_log_in_and_others_cannot_confirm_what_is_not_theirs(manager, desk):
    make_mission(slug="a", acronym="OLD")
    page = upload(manager, Mission, [{"slug": "a", "acronym": "NEW"}])
    assert Client().get(address(Mission, "import")).status_code == 302
    assert Client().get(address(Mission, "export_csv")).status_code == 302
    answer = confirm(desk("other", "Managing editors"), page)
    assert "This preview is no longer there" in answer.content.decode()
    assert Mission.objects.get().acronym == "OLD"


def test_a_reason_is_asked_for(manager):
    make_mission(slug="a")
    page = upload(manager, Mission, [{"slug": "a", "acronym": "NEW"}], reason=" ")
    assert page.context["form"].errors == {"reason": ["This field is required."]}


@pytest.mark.parametrize("model", IMPORTABLE, ids=lambda m: m.__name__)
def test_unknown_columns_are_named_with_those_that_are_known(manager, model):
    key = {Country: "iso3"}.get(model, "slug" if model in (*KINDS, Source, Term, Organization) else "id")
    page = upload(manager, model, [[key, "valeur", ""], ["x", "1", "2"]])
    named = {(line, column): reason for line, column, _, reason in problems(page)}
    assert f"has no such column. Known are: {key}" in named[1, "valeur"] or ", slug, " in named[1, "valeur"]
    assert (model.objects.count(), said(page)[0]) == (0, said(page)[0])


def test_the_problems_of_the_header_are_named_all_at_once(manager):
    rows = [["slug", "stage", "lock", "title", "", "title", "status"], ["a", "published", "", "T", "x", "U", ""]]
    assert problems(upload(manager, Mission, rows))[:4] == [
        (1, "E", "", "The first row does not name this column."),
        (1, "stage", "stage", "This is not set by an import. Take the column out."),
        (1, "status", "status", "This is not set by an import. Take the column out."),
        (1, "title", "title", "The first row names this column 2 times."),
    ]


def test_a_missing_column_leaves_values_and_an_empty_cell_empties_them(manager):
    mission = make_mission(slug="m", type_note="A note.", dates_note="Another.", countries=[make_country()])
    imported(manager, Mission, [{"slug": "m", "type_note": ""}])
    mission.refresh_from_db()
    assert (mission.type_note, mission.dates_note, mission.countries.count()) == ("", "Another.", 1)


def test_what_must_not_be_empty_is_not_emptied(manager):
    make_mission(slug="m", countries=[make_country()])
    row = {"slug": "m", "title": "", "summary": " ", "countries": "", "organization": "", "type": "", "started_on": "",
           "robust": ""}  # fmt: skip
    page = upload(manager, Mission, [row])
    assert [(column, reason) for _, column, _, reason in problems(page)] == [
        ("countries", "This may not be empty."),
        ("organization", "This may not be empty."),
        ("started_on", "A published entry needs this. If there is nothing to say, say why."),
        ("summary", "This may not be empty."),
        ("title", "This may not be empty."),
        ("type", "This may not be empty."),
    ]


def test_duplicate_keys_are_named_with_both_rows(manager):
    figure = make_figure(make_mission())
    rows = [{"id": figure.permanent_id, "value": 1}, {"id": "", "value": 2}, {"id": figure.permanent_id, "value": 3}]
    page = upload(manager, Figure, rows)
    assert (4, "id", figure.permanent_id, "Row 2 is about the same record.") in problems(page)
    figure.refresh_from_db()
    assert figure.value == 7


def test_an_unknown_id_is_no_new_record(manager):
    page = upload(manager, Figure, [{"id": "po-nosuch", "value": 1}])
    assert problems(page) == [
        (2, "id", "po-nosuch", "There is no figure with this id. For a new one leave the cell empty.")
    ]


NEW = {
    Mission: {"slug": "new", "title": "New", "acronym": "NEW", "summary": "S.", "type": "observer",
              "organization": "un", "countries": "CYP"},
    CaseStudy: {"slug": "new", "title": "New", "summary": "S.", "missions": "m"},
    **{model: {"slug": "new", "title": "New", "summary": "S."} for model in (Principle, Challenge, Trend, Theme)},
}  # fmt: skip


@pytest.mark.parametrize("model", NEW, ids=lambda m: m.__name__)
def test_new_entries_come_in_as_drafts_that_no_reader_sees(manager, model):
    make_organization(), make_country(), make_mission(slug="m")
    batch = imported(manager, model, [NEW[model]])
    entry = model.objects.get(slug="new")
    assert (entry.stage, entry.published_at, drafts.of(entry).makers) == ("draft", None, [[manager.user.pk, "mona"]])
    assert Client().get(entry.get_absolute_url()).status_code == 404
    assert [(c.note, c.unreviewed_reason) for c in batch.changes.all()] == [("", "")]


def test_a_new_record_says_all_that_it_lacks(manager):
    make_organization(), make_country()
    page = upload(manager, Mission, [{"title": "New"}])
    assert [(column, reason) for _, column, _, reason in problems(page)] == [
        (name, "This may not be empty.") for name in
        ("acronym", "countries", "organization", "slug", "summary", "type")
    ]  # fmt: skip


def test_every_kind_of_fact_is_imported_and_read(manager):
    make_mission(slug="m"), make_mission(slug="n"), make_source(slug="report"), make_term(slug="elections")
    make_principle(slug="consent")
    fact = {"mission": "m", "source": "report", "stage": "published"}
    tasks = '[{"task": "elections", "modality": ["assist"], "strength": "requested", "locator": "para. 3"}]'
    tables = {
        Figure: {"measure": "fatalities", "value": "12", "as_of": "2001-01-01"},
        Event: {"kind": "political", "title": "An election", "date": "2001-01-01", "tasks": tasks},
        MandatedTask: {"task": "elections", "assist": "true", "date": "2001-01-01"},
        Evidence: {"principle": "consent", "stance": "upheld", "text": "Seen.", "date": "2001-01-01"},
    }
    for model, row in tables.items():
        imported(manager, model, [fact | row])
    link = {"predecessor": "n", "successor": "m", "date": "2001-01-01", "source": "report"}
    imported(manager, Succession, [link])
    page = Client().get("/missions/m/?format=json").json()
    assert [f["value"] for f in page["figures"]] == [12]
    assert [e["tasks"][0]["task"] for e in page["events"]] == ["elections"]
    assert [(t["task"], t["modality"]) for t in page["tasks"]] == [("elections", ["assist"])]
    assert [(e["entry"], e["stance"]) for e in page["evidence"]] == [("consent", "upheld")]
    assert page["predecessors"] == ["n"]


def test_what_facts_refer_to_is_imported_and_found(manager):
    make_country("CYP")
    source = make_source(slug="report", title="Old title")
    book = {"slug": "", "title": "", "kind": "book", "authors": "A", "published_on": "1999-01-01"}
    imported(
        manager,
        Source,
        [
            book | {"slug": "report", "title": "Winds of change"},
            book | {"slug": "new", "title": "Neuland"},
        ],
    )
    imported(
        manager, Term, [{"slug": "sabre", "label": "Sabre rattling", "vocabulary": "concept", "definition": "So."}]
    )
    imported(manager, Country, [{"iso3": "CYP", "name": "Kypros"}, {"iso3": "FRA", "name": "France"}])
    imported(manager, Organization, [{"slug": "wto", "name": "Warsaw Treaty Organization"}])
    source.refresh_from_db()
    assert source.title == "Winds of change"
    found = Client().get("/search/", {"q": "winds", "format": "json"}).json()["results"]
    assert [r["slug"] for r in found] == ["report"]
    assert Client().get("/glossary/sabre/").status_code == 200
    assert Client().get("/about/corrections/").status_code == 200
    assert (Country.objects.get(iso3="CYP").name, Country.objects.count()) == ("Kypros", 2)
    assert Organization.objects.filter(slug="wto").exists()


def test_the_address_of_a_source_stays(manager):
    source = make_source(slug="report")
    page = upload(manager, Source, [{"id": source.permanent_id, "slug": "renamed"}])
    assert problems(page) == [(2, "slug", "renamed", "Texts cite the source by this address, so it cannot be changed.")]


def test_a_renamed_entry_answers_at_its_old_address(manager):
    one, other = make_principle(slug="one"), make_principle(slug="other")
    imported(manager, Principle, [{"id": one.permanent_id, "slug": "third"}])
    assert Client().get("/principles/third/?format=json").json()["id"] == one.permanent_id
    assert Client().get("/principles/one/")["Location"] == "/principles/third/"
    assert [(f.slug, f.permanent_id) for f in FormerAddress.objects.all()] == [("one", one.permanent_id)]
    page = upload(manager, Principle, [{"id": other.permanent_id, "slug": "one"}])
    reason = "This address once was that of another entry and still leads there. Choose another."
    assert problems(page) == [(2, "slug", "one", reason)]


def test_an_address_that_a_row_leaves_is_not_free_for_another_row(manager):
    one, other = make_principle(slug="one"), make_principle(slug="other")
    rows = [{"id": one.permanent_id, "slug": "other"}, {"id": other.permanent_id, "slug": "third"}]
    reason = "Row 3 leaves this address, but it goes on leading to that entry. Choose another."
    assert problems(upload(manager, Principle, rows)) == [(2, "slug", "other", reason)]


def test_two_drafts_may_exchange_their_addresses(manager):
    one, other = (make_topic(Theme, slug=slug, stage="draft") for slug in ("one", "other"))
    imported(manager, Theme, [{"id": one.permanent_id, "slug": "other"}, {"id": other.permanent_id, "slug": "one"}])
    assert {t.slug: t for t in Theme.objects.all()} == {"one": other, "other": one}


def test_rows_may_exchange_what_only_one_may_have_whatever_their_order(manager):
    mission = make_mission(slug="m")
    first = make_figure(mission, value=1, preferred=False)
    second = make_figure(mission, value=2, preferred=True)
    rows = [{"id": first.permanent_id, "preferred": "true"}, {"id": second.permanent_id, "preferred": "false"}]
    imported(manager, Figure, rows)
    assert [(f.pk, f.preferred) for f in Figure.objects.order_by("pk")] == [(first.pk, True), (second.pk, False)]


def test_what_only_one_may_have_is_refused_with_the_row_that_has_it(manager):
    mission = make_mission(slug="m")
    stored = make_figure(mission, measure="budget", as_of=datetime.date(2001, 1, 1))
    row = {"mission": "m", "measure": "fatalities", "value": "1", "as_of": "2001-01-01", "stage": "published",
           "source": stored.source.slug}  # fmt: skip
    page = upload(manager, Figure, [row, row | {"value": "2"}, row | {"measure": "budget"}])
    message = "Another published figure is already preferred for this measure, scope and date. "
    message += "Untick “preferred” on one of the two and say why in its note."
    assert problems(page) == [(3, "", "", f"{message} Row 2 says the same."), (4, "", "", message)]


def test_several_values_are_told_apart_and_unknown_ones_all_named(manager):
    make_mission(slug="m", countries=[make_country("CYP")]), make_country("FRA")
    page = upload(manager, Mission, [{"slug": "m", "countries": "FRA; XXX;YYY;CYP"}])
    assert problems(page) == [
        (2, "countries", "FRA; XXX;YYY;CYP",
         "There is no country with the ISO code “XXX”, “YYY”. Add it first or correct it.")
    ]  # fmt: skip
    imported(manager, Mission, [{"slug": "m", "countries": "FRA; CYP;FRA"}])
    assert Client().get("/missions/m/?format=json").json()["countries"] == ["CYP", "FRA"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"stage": "public"}, "stage", "Use one of: draft, published, withdrawn."),
        ({"stage": "withdrawn"}, "withdrawal_note", "Say why it is withdrawn: it stays on record with the reason."),
        ({"value": "9" * 19}, "value", "Ensure this value is less than or equal to 9223372036854775807."),
        ({"value": "１２"}, "value", "Use a whole number with the digits 0 to 9 only, such as 12000."),
        ({"value": "1,200"}, "value", "Use a whole number with the digits 0 to 9 only, such as 12000."),
        ({"value": "1.5"}, "value", "Use a whole number with the digits 0 to 9 only, such as 12000."),
        ({"preferred": "maybe"}, "preferred", "Use true or false."),
        ({"preferred": ""}, "preferred", "This may not be empty."),
        ({"as_of": "2001-02-30"}, "as_of", "Write the date as year-month-day, such as 2001-02-03."),
        ({"as_of": ""}, "as_of", "A published fact needs its date. Add it, or keep the fact as a draft."),
        ({"locator": "x" * 81}, "locator", "Ensure this value has at most 80 characters (it has 81)."),
        ({"mission": ""}, "mission", "This may not be empty."),
        ({"lock": "0" * 32}, "lock", "It was changed since this was exported. Export it again."),
        ({"lock": ""}, "lock",
         "The lock of this row is missing. Export it again, or take the whole column out."),
    ],
)  # fmt: skip
def test_a_bad_cell_gets_its_reason(manager, row, column, reason):
    figure = make_figure(make_mission())
    page = upload(manager, Figure, [{"id": figure.permanent_id} | row])
    assert [(c, r) for _, c, _, r in problems(page)] == [(column, reason)]


@pytest.mark.parametrize(
    "tasks",
    ['{"a": 1}', "[1]", "{", "[" * 5000, '[{"task": 5, "modality": [], "strength": "requested", "locator": ""}]',
     '[{"task": "x", "modality": 5, "strength": "requested", "locator": ""}]',
     '[{"task": "x", "modality": [[1]], "strength": [], "locator": ""}]',
     '[{"task": "\\u0000", "modality": [], "strength": "requested", "locator": "\\ud800"}]',
     '[{"task": "no-such", "modality": [], "strength": "requested", "locator": ""}]'],
)  # fmt: skip
def test_tasks_that_are_none_are_refused(manager, tasks):
    event = make_event(make_mission())
    page = upload(manager, Event, [{"id": event.permanent_id, "tasks": tasks}])
    assert [(line, column) for line, column, _, _ in problems(page)] == [(2, "tasks")]


def test_texts_are_judged_as_in_the_form(manager):
    make_principle(slug="consent")
    row = {"slug": "consent", "summary": "So [@no-such].", "definition": "See [this](/missions/x)."}
    assert [(c, r) for _, c, _, r in problems(upload(manager, Principle, [row]))] == [
        ("definition", "The link /missions/x is not an address of this site: addresses end in “/”."),
        ("summary", "No source has the address “no-such”. Add the source first or correct it."),
    ]


def test_what_the_database_alone_refuses_is_refused_before_it_is_asked(manager):
    make_mission(slug="m", started_on=datetime.date(2001, 1, 1))
    row = {"slug": "m", "ended_on": "2000-01-01", "ended_precision": "day", "type": "other"}
    assert [(c, r) for _, c, _, r in problems(upload(manager, Mission, [row]))] == [
        ("", "The end lies before the start: correct one of the two dates. Say in the type note what kind of "
             "operation it is.")
    ]  # fmt: skip


def test_the_preview_shows_old_and_new_values_and_the_reason(manager):
    old, new = make_source(slug="old", symbol="S/1"), make_source(slug="new", symbol="S/2")
    figure = make_figure(make_mission(acronym="UNX"), value=7, source=old)
    page = upload(manager, Figure, [{"id": figure.permanent_id, "value": "9", "source": new.slug}])
    (row,) = page.context["rows"]
    assert [(d.name, d.old, d.new) for d in row.values] == [
        ("source", "S/1 (@old)", "S/2 (@new)"), ("value", "7", "9")
    ]  # fmt: skip
    assert (said(page), REASON in page.content.decode()) == ((0, 1, 0, 0), True)
    assert "Import this row" in page.content.decode()


def test_a_value_that_changes_without_its_source_is_pointed_out(manager):
    mission = make_mission()
    one, other = make_figure(mission, value=1), make_figure(mission, value=2, preferred=False)
    rows = [
        {"id": one.permanent_id, "value": "5", "locator": "p. 3"},
        {"id": other.permanent_id, "value": "6", "locator": ""},
    ]
    page = upload(manager, Figure, rows)
    assert [r.line for r in page.context["plan"].unsourced] == [3]
    assert "These rows change a value but not the source that states it: 3." in page.content.decode()


def test_a_file_that_says_what_is_stored_offers_nothing_to_import(manager, uploads):
    make_mission(slug="m", acronym="SAME")
    page = upload(manager, Mission, [{"slug": "m", "acronym": "SAME"}])
    assert said(page) == (0, 0, 1, 0)
    assert "There is nothing to import." in page.content.decode()
    assert not uploads.exists()


def test_files_do_not_stay_behind(manager, uploads):
    make_mission(slug="m", acronym="OLD")
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    assert len(list(uploads.iterdir())) == 1
    answer = confirm(manager, page, cancel="Cancel")
    assert "Nothing was imported." in answer.content.decode()
    assert (list(uploads.iterdir()), Mission.objects.get().acronym) == ([], "OLD")
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    confirm(manager, page)
    assert (list(uploads.iterdir()), Mission.objects.get().acronym) == ([], "NEW")
    assert "This preview is no longer there" in confirm(manager, page).content.decode()
    assert Batch.objects.count() == 1


def test_what_changed_since_the_preview_is_shown_anew_and_nothing_is_written(manager, writer):
    mission = make_mission(slug="m", acronym="OLD", type_note="Old.", stage="draft", countries=[make_country()])
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    save(writer, mission, type_note="The writer’s word.")
    answer = confirm(manager, page)
    assert "What the file would change was changed since you read the preview" in answer.content.decode()
    mission.refresh_from_db()
    assert (mission.acronym, mission.type_note, Batch.objects.count()) == ("OLD", "The writer’s word.", 0)
    confirm(manager, answer)
    mission.refresh_from_db()
    assert (mission.acronym, mission.type_note) == ("NEW", "The writer’s word.")


def test_a_fact_added_since_the_preview_counts_as_a_change_of_its_mission(manager):
    mission = make_mission(slug="m")
    figure = make_figure(mission, value=7)
    page = upload(manager, Figure, [{"id": figure.permanent_id, "value": "8"}])
    event = {"mission": "m", "kind": "political", "title": "New", "source": figure.source.slug, "date": "2001-01-01"}
    imported(manager, Event, [event])
    assert "so nothing was imported" in confirm(manager, page).content.decode()
    assert figures("m") == [7]


def test_a_shared_record_changed_since_the_preview_is_not_written_over(manager):
    source = make_source(slug="report", title="Old", note="Old.")
    page = upload(manager, Source, [{"slug": "report", "title": "New"}])
    Source.objects.filter(pk=source.pk).update(note="Meanwhile.")
    assert "so nothing was imported" in confirm(manager, page).content.decode()
    source.refresh_from_db()
    assert (source.title, source.note) == ("Old", "Meanwhile.")


def test_what_changed_past_all_locks_is_shown_anew_too(manager):
    figure = make_figure(make_mission(slug="m"), value=7)
    page = upload(manager, Figure, [{"id": figure.permanent_id, "value": "8"}])
    Figure.objects.update(value=9)
    answer = confirm(manager, page)
    assert "so nothing was imported" in answer.content.decode()
    assert [(d.old, d.new) for d in answer.context["rows"][0].values] == [("9", "8")]
    assert figures("m") == [9]


def test_a_forged_confirmation_without_the_token_writes_nothing(manager):
    make_mission(slug="m", acronym="OLD")
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    for token in ("", "0" * 64):
        confirm(manager, page, token=token)
    assert Mission.objects.get().acronym == "OLD"
    assert manager.get(page.context["confirm"]).status_code == 405


def test_the_lock_of_an_export_tells_who_changed_it_since(manager, desk):
    make_mission(slug="m", acronym="OLD", countries=[make_country()])
    (row,) = exported(manager, Mission)
    imported(desk("other", "Managing editors"), Mission, [{"slug": "m", "acronym": "THEIRS"}])
    page = upload(manager, Mission, [row | {"acronym": "MINE"}])
    ((line, column, value, reason),) = problems(page)
    assert (line, column, value) == (2, "lock", row["lock"])
    assert reason.startswith("It was changed since this was exported by other, ")
    assert Mission.objects.get().acronym == "THEIRS"


def test_the_lock_of_facts_is_that_of_their_mission_and_of_sources_their_content(manager):
    figure, source = make_figure(make_mission(slug="m")), make_source(slug="report")
    (row,), rows = exported(manager, Figure), exported(manager, Source)
    imported(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    assert [c for _, c, _, _ in problems(upload(manager, Figure, [row | {"value": "1"}]))] == ["lock"]
    Source.objects.filter(pk=source.pk).update(title="Changed")
    page = upload(manager, Source, rows)
    assert [(c, v) for _, c, v, _ in problems(page)] == [
        ("lock", next(r["lock"] for r in rows if r["slug"] == "report"))
    ]
    assert figure.source.slug in {r["slug"] for r in rows}


def test_an_open_draft_keeps_what_is_written_in_it(manager, writer):
    principle = make_principle(slug="consent", title="Old", definition="Old.")
    save(writer, principle, definition="The draft’s word.")
    page = upload(manager, Principle, [{"slug": "consent", "title": "New"}])
    assert "It will have to be brought up to date with what is imported: Old." in page.content.decode()
    confirm(manager, page)
    draft = Draft.objects.of(principle)
    assert (draft.is_behind, draft.content[0]["fields"]["definition"]) == (True, "The draft’s word.")
    drafts.bring_up_to_date(principle, writer.user)
    fields = Draft.objects.of(principle).content[0]["fields"]
    assert (fields["title"], fields["definition"]) == ("New", "The draft’s word.")
    assert Client().get("/principles/consent/?format=json").json()["definition"] == "Old."


def test_a_form_opened_before_an_import_meets_it_as_a_conflict(manager, writer):
    principle = make_principle(slug="consent", title="Old", stage="draft")
    values = form_of(writer, form_address(principle))
    imported(manager, Principle, [{"slug": "consent", "summary": "Imported."}])
    page = writer.post(form_address(principle), values | {"title": "Mine"})
    assert "Someone saved this entry after you opened it" in errors_of(page)[0]
    principle.refresh_from_db()
    assert (principle.title, principle.summary) == ("Old", "Imported.")


def test_a_fact_that_changes_hands_is_gone_from_the_one_and_public_with_the_other(manager):
    here, there = make_mission(slug="here"), make_mission(slug="there")
    figure = make_figure(here, value=5)
    page = upload(manager, Figure, [{"id": figure.permanent_id, "mission": "there"}])
    assert [(d.name, d.old, d.new) for d in page.context["rows"][0].values] == [("mission", str(here), str(there))]
    confirm(manager, page)
    assert (figures("here"), figures("there")) == ([], [5])
    assert Change.objects.count() == 2


def test_the_same_table_is_read_from_a_workbook(manager):
    make_mission(slug="m"), make_source(slug="report")
    row = {"mission": "m", "measure": "fatalities", "value": 12.0, "as_of": datetime.date(2001, 1, 1), "period": 2001,
           "preferred": True, "source": "report", "stage": "published"}  # fmt: skip
    confirm(manager, upload(manager, Figure, as_xlsx([row]), name="figures.csv"))
    figure = Figure.objects.get()
    assert (figure.value, figure.as_of, figure.period, figure.preferred) == (
        12,
        datetime.date(2001, 1, 1),
        "2001",
        True,
    )
    assert figures("m") == [12]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_arrive_from_every_usual_encoding(manager, encoding):
    make_mission(slug="m")
    text = "slug;title\nm;Mission d’observation à Chypre\n"
    confirm(manager, upload(manager, Mission, text.encode(encoding)))
    assert "Mission d’observation à Chypre" in Client().get("/missions/m/").content.decode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"slug,title\nm,\x00\n", "Line 2 holds a NUL character"),
        (b'slug,title\nm,"x\n', "A quotation mark that opens in row 2 is never closed."),
        (b"slug,title\nm," + b"x" * 1_000_001, "A cell in row 2 has more than 1,000,000 characters"),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page(manager, content, reason):
    page = upload(manager, Mission, content)
    assert page.context["form"].errors["file"][0].startswith(reason)


def test_a_bomb_is_refused_in_under_a_second(manager):
    content, started = bomb(2**30), time.monotonic()
    page = upload(manager, Mission, content, name="missions.xlsx")
    assert time.monotonic() - started < 1
    reason = "The file unpacks to 1,024 MB, which is too much to be a table. Use CSV."
    assert page.context["form"].errors["file"] == [reason]


def test_a_full_disk_is_said_in_words(manager, settings, tmp_path):
    make_mission(slug="m", acronym="OLD")
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    assert page.context["form"].errors["file"][0].startswith("The server could not keep the file")


def test_uploads_that_no_one_came_back_to_are_forgotten(manager, uploads):
    make_mission(slug="m", acronym="OLD")
    upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    (old,) = uploads.iterdir()
    os.utime(old, (0, 0))
    upload(manager, Mission, [{"slug": "m", "acronym": "NEWER"}])
    assert (len(list(uploads.iterdir())), old.exists()) == (1, False)


def test_only_keys_of_previews_lead_anywhere(manager):
    for key in ("..%2f..%2fetc%2fpasswd", "a.upload"):
        assert manager.post(f"/admin/missions/mission/import/{key}/").status_code in (302, 404)
    answer = manager.post(address(Mission, "import_confirm", "x" * 300), follow=True)
    assert "This preview is no longer there" in answer.content.decode()
    assert manager.post(address(Mission, "import")).context["form"].errors["file"] == ["This field is required."]


def test_hostile_values_are_escaped_and_cut(manager):
    evil = "<script>alert(1)</script>" + "x" * 200
    page = upload(manager, Mission, as_csv([{"slug": "m", "organization": evil}]), name=f"{evil}.csv")
    assert b"<script>alert" not in page.content
    (value,) = [v for _, c, v, _ in problems(page) if c == "organization"]
    assert (len(value), value[:8]) == (100, "<script>")


def test_a_race_for_an_address_is_lost_politely(manager, monkeypatch):
    make_organization(), make_country()
    page = upload(manager, Mission, [NEW[Mission]])
    make_mission(slug="new", acronym="OTHER")
    from missions.bulk import checking

    # As if the other one were saved after the last check.
    monkeypatch.setattr(checking.Check, "find_stored", lambda self: self.__dict__.update(stored={}, lines={}, key=None))
    monkeypatch.setattr(checking.Check, "check_together", lambda self: None)
    monkeypatch.setattr(Mission, "clean", lambda self: None)
    answer = confirm(manager, page)
    assert "so nothing was imported" in answer.content.decode()
    assert [m.acronym for m in Mission.objects.all()] == ["OTHER"]


def test_what_is_kept_of_other_kinds_is_not_imported_here(manager):
    make_mission(slug="m", acronym="OLD")
    page = upload(manager, Mission, [{"slug": "m", "acronym": "NEW"}])
    key = page.context["confirm"].split("/")[-2]
    answer = manager.post(address(Principle, "import_confirm", key), {"token": page.context["plan"].token}, follow=True)
    assert "This preview is no longer there" in answer.content.decode()


def test_every_fact_can_be_withdrawn_by_a_table_and_is_gone_for_readers(manager):
    mission = make_mission(slug="m")
    made = [make_figure(mission), make_event(mission), make_task(mission), make_evidence(mission)]
    for fact in made:
        imported(manager, type(fact), [{"id": fact.permanent_id, "stage": "withdrawn", "withdrawal_note": "Wrong."}])
    page = Client().get("/missions/m/?format=json").json()
    assert [page[n] for n in ("figures", "events", "tasks", "evidence")] == [[], [], [], []]
    assert set(map(type, made)) < set(FACTS)


def test_a_case_study_keeps_its_missions_in_a_table(manager):
    one, other = make_mission(slug="one"), make_mission(slug="other")
    make_case_study(slug="study", missions=[one])
    imported(manager, CaseStudy, [{"slug": "study", "missions": "other;one"}])
    assert Client().get("/case-studies/study/?format=json").json()["missions"] == ["one", "other"]
    assert Client().get("/missions/other/?format=json").json()["case_studies"] == ["study"]
    assert other.case_studies.count() == 1

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from missions.loading import FILES, FixtureError, Loader
from missions.models import Approach, Citation, Country, LoadedRecord, Mission, Principle, Region, Source

pytestmark = pytest.mark.django_db


def record(model, **fields):
    return {"model": f"missions.{model}", "fields": fields}


def source(**fields):
    return record("source", **{
        "permanent_id": "po-source0001", "slug": "report", "kind": "report", "title": "Report", "authors": "Panel",
        "publisher": "United Nations", "published_on": "2000-08-21", "published_precision": "day",
    } | fields)  # fmt: skip


def principle(**fields):
    return record("principle", **{
        "permanent_id": "po-principle1", "slug": "consent", "title": "Consent", "summary": "Short.",
        "definition": "So [@report].", "discussion": "So.", "practice": "So.", "stage": "published",
        "published_at": "2026-01-01T00:00:00Z", "approaches": [],
    } | fields)  # fmt: skip


@pytest.fixture
def fixtures(tmp_path):
    """Write fixture files, all empty but those named."""

    def write(**files):
        for name in FILES:
            (tmp_path / f"{name}.json").write_text(json.dumps(files.get(name, [])))
        return tmp_path

    return write


def test_a_new_version_refreshes_what_no_one_edited(fixtures):
    Loader(fixtures(sources=[source()], principles=[principle()])).load()
    report = Loader(fixtures(sources=[source()], principles=[principle(title="Consent of the parties")])).load()
    assert (report.refreshed.total(), report.unchanged.total(), report.kept) == (1, 1, [])
    assert Principle.objects.get().title == "Consent of the parties"


@pytest.mark.parametrize("way", ["save", "update"])
def test_what_an_editor_changed_is_kept_and_listed(fixtures, way):
    Loader(fixtures(sources=[source()], principles=[principle()])).load()
    row = Principle.objects.get()
    if way == "save":
        row.discussion = "The editor's word."
        row.save()
    else:
        Principle.objects.update(discussion="The editor's word.")
    report = Loader(fixtures(sources=[source()], principles=[principle(discussion="A newer text.")])).load()
    assert report.kept == [("principle", "Consent", "edited here")]
    assert Principle.objects.get().discussion == "The editor's word."


def test_a_changed_relation_counts_as_an_edit(fixtures):
    places = {
        "regions": [record("region", slug="asia", name="Asia", lineage="Asia", m49="142", parent=None)],
        "countries": [record("country", iso3="CYP", name="Cyprus", m49="196", regions=[["asia"]], note="")],
    }
    Loader(fixtures(**places)).load()
    Country.objects.get().regions.clear()
    report = Loader(fixtures(**places)).load()
    assert report.kept == [("country", "Cyprus", "edited here")]
    assert Country.objects.get().regions.count() == 0
    assert Region.objects.count() == 1


def test_an_edit_that_says_the_same_as_the_new_version_is_no_conflict(fixtures):
    Loader(fixtures(sources=[source()])).load()
    Source.objects.update(title="The Report")
    report = Loader(fixtures(sources=[source(title="The Report")])).load()
    assert (report.unchanged.total(), report.kept) == (1, [])
    assert Loader(fixtures(sources=[source(title="Newest")])).load().refreshed.total() == 1


def test_a_renamed_entry_is_not_added_again(fixtures):
    Loader(fixtures(sources=[source()], principles=[principle()])).load()
    Principle.objects.update(slug="agreement")
    report = Loader(fixtures(sources=[source()], principles=[principle()])).load()
    assert report.kept == [("principle", "Consent", "edited here")]
    assert Principle.objects.get().slug == "agreement"


def test_a_deleted_record_stays_deleted_with_all_that_hangs_on_it(fixtures):
    files = {"sources": [source()], "principles": [principle(definition="So.")]}
    Loader(fixtures(**files)).load()
    Principle.objects.all().delete()
    assert Loader(fixtures(**files)).load().kept == [("principle", "po-principle1", "deleted here")]
    assert Principle.objects.count() == 0


def test_a_record_that_was_there_before_is_never_overwritten(fixtures):
    Source.objects.create(permanent_id="po-source0001", slug="report", title="Mine", authors="Me", kind="book",
                          published_on="1999-01-01")  # fmt: skip
    assert Loader(fixtures(sources=[source()])).load().kept == [("source", "Me (1999)", "edited here")]
    assert Source.objects.get().title == "Mine"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"sources": [source(published_on="soon")]}, "sources.json, record 1 (po-source0001): "),
        ({"sources": [source(kind="rumour")]}, "kind: Value 'rumour' is not a valid choice."),
        ({"sources": [source(title="")]}, "title: This field cannot be blank."),
        ({"principles": [principle()]}, "definition: No source has the address “report”."),
        ({"principles": [principle(definition="", discussion="")]}, "A published entry needs this."),
        ({"principles": [principle(approaches=[["x"]], definition="So.")]}, "approaches: there is no approach “x”"),
        ({"sources": [principle()]}, "expected missions.source, found missions.principle"),
        ({"sources": [source(), source(permanent_id="po-2", title="Twin")]}, "slug: Source with this Address already"),
    ],
)
def test_a_broken_fixture_is_named_and_nothing_is_loaded(fixtures, files, message):
    with pytest.raises(FixtureError) as caught:
        Loader(fixtures(**files)).load()
    assert message in str(caught.value)
    assert (Source.objects.count(), Principle.objects.count(), LoadedRecord.objects.count()) == (0, 0, 0)


def test_a_file_that_is_no_json_is_named(fixtures):
    folder = fixtures()
    (folder / "missions.json").write_text("{")
    with pytest.raises(FixtureError, match=r"missions\.json cannot be read"):
        Loader(folder).load()


def test_the_command_reports_counts_and_refuses_in_one_sentence(fixtures, capsys, settings, tmp_path):
    shutil.copytree(fixtures(sources=[source()]), tmp_path / "fixtures")
    settings.BASE_DIR = tmp_path
    call_command("load_entries")
    assert capsys.readouterr().out.splitlines() == [
        "added: 1",
        "refreshed: 0",
        "unchanged: 0",
        "kept as edited here: 0",
    ]
    Source.objects.update(title="Mine")
    call_command("load_entries")
    assert capsys.readouterr().out.splitlines()[-1] == "  source Panel (2000): edited here"
    (tmp_path / "fixtures/terms.json").unlink()
    with pytest.raises(CommandError, match=r"^Nothing was loaded. terms.json cannot be read"):
        call_command("load_entries")


def test_the_fixtures_of_the_project_are_where_the_loader_looks():
    assert Loader().directory == settings.BASE_DIR / "fixtures"
    assert Mission in FILES.values()


@pytest.mark.long
def test_plain_loaddata_fills_an_empty_database():
    later = ("figures", "events")  # half of all records; loaddata takes three milliseconds for each
    call_command("loaddata", *(f for f in FILES if Path(f).stem not in later), verbosity=0)
    assert Mission.objects.published().count() == 136
    report = Loader().load()
    assert (set(report.added), report.kept) == ({"figure", "event"}, [])
    assert Citation.objects.exists()


def test_records_find_an_entry_that_an_editor_renamed(fixtures):
    approach = record("approach", permanent_id="po-approach01", slug="old", title="Old", summary="Short.",
                      stage="draft", missions=[])  # fmt: skip
    files = {"sources": [source()], "approaches": [approach]}
    Loader(fixtures(**files)).load()
    Approach.objects.update(slug="new")
    report = Loader(fixtures(**files, principles=[principle(approaches=[["old"]])])).load()
    assert report.kept == [("approach", "Old", "edited here")]
    assert [a.slug for a in Principle.objects.get().approaches.all()] == ["new"]

"""Numbered snapshots: made, read back, compared, never changed."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from missions import releases
from missions.models import Figure, Mission, Release
from missions.releases.making import shipped

from .factories import make_event, make_figure, make_mission, make_principle, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    releases.archive_of.cache_clear()


def one_mission():
    source = make_source(slug="told", title="A report")
    mission = make_mission(slug="one", acronym="ONE", title="Operation One", summary="It went [@told, para. 2].")
    make_figure(
        mission, permanent_id="po-figure", measure="deployed-military", value=10, as_of="2001-01-01", source=source
    )
    return mission


def test_a_release_holds_everything_published_and_nothing_else():
    one_mission()
    make_mission(slug="canary", stage="draft")
    made = releases.make("2026.1", note="Trial.")
    archive = releases.Archive(made.archive)
    assert (made.counts["missions"], made.counts["figures"]) == (1, 1)
    assert made.checksum == hashlib.sha256(made.archive).hexdigest()
    assert archive.check() == []
    assert (archive.descriptor["release"], archive.descriptor["note"]) == ("2026.1", "Trial.")
    content = zipfile.ZipFile(io.BytesIO(made.archive))
    assert not any(b"canary" in content.read(name) for name in content.namelist())
    assert content.read("CHANGELOG.md").decode().startswith("# Release 2026.1\n\nThe first release.")


def test_equal_content_gives_equal_tables():
    one_mission()
    first, second = (releases.Archive(releases.make(n).archive) for n in ("2026.1", "2026.2"))
    assert {n: r["hash"] for n, r in first.resources.items()} == {n: r["hash"] for n, r in second.resources.items()}


def test_a_release_never_changes(client):
    mission = one_mission()
    made = releases.make("2026.1")
    for change in (made.save, made.delete):
        with pytest.raises(ValidationError):
            change()
    Mission.objects.filter(pk=mission.pk).update(title="Renamed", slug="renamed")
    assert "Operation One" in client.get("/data/releases/2026.1/missions/one/").content.decode()
    assert client.get("/data/releases/2026.1/missions/renamed/").status_code == 404


@pytest.mark.parametrize("number", ["2026", "2026.0", "26.1", "x", "2026.1", "2025.9", "2026.1\n"])
def test_a_number_that_cannot_be_next_is_refused_with_the_one_that_can(number):
    one_mission()
    releases.make("2026.1")
    with pytest.raises(CommandError, match=r"(?s)No release was made\. .*2026\.2"):
        call_command("make_release", number, stdout=io.StringIO())
    assert Release.objects.count() == 1


def test_the_command_makes_a_release_and_writes_its_file(tmp_path):
    one_mission()
    out = io.StringIO()
    call_command("make_release", "2026.1", note="First.", to=tmp_path, stdout=out)
    made = Release.objects.get()
    assert (tmp_path / "2026.1.zip").read_bytes() == bytes(made.archive)
    assert made.checksum in out.getvalue()
    with pytest.raises(CommandError, match="no directory"):
        call_command("make_release", "2026.2", to=tmp_path / "none")


def test_nothing_is_kept_of_a_release_that_fails(monkeypatch):
    one_mission()

    def fail(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(Release, "full_clean", fail)
    with pytest.raises(DatabaseError):
        releases.make("2026.1")
    assert not Release.objects.exists()


def test_two_releases_are_compared_value_by_value(client):
    mission = one_mission()
    gone = make_principle(slug="gone", title="Gone")
    releases.make("2026.1")
    Figure.objects.update(value=25)
    gone.delete()
    make_event(mission, title="Something new", date="2002-02-02")
    made = releases.make("2026.2")
    told = client.get("/data/releases/2026.1...2026.2/?format=json").json()
    assert told["counts"] == {
        "figures": {"changed": 1},
        "events": {"added": 1},
        "principles": {"removed": 1},
        "sources": {"added": 1},
    }
    changed = next(c for c in told["changes"] if c["table"] == "figures")
    assert changed == {
        "table": "figures", "id": "po-figure", "label": "one, deployed-military, 2001-01-01", "change": "changed",
        "field": "value", "before": "10", "after": "25",
    }  # fmt: skip
    page = client.get("/data/releases/2026.1...2026.2/").content.decode()
    assert "figures: 1 changed" in page
    log = zipfile.ZipFile(io.BytesIO(made.archive)).read("CHANGELOG.md").decode()
    assert "- one, deployed-military, 2001-01-01, value: from “10” to “25”" in log
    assert "- Gone: removed" in log
    back = client.get("/data/releases/2026.2...2026.1/?format=json").json()
    assert {c["before"] for c in back["changes"] if c["table"] == "figures"} == {"25"}


def test_an_entry_is_read_as_it_stood(client):
    mission = one_mission()
    releases.make("2026.1")
    Mission.objects.filter(pk=mission.pk).update(summary="Otherwise.")
    Figure.objects.update(value=99)
    page = client.get("/data/releases/2026.1/missions/one/").content.decode()
    assert "It went" in page and "Otherwise." not in page
    assert 'id="note-1"' in page and "A report" in page
    assert "<td>10</td>" in page
    told = client.get("/data/releases/2026.1/missions/one/?format=json").json()
    assert (told["entry"]["slug"], told["figures"][0]["value"]) == ("one", "10")
    assert client.get("/data/releases/2026.1/sources/told/").status_code == 200


def test_a_release_is_cited_with_its_number_and_checksum(client):
    one_mission()
    made = releases.make("2026.1")
    record = client.get("/data/releases/2026.1/cite.json").json()[0]
    assert (record["version"], record["URL"]) == ("2026.1", "http://testserver/data/releases/2026.1/")
    assert made.checksum in record["note"]
    assert "version = {2026.1}" in client.get("/data/releases/2026.1/cite.bib").content.decode()
    assert client.get("/data/releases/2026.1/cite.ris").content.decode().startswith("TY  - DATA")
    assert client.get("/data/releases/2027.1/cite.ris").status_code == 404
    assert client.get("/data/releases/2026.1/cite.bib?x=1").status_code == 400
    page = client.get("/data/releases/2026.1/").content.decode()
    assert 'href="cite.bib"' in page and '"contentUrl": "http://testserver/data/releases/2026.1/package.zip"' in page


def test_downloads_have_their_checksum_and_are_kept_for_good(client):
    one_mission()
    made = releases.make("2026.1")
    answer = client.get("/data/releases/2026.1/package.zip")
    assert hashlib.sha256(answer.content).hexdigest() == made.checksum == answer["ETag"].strip('"')
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get("/data/releases/2026.1/package.zip", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    record = client.get("/data/releases/2026.1/?format=json").json()
    assert record["sha256"] == made.checksum
    assert record["package"] == "http://testserver/data/releases/2026.1/package.zip"
    table = client.get("/data/releases/2026.1/tables/figures.csv")
    assert table.content.decode().splitlines()[1].startswith("po-figure,one,")
    listed = client.get("/data/releases/?format=json").json()
    assert [r["number"] for r in listed["results"]] == ["2026.1"]


@pytest.mark.parametrize(
    "address",
    ["9999.1/", "x/", "2026.1/tables/none.csv", "2026.1/missions/none/", "2026.1/none/one/", "2026.1...2026.7/",
     "2026.1...x/", "2026.01/", "２０２６.1/"],
)  # fmt: skip
def test_what_no_release_holds_is_not_found(client, address):
    one_mission()
    releases.make("2026.1")
    assert client.get(f"/data/releases/{address}").status_code == 404


def test_shipped_releases_are_taken_in_once(tmp_path):
    one_mission()
    made = releases.make("2026.1", note="Shipped.")
    (tmp_path / "2026.1.zip").write_bytes(made.archive)
    Release.objects.all().delete()  # as a new database; the model's own delete refuses
    assert releases.load_shipped(tmp_path) == ["2026.1"]
    taken = Release.objects.get()
    assert (taken.checksum, taken.note, taken.counts) == (made.checksum, "Shipped.", made.counts)
    assert taken.made_at.replace(microsecond=0) == made.made_at.replace(microsecond=0)
    assert releases.load_shipped(tmp_path) == []


def test_a_shipped_file_that_was_changed_is_refused(tmp_path):
    one_mission()
    made = releases.make("2026.1")
    Release.objects.all().delete()
    (tmp_path / "2026.2.zip").write_bytes(made.archive)
    with pytest.raises(releases.ReleaseError, match=r"holds release 2026\.1"):
        releases.load_shipped(tmp_path)
    tampered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.archive)) as old, zipfile.ZipFile(tampered, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Operation One", b"Operation Two"))
    (tmp_path / "2026.2.zip").unlink()
    (tmp_path / "2026.1.zip").write_bytes(tampered.getvalue())
    with pytest.raises(releases.ReleaseError, match=r"data/missions\.csv is not what"):
        releases.load_shipped(tmp_path)
    (tmp_path / "2026.1.zip").write_bytes(b"no zip")
    with pytest.raises(releases.ReleaseError, match="no data package"):
        releases.load_shipped(tmp_path)
    assert not Release.objects.exists()


def test_the_first_release_ships_with_the_content():
    numbers = sorted(path.stem for path in shipped().glob("*.zip"))
    assert numbers[0] == "2026.1"
    for number in numbers:
        archive = releases.Archive((shipped() / f"{number}.zip").read_bytes())
        assert archive.check() == []
        assert json.loads(json.dumps(archive.descriptor))["release"] == number
        assert archive.counts["missions"] == 136

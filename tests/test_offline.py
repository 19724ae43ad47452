"""The edition that needs no server: what is in it, that its links lead somewhere, that it repeats itself."""

import hashlib
import json
import re
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from libzim.reader import Archive
from libzim.search import Query, Searcher

from missions import offline, releases, search
from missions.models import Mission
from missions.offline import checking, making, places, searching, writing
from missions.offline.asking import ask, clock_at
from missions.offline.comparing import Comparable
from missions.offline.lists import list_data
from missions.offline.pages import Page, Resolver

from .factories import (
    make_case_study,
    make_country,
    make_evidence,
    make_figure,
    make_mission,
    make_principle,
    make_region,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1"


@pytest.fixture(autouse=True)
def fresh():
    releases.archive_of.cache_clear()


def make_content():
    for name in ("observer", "traditional"):
        make_term(slug=name, vocabulary="mission-type", label_text=name)
    africa = make_region("africa")
    source = make_source(slug="told", title="A report")
    one = make_mission(
        [make_country("CYP")],
        slug="one",
        acronym="ONE",
        title="Operation One",
        summary="Cholera came [@told, para. 2].",
    )
    two = make_mission(
        [make_country("SOM", africa)], slug="two", acronym="TWO", title="Operation Two", type="traditional"
    )
    make_mission(slug="canary", acronym="CANARY", stage="draft")
    make_figure(one, measure="deployed-military", value=10, as_of="2001-01-01", source=source, locator="para. 3")
    principle = make_principle(slug="consent", title="Consent")
    make_evidence(one, principle=principle, source=source)
    make_case_study([one], slug="case", title="A case")
    search.rebuild()
    return one, two


@pytest.fixture
def content():
    return make_content()


def made():
    return offline.edition(offline.subject_of(SITE))


@pytest.fixture(scope="module")
def edition(django_db_setup, django_db_blocker):
    """One edition for all tests that only read it; the content is gone when it is made."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_content()
        edition = made()
        transaction.set_rollback(True)
    return edition


def value_of(files, name):
    """Return what a script of an edition gives."""
    return json.loads(files[name].decode().partition(" = ")[2].rstrip().removesuffix(";"))


def test_an_edition_holds_every_entry_and_no_draft(edition):
    assert {"index.html", "missions/index.html", "missions/one/index.html", "missions/map.html",
            "missions/timeline.html", "missions/table.html", "case-studies/case/index.html",
            "principles/consent/index.html",
            "sources/told/index.html", "missions/one/cite.bib", "missions/one/index.json", "missions/index.csv",
            "missions/index.xlsx", "missions/index.zip", "evidence/index.html", "evidence/principle-consent.html",
            "robots.txt", "sitemap.xml", "feeds/changes.atom", "search/index.js", "README.txt",
            "manifest.json"} <= set(edition.files)  # fmt: skip
    assert not [name for name, data in edition.files.items() if b"canary" in data.lower() or "canary" in name]
    assert not [n for n in edition.files if n.startswith(("admin/", "api/", "report/", "theme/"))]
    assert (edition.counts["missions"], edition.counts["figures"], edition.counts["evidence"]) == (2, 1, 1)


def test_its_links_are_relative_and_lead_to_files(edition):
    files = edition.files
    assert checking.dead_links(files) == []
    page = files["missions/one/index.html"].decode()
    assert 'href="../../sources/told/index.html"' in page
    assert 'href="../index.html?country=CYP"' in page
    assert f'rel="canonical" href="{SITE}/missions/one/"' in page
    assert f'href="{SITE}/report/?fact=' in page
    assert not re.search(r'(href|src|action)="/', page)
    assert 'href="#sources"' in page


def test_the_check_finds_a_dead_link_and_a_dead_place():
    files = {
        "index.html": b'<a href="a/b.html#there">x</a><a href="a/b.html#gone">y</a><a href="c.html">z</a>',
        "a/b.html": b'<p id="there"><a href="../index.html?q=1#any">up</a></p><script src="https://a.example/x.js"></script>',
    }
    assert checking.dead_links(files) == [
        "index.html to a/b.html#gone: there is no such place on the page",
        "index.html to c.html: there is no such file",
        "a/b.html to https://a.example/x.js: it would be fetched from the network",
    ]


@pytest.mark.long
def test_a_release_makes_the_same_edition_on_another_day(content, tmp_path):
    releases.make("2026.1")
    subject = offline.subject_of(SITE, "2026.1")
    assert (subject.label, subject.name) == ("2026.1", "peace-operations-2026.1")
    first = offline.edition(subject)
    later = timezone.now() + timezone.timedelta(days=400)
    with clock_at(later):
        assert timezone.now() == later
        second = offline.edition(offline.subject_of(SITE, "2026.1"))
    assert timezone.now() < later
    assert [name for name in {*first.files, *second.files} if first.files.get(name) != second.files.get(name)] == []
    for name, one in (("a", first), ("b", second)):
        writing.write_zip(one, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_release_that_is_no_longer_what_is_published_is_refused(content):
    one, _ = content
    releases.make("2026.1")
    Mission.objects.filter(pk=one.pk).update(title="Operation Renamed")
    with pytest.raises(offline.EditionError, match="missions changed"):
        offline.subject_of(release="2026.1")
    with pytest.raises(offline.EditionError, match=r"no release “2030.1”. Known: 2026.1"):
        offline.subject_of(release="2030.1")


@pytest.mark.parametrize(
    ("address", "said"),
    [("kb.example", "no address of a site"), ("ftp://127.0.0.1", "no address"), ("http://127.0.0.1/x/", "no address"),
     ("https://elsewhere.example", "PEACEOPS_ALLOWED_HOSTS")],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused(address, said):
    with pytest.raises(offline.EditionError, match=said):
        offline.subject_of(address)


def test_the_script_of_a_list_counts_as_the_site_does(content, client):
    subject = offline.subject_of()
    pieces = {view: {s: s for s in ("one", "two")} for view in ("cards", "table")}
    data = list_data(Mission, pieces)
    told = client.get("/missions/?format=json&facets=1").json()
    for name, choices in told["facets"].items():
        assert {c["value"]: c["count"] for c in choices if c["count"]} == {
            value: len(rows) for value, rows in data["facets"][name].items()
        }
    assert data["rows"] == [r["slug"] for r in told["results"]]
    assert data["years"] == [[2001, None], [2001, None]]
    for name, numbers in data["orders"].items():
        rows = client.get("/missions/", {"format": "json", "ordering": name}).json()["results"]
        assert [data["rows"][n] for n in numbers] == [r["slug"] for r in rows]
    whole = b"".join(client.get("/missions/?format=csv").streaming_content)
    assert "".join(["\ufeff", *data["csv"]]).encode() == whole
    assert subject.day == timezone.localdate()


def test_rows_of_a_list_are_those_of_its_pages(edition):
    data = value_of(edition.files, "missions/rows.js")
    assert data["segment"] == "missions"
    card = data["cards"][data["rows"].index("one")]
    assert card.startswith('<li class="card" data-row="one">') and card.endswith("</li>")
    assert 'href="one/index.html"' in card
    assert data["table"][data["rows"].index("two")].startswith('<tr data-row="two">')


def test_the_index_finds_words_by_their_stems(content):
    told, parts = searching.search_data()
    words = dict(zip(told["words"].split(" "), told["stems"], strict=True))
    documents = [(told["kinds"][d[0]][0], d[1]) for d in told["documents"]]
    assert ("missions", "canary") not in documents

    def found(word):
        number, numbers = 0, []
        for step, _ in re.findall(r"([0-9a-z]+)([^0-9a-z])", told["postings"][words[word]]):
            number += int(step, 36)
            numbers.append(documents[number])
        return numbers

    assert found("cholera") == [("missions", "one")]
    assert words["operation"] == words.get("operations", words["operation"])
    assert set(found("operation")) >= {("missions", "one"), ("missions", "two")}
    assert len(told["documents"]) == sum(map(len, parts))
    assert len(searching.MARKS) == len(set(searching.MARKS)) == 54


def test_cells_of_a_comparison_agree_where_the_site_says_so(content, client):
    comparable = Comparable()
    columns = {o.mission.slug: comparable.column(n, str)["cells"] for n, o in enumerate(comparable.told)}
    told = client.get("/missions/compare/?m=one&m=two&format=json").json()
    rows = {row["row"]: row["verdict"] for row in told["rows"]}
    assert {"started": "same", "type": "differs"}.items() <= rows.items()
    for name, verdict in rows.items():
        keys = [columns[slug].get(name, [-1])[0] for slug in ("one", "two")]
        if verdict in ("same", "differs"):
            assert (keys[0] == keys[1]) is (verdict == "same"), name
    notes = comparable.column([o.mission.slug for o in comparable.told].index("one"), str)["notes"]
    assert "told" in [source for source, _ in notes]


def test_the_manifest_names_every_other_file(edition):
    files = edition.files
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    for name, told in manifest["files"].items():
        assert told == {"bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
    assert manifest["counts"]["missions"] == 2


def test_what_is_written_opens(edition, tmp_path):
    directory, archive, book, sums = offline.write(edition, tmp_path / "out")
    name = edition.subject.name
    assert {p.name for p in (tmp_path / "out").iterdir()} == {name, f"{name}.zip", f"{name}.zim", f"{name}.sha256"}
    with zipfile.ZipFile(archive) as content_of:
        assert content_of.testzip() is None
        assert (
            content_of.read(f"{name}/missions/one/index.html") == (directory / "missions/one/index.html").read_bytes()
        )
    for line in sums.read_text().splitlines():
        digest, _, file = line.partition("  ")
        assert hashlib.sha256((tmp_path / "out" / file).read_bytes()).hexdigest() == digest
    zim = Archive(book)
    assert zim.check() and zim.has_fulltext_index and zim.main_entry.get_item().path == "index.html"
    found = Searcher(zim).search(Query().set_query("cholera"))
    assert "missions/one/index.html" in list(found.getResults(0, 10))
    with pytest.raises(FileExistsError):
        offline.write(edition, tmp_path / "out")


def test_the_command_says_what_it_wrote_and_what_is_wrong(edition, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(offline, "subject_of", lambda address, release: edition.subject)
    monkeypatch.setattr(offline, "edition", lambda subject, progress: edition)
    call_command("make_offline", str(tmp_path))
    said = capsys.readouterr().out
    assert "\nmissions: 2\n" in said and f"addresses in citations: {SITE}\n" in said
    assert f"{tmp_path / edition.subject.name}.zip, " in said
    with pytest.raises(CommandError, match="is there already: choose another directory"):
        call_command("make_offline", str(tmp_path))


def test_a_page_is_copied_but_for_its_addresses():
    known = {"/b/": "b/index.html", "/c/": "data:text/plain,x%22y", "/missions/": "missions/index.html"}
    html = (
        '<p>1 &lt; 2 &#169; <a class="x" href="/b/?within=q%3D1#n">b</a><a href="/c/">c</a><br>\n\n   <!-- k -->'
        '<a href="https://else.example/?a=1&amp;b=2">e</a><pre>a\n  b</pre><script>1 < 2 && "/b/"</script></p>'
        '<a href="mailto:a@b">m</a><a href="/report/?fact=1&amp;x=2">r</a>'
        '<a href="/missions/?type=a&amp;region=b">f</a>'
    )
    page = Page(f"{SITE}/a/x/", Resolver(SITE, known, str, "a/x/index.html")).read(html)
    assert page.html == (
        '<p>1 &lt; 2 &#169; <a class="x" href="../../b/index.html#n">b</a>'
        '<a href="data:text/plain,x%22y" download="entry.json">c</a><br>\n<!-- k -->'
        '<a href="https://else.example/?a=1&amp;b=2">e</a><pre>a\n  b</pre><script>1 < 2 && "/b/"</script></p>'
        f'<a href="mailto:a@b">m</a><a href="{SITE}/report/?fact=1&amp;x=2">r</a>'
        '<a href="../../missions/index.html?region=b&amp;type=a">f</a>'
    )


@pytest.mark.parametrize(
    ("address", "file"),
    [("/", "index.html"), ("/missions/", "missions/index.html"), ("/missions/?view=map", "missions/map.html"),
     ("/missions/?page=2", "missions/page-2.html"), ("/missions/?format=csv", "missions/index.csv"),
     ("/missions/?group=type&view=timeline", "missions/timeline-type.html"),
     ("/missions/one/cite.bib", "missions/one/cite.bib"),
     ("/evidence/?entry=consent&kind=principle", "evidence/principle-consent.html"),
     ("/approaches/compare/?a=x&a=y", "approaches/compare/x-y.html")],
)  # fmt: skip
def test_each_address_has_its_file(address, file):
    path, pairs = places.split(address)
    assert places.belongs(path, pairs)
    assert places.file_of(path, pairs) == file


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/api/v1/missions/", "/report/?fact=x", "/missions/?region=africa",
     "/missions/?format=csv&region=africa", "/missions/one/?at=2001-01-01", "/search/?q=x", "/nowhere/at/all/",
     "/previews/site.png", "/search/?format=json"],
)  # fmt: skip
def test_what_needs_the_site_is_no_file(address):
    assert not places.belongs(*places.split(address))


def test_an_address_that_does_not_answer_is_named(content):
    with pytest.raises(LookupError, match=r"/missions/\?page=9 answers 400"):
        ask("/missions/?page=9", offline.subject_of())


def test_dead_links_stop_the_edition(content, monkeypatch):
    monkeypatch.setattr(making, "dead_links", lambda files: ["a to b: there is no such file"])
    monkeypatch.setattr(places, "seeds", lambda: ["/about/"])
    monkeypatch.setattr(places, "LISTS", {})
    with pytest.raises(offline.EditionError, match="a to b"):
        made()


def test_a_link_to_what_is_not_there_stops_the_edition(content, monkeypatch):
    monkeypatch.setattr(places, "seeds", lambda: ["/missions/canary/"])
    with pytest.raises(offline.EditionError, match="/missions/canary/ answers 404"):
        made()


def test_what_is_published_meanwhile_stops_the_edition(content, monkeypatch):
    monkeypatch.setattr(places, "seeds", lambda: ["/about/"])
    monkeypatch.setattr(places, "LISTS", {})
    seen = []
    monkeypatch.setattr(making.versions, "token", lambda: seen.append(1) or len(seen))
    with pytest.raises(offline.EditionError, match="run the same command again"):
        made()


def test_without_collected_files_one_is_told_to_collect_them(content, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with pytest.raises(offline.EditionError, match=r"manage\.py collectstatic"):
        made()

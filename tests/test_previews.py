"""The pictures of entries: what they show, when they are made, who gets them."""

import re
import struct
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from missions import previews
from missions.models import KINDS, Challenge

from .desk import publish, save, take
from .factories import make_case_study, make_entry, make_mission, make_principle, make_source, make_term, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    """Return what the directory of previews holds."""
    settings.DATA_DIR = tmp_path
    return lambda: sorted(p.name for p in (tmp_path / "previews").glob("*"))


def size_of(png):
    """Return the width and height that a PNG states."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def image_address(page):
    return re.search(r'property="og:image" content="([^"]*)"', page)[1].removeprefix("http://testserver")


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_every_entry_names_and_has_its_picture(client, model):
    entry = make_entry(model, slug="x")
    address = image_address(client.get(entry.get_absolute_url()).content.decode())
    assert re.fullmatch(rf"/previews/{model.url_segment}/x\.png\?v=[0-9a-f]{{16}}", address)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert size_of(answer.content) == (1200, 630)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_pages_without_an_entry_have_the_picture_of_the_site(client):
    addresses = {
        image_address(client.get(page).content.decode())
        for page in ("/", "/missions/", "/about/", "/evidence/", "/search/?q=x", "/nothing/",
                     make_source().get_absolute_url(), make_term().get_absolute_url())
    }  # fmt: skip
    assert len(addresses) == 1
    assert size_of(client.get(addresses.pop()).content) == (1200, 630)


def test_what_a_page_tells_those_who_link_to_it(client):
    make_mission(slug="unx", acronym="UNX", title='Force "X" & <Y>', summary="It *watched* [@nobody].")
    page = client.get("/missions/unx/").content.decode()
    found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', page))
    found.pop("og:image")
    assert found == {
        "og:site_name": "Peace Operations Knowledge Base", "og:type": "article",
        "og:title": "UNX: Force &quot;X&quot; &amp; &lt;Y&gt;", "og:description": "It watched.",
        "og:url": "http://testserver/missions/unx/", "og:image:type": "image/png", "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Force &quot;X&quot; &amp; &lt;Y&gt;, Peace Operations Knowledge Base",
        "twitter:card": "summary_large_image",
    }  # fmt: skip
    assert '<meta property="og:title" content="Missions">' in client.get("/missions/?type=observer").content.decode()


@pytest.mark.parametrize("query", ["", "?v=0000000000000000", "?v=a&v=b"])
def test_without_the_right_checksum_a_picture_is_not_kept_for_long(client, query):
    make_principle(slug="x")
    answer = client.get(f"/previews/principles/x.png{query}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=300")


def test_a_picture_already_seen_is_not_sent_again(client):
    make_principle(slug="x")
    first = client.get("/previews/principles/x.png")
    again = client.get("/previews/principles/x.png", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get("/previews/principles/x.png", headers={"if-none-match": '"other"'}).status_code == 200


def test_there_is_no_picture_of_what_is_not_public(client, kept):
    for model in KINDS:
        for stage in ("draft", "in-review"):
            make_entry(model, slug=stage, stage=stage)
            assert client.get(f"/previews/{model.url_segment}/{stage}.png").status_code == 404
        make_entry(model, slug="gone", stage="withdrawn", withdrawal_note="It was a duplicate.")
        assert client.get(f"/previews/{model.url_segment}/gone.png").status_code == 410
    assert client.get("/previews/principles/nothing.png").status_code == 404
    assert kept() == []


@pytest.mark.parametrize(
    ("address", "status"),
    [("/previews/principles/x.png?size=9", 400), ("/previews/terms/x.png", 404), ("/previews/", 404),
     ("/previews/../../etc/passwd", 404), ("/previews/principles/..%2fx.png", 404),
     ("/previews/principles/x.svg", 404)],
)  # fmt: skip
def test_hostile_addresses_get_a_clear_4xx(client, address, status):
    make_principle(slug="x")
    assert client.get(address).status_code == status


def test_a_change_of_the_title_changes_the_picture_and_drops_the_old_one(client, kept):
    principle = make_principle(slug="x", title="Consent")
    old, before = client.get("/previews/principles/x.png"), kept()
    principle.title = "Impartiality"
    principle.save()
    new = client.get("/previews/principles/x.png")
    assert new.content != old.content
    assert new["ETag"] != old["ETag"]
    assert len(kept()) == len(before) == 1
    assert kept() != before


def texts(svg):
    return [t.text for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


def test_a_mission_shows_its_names_years_type_and_life(client):
    mission = make_mission(acronym="UNX", title="Force in Côte d'Ivoire", started_on="2003-01-01",
                           ended_on="2007-01-01", ended_precision="day")  # fmt: skip
    mission.refresh_from_db()
    shown = previews.preview(mission)
    words = texts(shown.svg())
    assert words[:5] == ["Peace Operations Knowledge Base", "Mission", "UNX", "Force in Côte d'Ivoire", "A summary."]
    assert words[5] == "2003–2007 · Observer mission"
    bar = shown.shows["span"]
    year = previews.ROOM / (bar["last"] - 1945 + 1)
    assert (bar["x"], bar["length"]) == (round(90 + 58 * year), round(5 * year))


@pytest.mark.parametrize(("start", "end"), [("1890-01-01", "1900-01-01"), ("1890-01-01", None), ("2001-01-01", None)])
def test_a_life_span_stays_within_the_scale(start, end):
    mission = make_mission(started_on=start, ended_on=end, ended_precision="day" if end else "")
    mission.refresh_from_db()
    bar = previews.span(mission)
    assert previews.MARGIN <= bar["x"] < bar["x"] + bar["length"] <= previews.MARGIN + previews.ROOM + 1


HOSTILE = [
    '<script>alert(1)</script>&"\'', "W" * 200, "word " * 40, "]]>&lt;!--", "\x01\x0b\ufffe\ud800 a", "文字" * 60,
    "é" * 200, "{{ 1 }}{% now %}", " ",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_no_title_overflows_or_breaks_the_picture(title):
    for entry in (Challenge(title=title, summary=title * 9, permanent_id="po-x"), make_case_study()):
        entry.title = title
        check_drawing(previews.preview(entry))
    mission = make_mission()
    mission.acronym, mission.title = title[:40], title
    check_drawing(previews.preview(mission))


def check_drawing(shown):
    """Check that every line lies within the picture, and that it can be drawn."""
    svg = shown.svg()
    root, heading = ElementTree.fromstring(svg), 0  # noqa: S314
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        serif = node.get("font-family") == "Noto Serif"
        face = previews.font(previews.SERIF if serif else previews.SANS)
        assert face.width(node.text or "", float(node.get("font-size"))) <= previews.ROOM + 0.01
        assert int(node.get("y")) < previews.HEIGHT - 40
        heading += serif
    assert heading <= 5  # the name of the site, and four lines
    assert "<script" not in svg
    assert size_of(previews.store(shown)) == (1200, 630)


def test_the_command_draws_what_is_missing_and_removes_what_is_not_public(kept, capsys, tmp_path):
    first, second = make_principle(title="One"), make_mission()
    make_topic(Challenge, stage="draft")
    call_command("make_previews")
    call_command("make_previews")
    second.stage, second.withdrawal_note = "withdrawn", "Wrong."
    second.save()
    first.title = "Two"
    first.save()
    call_command("make_previews")
    assert capsys.readouterr().out.splitlines() == [
        "drawn: 3, up to date: 0, removed: 0", "drawn: 0, up to date: 3, removed: 0",
        "drawn: 1, up to date: 1, removed: 2",
    ]  # fmt: skip
    assert [name.rpartition("-")[0] for name in kept()] == [first.permanent_id, "site"]


def test_a_picture_that_cannot_be_kept_is_still_sent(client, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file"
    make_principle(slug="x")
    assert size_of(client.get("/previews/principles/x.png").content) == (1200, 630)


def test_publishing_changing_and_withdrawing_in_the_admin_keeps_the_picture_in_line(
    client, publisher, kept, django_capture_on_commit_callbacks
):
    client.force_login(publisher)
    principle = make_principle(stage="draft", title="One")
    steps = [(save, {"summary": "Two."}, 0), (publish, {}, 1), (save, {"title": "Two"}, 1), (publish, {}, 1)]
    for step, values, number in steps:
        with django_capture_on_commit_callbacks(execute=True):
            step(client, principle, **values)
        principle.refresh_from_db()
        assert kept() == ([previews.preview(principle).path.name] if number else [])
    with django_capture_on_commit_callbacks(execute=True):
        take(client, principle, "withdraw", withdrawal_kind="error", withdrawal_note="Wrong.")
    assert kept() == []


def test_a_failure_to_draw_loses_no_save(client, publisher, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def fail(*args, **kwargs):
        raise ValueError("cannot draw")

    monkeypatch.setattr(previews.resvg_py, "svg_to_bytes", fail)
    client.force_login(publisher)
    principle = make_principle(title="One")
    with django_capture_on_commit_callbacks(execute=True):
        save(client, principle, title="Two")
        publish(client, principle)
    assert principle.title == "Two"
    assert "cannot draw" in caplog.text


def test_the_address_of_a_picture_asks_nothing_of_the_database(django_assert_num_queries):
    for model in KINDS:
        entry = model.objects.get(pk=make_entry(model).pk)
        with django_assert_num_queries(0):
            previews.address(entry)


def test_a_picture_takes_one_query(client, django_assert_num_queries):
    make_case_study([make_mission()], slug="x")
    with django_assert_num_queries(1):
        client.get("/previews/case-studies/x.png")

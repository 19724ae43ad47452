import re
import time
from types import SimpleNamespace

import pytest

from missions.prose import Notes, citations_in, mentions, plain, reading_minutes

BOOK, REPORT = SimpleNamespace(slug="book"), SimpleNamespace(slug="report")


@pytest.fixture
def notes():
    return Notes({"book": BOOK, "report": REPORT})


def test_citations_are_read_in_order_with_their_places():
    text = "One [@book, para. 5; @report]. Two [@book]."
    assert citations_in(text) == [("book", "para. 5"), ("report", ""), ("book", "")]


def test_a_mark_links_to_its_note_and_stands_after_the_full_stop(notes):
    assert notes.render("It began in 1964 [@book, para. 5].") == (
        '<p>It began in 1964.<sup class="mark"><a href="#note-1" id="ref-1-1" '
        'aria-label="Note 1, para. 5">1</a></sup></p>\n'
    )


def test_long_runs_of_spaces_do_not_hold_up_a_page(notes):
    before = time.monotonic()
    assert notes.render("One" + " " * 100_000 + "[@book]." + "\t" * 100_000).startswith("<p>One.<sup")
    assert time.monotonic() - before < 1


def test_a_source_has_one_note_with_a_mark_for_each_place(notes):
    notes.render("One [@report]. Two [@book; @report, p. 2].")
    assert [(n.number, n.source, n.marks) for n in notes] == [
        (1, REPORT, [("ref-1-1", ""), ("ref-1-2", "p. 2")]),
        (2, BOOK, [("ref-2-1", "")]),
    ]


def test_notes_count_on_over_several_texts(notes):
    notes.render("One [@report].")
    assert 'id="ref-2-1"' in notes.render("Two [@book].")


def test_an_unknown_source_is_shown_not_dropped(notes):
    assert notes.render("So [@nobody].") == '<p>So.<sup class="mark unknown">unknown source nobody</sup></p>\n'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![x](http://a/b.png)", '<p>!<a href="http://a/b.png" rel="noopener">x</a></p>\n'),
        ('<img src=x onerror="a()">', '<p>&lt;img src=x onerror="a()"&gt;</p>\n'),
        ("\x1f0\x1f", "<p>0</p>\n"),
    ],
)
def test_hostile_text_stays_text(notes, text, html):
    assert notes.render(text) == html


def test_a_hostile_place_in_a_source_is_escaped(notes):
    assert "<b>" not in notes.render('So [@book, "><b>x</b>].')


def test_plain_text_has_neither_citations_nor_marks():
    assert (
        plain("### Head\n\nThe *force* [left](/missions/x/) in **1974** [@book, p. 1].")
        == "Head The force left in 1974."
    )


TERMS = {
    name: SimpleNamespace(url=url)
    for name, url in {"Buffer zone": "/b/", "Zone": "/z/", "PEMA": "/p/", "Chapter VII": "/c/",
                      "Contributing country": "/t/", "Peacebuilding": "/pb/"}.items()
}  # fmt: skip


def linked(text, terms=TERMS):
    """Return the (address, words) pairs that the rendered text links as terms."""
    return re.findall(r'<a class="term" href="([^"]*)" rel="noopener">([^<]*)</a>', Notes({}, terms).render(text))


def test_the_first_use_of_a_term_is_a_link():
    assert Notes({}, TERMS).render("In a buffer zone, a buffer zone.") == (
        '<p>In a <a class="term" href="/b/" rel="noopener">buffer zone</a>, a buffer zone.</p>\n'
    )


def test_the_first_use_is_the_first_on_the_page():
    notes = Notes({}, TERMS)
    assert "/b/" in notes.render("A buffer zone.")
    assert "/b/" not in notes.render("A buffer zone.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zones and buffer zones", [("/z/", "Zones"), ("/b/", "buffer zones")]),
        ("BUFFER ZONE.", [("/b/", "BUFFER ZONE")]),
        ("contributing countries", [("/t/", "contributing countries")]),
        ("Under chapter VII, chapter VIII", [("/c/", "chapter VII")]),
        ("pema PEMAs PEMA", [("/p/", "PEMA")]),
        ("*buffer zone* and **zone**", [("/b/", "buffer zone"), ("/z/", "zone")]),
        ("buffer zone's edge [@book, zone 5].", [("/b/", "buffer zone")]),
        ("zoned, rezone, non-zone, zone-like, zone_x", []),
        ("# Zone\n\n### Buffer zone", []),
        ("`zone` and\n\n    buffer zone", []),
        ("[the buffer zone](/x/) [a *zone* here](/y/)", []),
        ("[@zone, buffer zone]", []),
        ("the Peacebuilding Commission and the UN Peacebuilding office", []),
        ("It failed. Peacebuilding came late.", [("/pb/", "Peacebuilding")]),
        ("<b>zone</b>", [("/z/", "zone")]),
        ("", []),
    ],
)
def test_terms_are_linked_as_words_in_running_text_alone(text, found):
    assert linked(text) == found


def test_a_hostile_term_is_escaped():
    html = Notes({}, {'<b>x</b> "y': SimpleNamespace(url='/" onclick="a()')}).render('See <b>x</b> "y.')
    assert html == (
        '<p>See <a class="term" href="/&quot; onclick=&quot;a()" rel="noopener">&lt;b&gt;x&lt;/b&gt; "y</a>.</p>\n'
    )


def test_an_author_cannot_pass_for_a_term(notes):
    assert "<a class" not in notes.render('<a class="term" href="/x/">zone</a> [x](/x/){.term}')


def test_mentions_are_those_that_would_be_linked():
    assert mentions("A [buffer zone](/x/) was drawn.", "Buffer zone")
    assert mentions("Troop-contributing countries [@x].", "Troop-contributing country")
    assert not mentions("The Peacebuilding Commission.", "Peacebuilding")
    assert not mentions("So [@x, zone 5].", "Zone")


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (230, 1), (231, 2)])
def test_reading_time_is_rounded_up_and_counts_words_alone(words, minutes):
    assert reading_minutes("", "word [@book, page 1 of many]. " * words) == minutes

from types import SimpleNamespace

import pytest

from missions.prose import Notes, citations_in, plain

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

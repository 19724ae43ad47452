import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from missions.models import Principle

from .factories import make_principle, make_source, make_term

pytestmark = pytest.mark.django_db
PREVIEW = "/admin/missions/prose/"


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client


def fragment(client, text, **values):
    answer = client.post(PREVIEW, {"text": text} | values)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.content.decode()


def prose_in(html):
    return re.search(r'<div class="prose">(.*?)</div>', html, re.S)[1].strip()


def test_the_text_looks_as_on_its_page(as_editor):
    make_source(slug="report", title="A report")
    make_term(label_text="Good offices", slug="good-offices")
    text = "### Heading\n\nIt used *good offices* [@report, para. 5].\n\n- one\n- two [@report]"
    entry = make_principle(slug="p", summary="Text.", definition=text, discussion="Text.", practice="Text.")
    page = as_editor.get(entry.get_absolute_url()).content.decode()
    on_page = re.search(r'<h2 id="definition">Definition</h2><div class="prose">(.*?)</div>', page, re.S)[1].strip()
    assert prose_in(fragment(as_editor, text, title=entry.title)) == on_page
    assert '<a class="term" href="/glossary/good-offices/"' in on_page
    assert on_page.count('href="#note-1"') == 2


def test_every_note_names_its_source_and_where_in_it(as_editor):
    make_source(slug="a", title="First book")
    make_source(slug="b", title="Second book")
    html = fragment(as_editor, "One [@b, p. 3]. Two [@a]. Three [@b, p. 9].")
    notes = re.findall(r'<li id="note-(\d)">(.*?)</li>', html, re.S)
    assert [number for number, _ in notes] == ["1", "2"]
    assert "Second book" in notes[0][1]
    assert re.findall(r'<a href="#(ref-[\d-]+)">([^<]+)</a>', notes[0][1]) == [("ref-1-1", "p. 3"), ("ref-1-2", "p. 9")]
    assert "First book" in notes[1][1]


def test_an_unknown_source_is_named_above_and_marked_where_it_stands(as_editor):
    make_source(slug="known")
    html = fragment(as_editor, "So [@known; @no-such-source, p. 1] and [@no-such-source].")
    assert "No source has this address: <strong>no-such-source</strong>." in html
    assert html.count('<sup class="mark unknown">unknown source no-such-source</sup>') == 2
    assert "No source has" not in fragment(as_editor, "So [@known].")


def test_the_term_that_an_entry_is_about_is_not_linked_in_it(as_editor):
    make_term(label_text="Good offices", slug="good-offices")
    assert "/glossary/good-offices/" in fragment(as_editor, "It used good offices.")
    assert "/glossary/" not in fragment(as_editor, "It used good offices.", title="good offices")


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_field_says_so(as_editor, text):
    assert "Nothing is written here yet." in fragment(as_editor, text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        '[@"><script>alert(1)</script>]',
        "[@a<script>alert(1)</script>]",
        '[x](/a/ "onmouseover=alert(1)")',
        "<style>*{display:none}</style><iframe src=/></iframe>",
    ],
)
def test_nothing_that_is_typed_becomes_code(as_editor, text):
    html = fragment(as_editor, text, title=text)
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"p", "div", "sup", "strong", "a"}
    assert re.findall(r"<[^>]*\s(on\w+|style|src)=", html) == []
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)


def test_bad_bytes_and_long_texts_get_an_answer(as_editor):
    assert "unknown source a\N{REPLACEMENT CHARACTER}b" in fragment(as_editor, "[@a\0b]")
    assert prose_in(fragment(as_editor, "x" * 200_000)) == f"<p>{'x' * 200_000}</p>"
    answer = as_editor.post(PREVIEW, {"text": "x" * 200_001})
    assert answer.status_code == 413
    assert answer.content.decode() == "The text has 200,001 characters. A preview shows at most 200,000."
    answer = as_editor.post(PREVIEW, {"text": "[" + "; ".join(f"@s{n}" for n in range(1001)) + "]"})
    assert answer.status_code == 400
    assert answer.content.decode() == "The text cites 1,001 sources. A preview shows at most 1,000."
    assert as_editor.post(PREVIEW, {"text": "x" * 3_000_000}).status_code == 400


@pytest.mark.parametrize("text", ["[@s0]", "[@s0; @s1; @s2]"])
def test_sources_and_terms_take_one_query_however_many(as_editor, text):
    for n in range(3):
        make_source(slug=f"s{n}")
    with CaptureQueriesContext(connection) as queries:
        fragment(as_editor, text)
    assert len([q for q in queries if '"missions_' in q["sql"]]) == 1


def test_a_preview_writes_nothing(as_editor):
    before = list(Principle.objects.values())
    fragment(as_editor, "Text.", title="Title", slug="slug")
    assert list(Principle.objects.values()) == before


def test_only_members_get_a_preview_and_only_from_a_form_of_ours(client, editor, django_user_model):
    assert client.post(PREVIEW, {"text": "x"}).status_code == 302
    client.force_login(django_user_model.objects.create_user("reader", password="x"))
    assert client.post(PREVIEW, {"text": "x"}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(PREVIEW, {"text": "x"}).status_code == 403
    assert strict.get(PREVIEW).status_code == 405

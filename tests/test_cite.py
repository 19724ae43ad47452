import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.admin.prose import MOST_FOUND

from .factories import make_source

pytestmark = pytest.mark.django_db
CITE = "/admin/missions/source/cite/"


def resolution(number, year):
    symbol, slug = f"S/RES/{number} ({year})", f"s-res-{number}-{year}"
    return make_source(
        slug=slug, symbol=symbol, title=f"Resolution {number} ({year})", authors="Security Council", kind="un-document",
        published_on=f"{year}-06-01",
    )  # fmt: skip


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client


def slugs(client, text):
    answer = client.get(CITE, {"q": text})
    assert answer.status_code == 200
    return [source["slug"] for source in answer.json()["results"]]


def test_a_source_is_answered_with_what_is_needed_to_tell_it_from_others(as_editor):
    make_source(slug="fortna-2008", title="Does Peacekeeping Work?", authors="Fortna, Virginia Page", kind="book")
    assert as_editor.get(CITE, {"q": "fortna"}).json() == {
        "results": [
            {
                "slug": "fortna-2008",
                "name": "Fortna, Virginia Page (2001)",
                "title": "Does Peacekeeping Work?",
                "kind": "Book",
            }
        ],
        "add": f"{reverse('admin:missions_source_add')}?title=fortna",
    }


@pytest.mark.parametrize("text", ["S/RES/186", "s/res/186 (1964)", "s-res-186", "resolution 186", "186"])
def test_what_is_called_so_comes_before_what_only_contains_it(as_editor, text):
    for number, year in [(1860, 2009), (186, 1964), (1186, 1998)]:
        resolution(number, year)
    assert slugs(as_editor, text)[0] == "s-res-186-1964"


def test_an_exact_address_or_symbol_comes_first(as_editor):
    for slug in ("report-2", "report", "a-report"):
        make_source(slug=slug, symbol="")
    assert slugs(as_editor, "REPORT") == ["report", "report-2", "a-report"]
    make_source(slug="x", symbol="A/55/305")
    make_source(slug="y", symbol="A/55/305/Add.1")
    assert slugs(as_editor, "a/55/305") == ["x", "y"]


def test_every_word_must_be_found_somewhere_in_any_order(as_editor):
    make_source(slug="doyle-sambanis-2006", title="Making War and Building Peace", authors="Doyle, M.; Sambanis, N.")
    make_source(slug="sambanis-2008", title="Short- and Long-Term Effects", authors="Sambanis, N.")
    assert slugs(as_editor, "sambanis doyle") == ["doyle-sambanis-2006"]
    assert slugs(as_editor, "Doyle & Sambanis (2006): making") == ["doyle-sambanis-2006"]
    assert slugs(as_editor, "sambanis nothing") == []


def test_without_text_the_newest_records_are_offered(as_editor):
    for n in range(MOST_FOUND + 2):
        make_source(slug=f"s-{n}")
    assert slugs(as_editor, "") == [f"s-{n}" for n in range(MOST_FOUND + 1, 1, -1)]


def test_one_query_finds_at_most_ten(as_editor):
    for n in range(MOST_FOUND + 3):
        make_source(slug=f"alike-{n:02}")
    with CaptureQueriesContext(connection) as queries:
        found = slugs(as_editor, "alike")
    assert found == [f"alike-{n:02}" for n in range(MOST_FOUND)]
    assert len([q for q in queries if '"missions_source"' in q["sql"]]) == 1


def test_marks_of_the_database_are_text(as_editor):
    make_source(slug="plain")
    for text in ("%", "_", "100%", "' or 1=1 --", "\\", "a" * 200, " ".join("x" * 100), "“”"):
        assert slugs(as_editor, text) == (["plain"] if text == "“”" else [])


def test_what_cannot_be_asked_is_refused_with_the_reason(as_editor):
    answer = as_editor.get(CITE, {"q": "a" * 201})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"q": ["Use at most 200 characters."]})
    answer = as_editor.get(f"{CITE}?q=a&q=b&p=1")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"p": ["Unknown parameter. Known: q."], "q": ["Given more than once."]}
    assert as_editor.get(f"{CITE}?q=%00").status_code == 400
    assert as_editor.post(CITE).status_code == 405


def test_who_may_not_add_a_source_is_not_sent_to_the_form(client, django_user_model):
    from django.contrib.auth.models import Permission

    reader = django_user_model.objects.create_user("reader", password="x", is_staff=True)
    client.force_login(reader)
    assert client.get(CITE).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_source"))
    assert client.get(CITE, {"q": "a"}).json() == {"results": [], "add": None}


def test_a_symbol_is_handed_to_the_form_for_a_new_source_as_symbol(as_editor):
    address = as_editor.get(CITE, {"q": "A/RES/1000 (ES-I)"}).json()["add"]
    form = as_editor.get(address).context["adminform"].form
    assert form["symbol"].value() == "A/RES/1000 (ES-I)"


def test_no_reader_gets_an_answer(client, django_user_model):
    make_source(slug="secret")
    assert client.get(CITE).status_code == 302
    client.force_login(django_user_model.objects.create_user("reader", password="x"))
    assert client.get(CITE).status_code == 302

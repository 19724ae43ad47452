"""What every field and value means, and that nothing is without a meaning."""

import pytest

from missions import codebook
from missions.codebook import of_models

pytestmark = pytest.mark.django_db


def test_nothing_lacks_a_definition():
    assert codebook.undefined() == []


def test_a_field_or_a_table_without_a_definition_would_be_named(monkeypatch):
    bare = codebook.Field("missions", "new", "New", "string", "", "", "", False, "")
    monkeypatch.setattr(of_models, "fields", lambda model: [bare])
    monkeypatch.setattr(of_models, "TABLES", {"missions": type("Bare", (), {})})
    assert codebook.undefined() == ["missions", "missions.new"]


def test_matches_name_schemes_and_fields_that_exist():
    known = {f"{f.table}.{f.name}" for m in codebook.TABLES.values() for f in codebook.fields(m)} | set(codebook.TABLES)
    for match in codebook.MATCHES:
        assert match.scheme in codebook.SCHEMES
        named = [word.strip(",") for word in match.ours.split() if "." in word]
        assert [n for n in named if n not in known] == [], match


@pytest.mark.parametrize(
    ("table", "name", "told"),
    [
        ("figures", "value", ("integer", "persons or US dollars, as the field unit says", "", "", True)),
        ("figures", "measure", ("string", "", "measure", "", True)),
        ("figures", "mission", ("string", "", "", "missions.slug", True)),
        ("missions", "robust", ("boolean", "", "", "", False)),
        ("missions", "regions", ("list", "", "", "regions.slug", False)),
        ("missions", "status", ("string", "", "status", "", False)),
        ("missions", "ended_on", ("date", "", "", "", False)),
        ("tasks", "modality", ("list", "", "modality", "", False)),
        ("events", "tasks", ("records", "", "", "", False)),
    ],
)
def test_fields_are_read_from_the_models(table, name, told):
    field = next(f for f in codebook.fields(codebook.TABLES[table]) if f.name == name)
    assert (field.type, field.unit, field.vocabulary, field.refers_to, field.is_required) == told


@pytest.mark.parametrize("query", ["format=xlsx", "part=fields", "format=csv&part=x", "x=1", "format=csv&format=csv"])
def test_what_the_codebook_cannot_do_is_refused(client, query):
    assert client.get(f"/data/codebook/?{query}").status_code == 400

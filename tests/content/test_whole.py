"""What must hold over all of the content: definitions, charts, states of entries."""

import csv
import io

import pytest

from missions import codebook, drafts, snapshot
from missions.catalogue import for_output, table_columns
from missions.choices import MissionType
from missions.exports.rows import cells
from missions.exports.tables import public
from missions.models import Figure, Mission, Source, Term

pytestmark = pytest.mark.django_db


def test_mission_types_and_schemes_are_defined_by_the_content(content):
    assert {v["value"] for v in codebook.values_of("mission-type") if v["definition"]} == set(MissionType.values)
    slugs = set(codebook.SCHEMES.values())
    assert set(Source.objects.filter(slug__in=slugs).values_list("slug", flat=True)) == slugs
    rules = set(Term.objects.filter(vocabulary="counting-rule").values_list("slug", flat=True))
    assert {r["value"] for r in codebook.record()["counting_rules"]} == rules


def test_the_codebook_answers_as_page_json_and_csv(content, client):
    page = client.get("/data/codebook/").content.decode()
    told = client.get("/data/codebook/?format=json").json()
    assert [t["name"] for t in told["tables"]] == list(codebook.TABLES)
    for table in told["tables"]:
        assert f'id="table-{table["name"]}"' in page
    lines = client.get("/data/codebook/?format=csv").getvalue().decode("utf-8-sig")
    fields = list(csv.DictReader(io.StringIO(lines)))
    assert len(fields) == sum(len(t["fields"]) for t in told["tables"])
    values = client.get("/data/codebook/?format=csv&part=vocabularies").getvalue().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(values)))) == sum(map(len, told["vocabularies"].values()))
    assert client.get("/data/codebook/?format=csv&part=crosswalk").getvalue().decode().count("SIPRI,") == 3


@pytest.mark.long
def test_every_chart_of_the_content_can_be_drawn(content, client):
    for slug in ("unficyp", "unamsil", "monusco"):
        page = client.get(f"/missions/{slug}/").content.decode()
        for name in ("strengths", "deaths", "lineage", "events"):
            linked = f'href="charts/{name}.svg"' in page
            assert (client.get(f"/missions/{slug}/charts/{name}.svg").status_code == 200) is linked, (slug, name)
    assert Figure.objects.count() > 1000


def test_a_state_that_is_put_back_is_the_state_that_was_taken(content):
    for slug in ("unficyp", "unamsil"):
        mission = Mission.objects.get(slug=slug)
        state = snapshot.take(mission)
        mission.figures.all().delete()
        mission.countries.clear()
        Mission.objects.filter(pk=mission.pk).update(title="Gone")
        assert snapshot.take(mission) != state
        assert snapshot.put(Mission.objects.get(pk=mission.pk), state) == []
        assert snapshot.take(mission) == state
    with drafts.inside(mission) as draft:
        assert draft.content is None


@pytest.mark.long
@pytest.mark.parametrize("model", codebook.TABLES.values(), ids=lambda m: m.__name__)
def test_a_table_holds_what_its_objects_say(content, model):
    """Tables are read as plain values; each cell is what the column says of the object, made the long way."""
    rows = public(model)
    objects = for_output(rows)
    long_way = [[column.cell(row) for column in table_columns(model)] for row in objects]
    assert list(cells(rows)) == long_way
    assert len(long_way) == rows.count() > 0

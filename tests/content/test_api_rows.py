"""The API over the whole content: the rows of the pages, and of each other."""

import random
import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from missions.api.facts import FACT_LISTS
from missions.filters import Listing
from missions.models import LISTED, Mission

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def rows(client, address, **query):
    answer = client.get(f"/api/v1/{address}", query)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_any_query_gives_the_rows_of_the_page(client, content, model):
    chance = random.Random(model.url_segment)
    facets = Listing(model, QueryDict()).facets
    for _ in range(4):
        query = [(f.parameter, chance.choice(f.choices).value) for f in facets if f.choices and chance.random() < 0.3]
        query += [("ordering", chance.choice(["", "-"]) + chance.choice(model.ordering_fields)), ("facets", "1")]
        page = client.get(f"/{model.url_segment}/?format=json&{urlencode(query)}").json()
        api = client.get(f"/api/v1/{model.url_segment}/?{urlencode(query)}").json()
        for key in ("next", "previous"):
            page[key] = page[key] and page[key].replace(f"/{model.url_segment}/?format=json&",
                                                        f"/api/v1/{model.url_segment}/?")  # fmt: skip
        assert api == page


def test_longer_pages_hold_the_rows_of_several_shorter_ones(client, content):
    shorter, address = [], "/api/v1/missions/?region=africa"
    while address:
        answer = client.get(address).json()
        shorter += answer["results"]
        address = answer["next"]
    longer = rows(client, "missions/", region="africa", page_size=500).json()
    assert len(shorter) > Mission.page_size
    assert (longer["results"], longer["count"], longer["next"]) == (shorter, len(shorter), None)


@pytest.mark.parametrize("segment", FACT_LISTS)
def test_facts_are_those_of_the_missions_selected(client, content, segment):
    missions = rows(client, "missions/", region="middle-africa", page_size=500).json()["results"]
    expected = []
    for slug in sorted(m["slug"] for m in missions):
        expected += [{"mission": slug, **fact} for fact in rows(client, f"missions/{slug}/").json()[segment]]
    found, address = [], f"/api/v1/{segment}/?region=middle-africa&page_size=150"
    while address:
        answer = client.get(address).json()
        found += answer["results"]
        address = answer["next"]
    assert all(re.fullmatch(r"po-\w+", fact.pop("id")) for fact in found)
    assert len(expected) == answer["count"] > 5
    assert found == expected

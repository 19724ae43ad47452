import datetime
import io
import json
import re
from urllib.parse import urlencode

import pytest
import yaml
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client

from missions.api import deprecations
from missions.api.deprecations import Deprecated
from missions.api.facts import FACT_LISTS
from missions.api.schema import document
from missions.api.shapes import field_of
from missions.catalogue import columns
from missions.choices import MissionType, Modality
from missions.models import FACTS, KINDS, LISTED, Challenge, FormerAddress, Mission, Trend
from peaceops.wsgi import Handler

from .factories import (
    make_approach_with_dimension,
    make_assessment,
    make_case_study,
    make_country,
    make_entry,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_organization,
    make_principle,
    make_region,
    make_source,
    make_task,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db
CANARY = "canary-7331"
MAKE_FACT = {"figures": make_figure, "events": make_event, "tasks": make_task, "assessments": make_assessment,
             "evidence": make_evidence}  # fmt: skip
ADDRESSES = ["", "schema/", "vocabularies/", "countries/", "regions/", "organizations/", *(f"{s}/" for s in FACT_LISTS),
             *(f"{m.url_segment}/" for m in LISTED)]  # fmt: skip


def make_row(model):
    make = {"sources": make_source, "glossary": make_term}.get(model.url_segment)
    return make() if make else make_entry(model)


def get(client, address, **query):
    answer = client.get(f"/api/v1/{address}", query)
    assert answer["Content-Type"] == "application/json"
    return answer


def errors_of(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The query cannot be answered.")
    return answer.json()["errors"]


# Facts, places and vocabularies


def test_facts_are_filtered_by_their_own_vocabularies(client):
    mission, other = make_mission(slug="one"), make_mission(slug="two", type="traditional")
    make_figure(mission, value=1)
    make_figure(mission, value=2, scope="accident")
    make_figure(mission, value=3, measure="budget")
    make_figure(other, value=4)

    def values(**query):
        return [row["value"] for row in get(client, "figures/", **query).json()["results"]]

    assert values() == [3, 2, 1, 4]
    assert values(measure="fatalities") == [2, 1, 4]
    assert values(scope="accident") == [2]
    assert values(measure=["budget", "fatalities"], mission="one") == [3, 2, 1]
    assert values(type="traditional") == [4]
    assert values(type="traditional", mission="one") == []
    assert errors_of(client, "figures/?measure=x&mission=nothing&ordering=value&facets=1").keys() == {
        "measure", "mission", "ordering", "facets",
    }  # fmt: skip


def test_evidence_is_chosen_by_what_it_is_about(client):
    mission = make_mission()
    make_evidence(mission, principle=make_principle(slug="consent"), text="First.")
    make_evidence(mission, challenge=make_topic(Challenge, slug="money"), text="Second.", stance="strained")
    make_evidence(mission, trend=make_topic(Trend, slug="drones"), text="Third.")

    def texts(**query):
        return sorted(row["text"] for row in get(client, "evidence/", **query).json()["results"])

    assert texts(kind="principle") == ["First."]
    assert texts(kind=["challenge", "trend"]) == ["Second.", "Third."]
    assert texts(entry="drones") == ["Third."]
    assert texts(stance="strained") == ["Second."]
    assert texts(kind="trend", entry="consent") == []
    assert errors_of(client, "evidence/?kind=theme&entry=nothing").keys() == {"kind", "entry"}
    make_principle(slug="hidden", stage="draft")
    assert errors_of(client, "evidence/?entry=hidden").keys() == {"entry"}


def test_places_come_with_their_codes(client):
    asia = make_region("asia", m49="142")
    make_country("CYP", asia, make_region("western-asia", parent=asia, m49="145"))
    make_organization("un")
    assert get(client, "countries/").json()["results"] == [
        {"iso3": "CYP", "name": "Cyp", "m49": "", "regions": ["asia", "western-asia"], "note": ""}
    ]
    assert get(client, "regions/", fields="slug,m49,parent").json()["results"] == [
        {"slug": "asia", "m49": "142", "parent": None}, {"slug": "western-asia", "m49": "145", "parent": "asia"},
    ]  # fmt: skip
    assert get(client, "organizations/").json()["results"] == [{"slug": "un", "name": "UN", "acronym": "UN", "url": ""}]


def test_every_code_in_a_public_field_stands_in_a_vocabulary(client):
    known = {v["name"]: v for v in get(client, "vocabularies/").json()["results"]}
    assert known["mission-type"] == {
        "name": "mission-type", "label": "Mission type", "url": "/api/v1/vocabularies/mission-type/",
    }  # fmt: skip
    assert not {"stage", "fact-stage", "draft-state", "report-state"} & set(known)
    values = {v["value"] for name in known for v in get(client, f"vocabularies/{name}/").json()["values"]}
    fields = [f for model in (*LISTED, *FACTS) for c in columns(model) if getattr(f := field_of(c), "flatchoices", ())]
    assert len(fields) > 20
    assert {value for field in fields for value, _ in field.flatchoices} <= values


def test_a_vocabulary_has_its_values_in_order_with_labels_and_definitions(client):
    assert get(client, "vocabularies/modality/").json() == {
        "name": "modality", "label": "Modality",
        "values": [{"value": m.value, "label": m.label, "definition": m.definition} for m in Modality],
    }  # fmt: skip
    unknown = get(client, "vocabularies/stage/")
    assert (unknown.status_code, list(unknown.json())) == (404, ["detail"])


# Fields and pages


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_fields_are_chosen(client, model):
    row = make_row(model)
    chosen = {"id": row.permanent_id, "slug": row.slug}
    assert get(client, f"{model.url_segment}/", fields="slug,id").json()["results"] == [chosen]
    assert get(client, f"{model.url_segment}/{row.slug}/", fields="slug,id").json() == chosen
    names = [c.name for c in columns(model)]
    assert errors_of(client, f"{model.url_segment}/?fields=slug,lock") == {
        "fields": [f"There is no field “lock”. Known: {', '.join(names)}."]
    }
    more = [c.name for c in columns(model, detail=True)]
    assert errors_of(client, f"{model.url_segment}/{row.slug}/?fields=") == {
        "fields": [f"There is no field “”. Known: {', '.join(more)}."]
    }


def test_an_entry_is_asked_only_for_the_fields_chosen(client, django_assert_num_queries):
    mission = make_mission(slug="unx")
    make_figure(mission, value=5)
    with django_assert_num_queries(1):
        assert get(client, "missions/unx/", fields="slug").json() == {"slug": "unx"}
    with django_assert_num_queries(2):
        assert get(client, "missions/unx/", fields="figures").json()["figures"][0]["value"] == 5


@pytest.mark.parametrize("address", ["missions/", "figures/", "countries/", "glossary/"])
@pytest.mark.parametrize("size", ["0", "501", "-1", "x", "", "1e2", "９", "9" * 30])
def test_a_page_has_1_to_500_rows(client, address, size):
    assert errors_of(client, f"{address}?page_size={size}") == {"page_size": ["Use a number from 1 to 500."]}


def test_pages_name_their_neighbours(client):
    mission = make_mission()
    for value in range(3):
        make_figure(mission, value=value, period=f"200{value}")
    answer = get(client, "figures/", page_size=1, page=2)
    around = [f"http://testserver/api/v1/figures/?page_size=1&page={n}" for n in (1, 3)]
    assert [answer.json()["previous"], answer.json()["next"]] == around
    assert answer["Link"] == f'<{around[0]}>; rel="prev", <{around[1]}>; rel="next"'
    assert errors_of(client, "figures/?page_size=1&page=4") == {
        "page": ["There are 3 pages, and this asks for page 4."]
    }


# Refusals


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_unknown_is_refused_everywhere(client, address):
    assert errors_of(client, f"{address}?colour=red").keys() == {"colour"}
    assert errors_of(client, f"{address}?format=xml").keys() == {"format"}


@pytest.mark.parametrize("address", ["", "vocabularies/", "countries/?page=1", "figures/?fields=id", "missions/?q=a"])
def test_what_is_given_twice_is_refused_where_one_counts(client, address):
    name, _, value = (address.partition("?")[2] or "format=json").partition("=")
    twice = urlencode([(name, value), (name, value)])
    assert errors_of(client, f"{address.partition('?')[0]}?{twice}") == {name: ["Given more than once."]}


def test_every_fault_is_named_at_once(client):
    assert errors_of(client, "missions/?type=x&page_size=0&fields=x&active_in=x&group=type&view=x").keys() == {
        "type", "page_size", "fields", "active_in", "group", "view",
    }  # fmt: skip


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.url_segment)
def test_addresses_last_in_the_api_too(client, model):
    make_entry(model, slug="draft", stage="draft")
    make_entry(model, slug="gone", stage="withdrawn", withdrawal_note="A duplicate.", withdrawal_kind="error")
    entry = make_entry(model, slug="new")
    FormerAddress.objects.create(kind=model._meta.model_name, slug="old", permanent_id=entry.permanent_id)
    gone, draft = get(client, f"{model.url_segment}/gone/"), get(client, f"{model.url_segment}/draft/")
    assert (gone.status_code, gone.json()) == (410, {"detail": "Withdrawn: A duplicate."})
    assert (draft.status_code, draft.json()) == (404, {"detail": f"There is no {model._meta.verbose_name} here."})
    moved = client.get(f"/api/v1/{model.url_segment}/old/?fields=slug")
    assert (moved.status_code, moved["Location"]) == (301, f"/api/v1/{model.url_segment}/new/?fields=slug")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["missions/", "", "nothing/"])
def test_writing_is_refused_in_json(method, address):
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{address}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json() == {"detail": "This address is for reading: use GET."}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("missions/?q=%00", 400),
        ("missions/%00/", 400),
        ("missions/?q=" + "x" * 5000, 400),
        ("figures/?mission=" + "x" * 5000, 400),
        ("evidence/?entry=" + "x" * 5000, 400),
        ("missions/?fields=" + "x," * 2000, 400),
        ("missions/%ff/", 404),
        ("missions/%zz/", 404),
        ("missions/" + "x" * 3000 + "/", 404),
        ("missions/?%ff=%fe", 400),
        ("vocabularies/%E2%82%AC/", 404),
        ("nothing/", 404),
    ],
)
def test_hostile_addresses_get_a_clear_4xx_in_json(client, address, status):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    assert isinstance(answer.json()["detail"], str)
    assert set(answer.json()) <= {"detail", "errors"}


@pytest.mark.parametrize(("address", "type"), [("/api/v1/", "application/json"), ("/", "text/plain; charset=utf-8")])
def test_a_request_for_another_host_is_refused_in_the_form_of_the_address(client, address, type):
    answer = client.get(address, headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, type)
    assert answer.content.startswith(b'{"detail": "The request' if type == "application/json" else b"The request")


@pytest.mark.parametrize(("address", "type"), [("/api/v1/missions/", "application/json"), ("/missions/", "text/html")])
def test_a_fault_of_ours_is_told_in_the_form_of_the_address(client, monkeypatch, address, type):
    monkeypatch.setattr("missions.filters.Listing.errors", property(lambda self: 1 / 0))
    client.raise_request_exception = False
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (500, type)
    assert ("detail" in answer.content.decode()) == (type == "application/json")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("text/html,application/xhtml+xml,*/*;q=0.8", 200), ("text/html", 406),
     ("", 200), ("nonsense", 406), ("application/json;q=0.1, text/html", 200)],
)  # fmt: skip
def test_a_browser_sees_json(client, accept, status):
    answer = client.get("/api/v1/missions/", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    assert (status == 200) == ("results" in answer.json()) == ("detail" not in answer.json())


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "utf-16", "nonsense", '"'])
@pytest.mark.parametrize("path", ["/api/v1/missions/", "/missions/"])
def test_a_strange_charset_changes_nothing(charset, path):
    make_mission(slug="one")
    started = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "type=observer&format=json",
               "CONTENT_TYPE": f"text/plain; charset={charset}", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
               "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http"}  # fmt: skip
    request_started.disconnect(close_old_connections)  # the database stays open for the test, as with the test client
    try:
        body = b"".join(Handler()(environ, lambda status, headers: started.append(status)))
    finally:
        request_started.connect(close_old_connections)
    assert (started, [row["slug"] for row in json.loads(body)["results"]]) == (["200 OK"], ["one"])


# Caches, other sites, limits


@pytest.mark.parametrize("address", [*ADDRESSES, "missions/unx/", "vocabularies/measure/"])
def test_an_answer_that_did_not_change_is_not_sent_again(client, address):
    make_mission(slug="unx")
    first = client.get(f"/api/v1/{address}")
    assert (first.status_code, first["Cache-Control"]) == (200, "public, no-cache")
    assert client.head(f"/api/v1/{address}")["ETag"] == first["ETag"]
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        again = client.get(f"/api/v1/{address}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == "public, no-cache"
    assert client.get(f"/api/v1/{address}", headers={"If-None-Match": '"x"'}).content == first.content
    other = client.get(f"/api/v1/{address}", headers={"If-Match": '"x"'})
    assert (other.status_code, list(other.json())) == (412, ["detail"])


def test_the_tag_changes_with_the_answer(client):
    mission = make_mission()
    before = client.get("/api/v1/missions/")["ETag"]
    assert client.get("/api/v1/missions/")["ETag"] == before
    mission.title = "Another title"
    mission.save()
    assert client.get("/api/v1/missions/", headers={"If-None-Match": before}).status_code == 200


def test_other_sites_may_read_the_api_and_nothing_else(client):
    make_mission(slug="unx")
    origin = {"Origin": "https://elsewhere.example"}
    for address, status in (("missions/unx/", 200), ("missions/?x=1", 400), ("nothing/", 404)):
        answer = client.get(f"/api/v1/{address}", headers=origin)
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
        exposed = answer["Access-Control-Expose-Headers"].split(", ")
        assert exposed == ["etag", "link", "retry-after", "deprecation", "sunset"]
        assert "Access-Control-Allow-Credentials" not in answer
    assert client.get("/data/nothing/", headers=origin)["Access-Control-Allow-Origin"] == "*"
    for address in ("/missions/unx/?format=json", "/", "/admin/login/", "/apis/", "/theme/?theme=dark"):
        assert "Access-Control-Allow-Origin" not in client.get(address, headers=origin)


def test_a_preflight_allows_reading_only(client):
    wish = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}
    answer = client.options("/api/v1/missions/", headers=wish)
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (200, "GET, HEAD, OPTIONS")
    assert answer["Access-Control-Allow-Headers"] == "accept, if-none-match"


def test_options_tell_what_is_allowed_and_nothing_more(client):
    answer = client.options("/api/v1/missions/?colour=red")
    assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


def test_no_cookie_is_set_and_no_session_read(client, django_assert_num_queries):
    client.cookies["sessionid"] = "a" * 32
    with django_assert_num_queries(1):  # the count of organizations, of which there are none
        answer = client.get("/api/v1/organizations/")
    assert not answer.cookies
    assert "cookie" not in answer["Vary"].lower()


@pytest.fixture
def limited(settings):
    cache.clear()
    settings.API_RATE = "3/min"
    yield
    cache.clear()


def test_one_address_may_not_ask_for_ever(client, limited):
    for _ in range(3):
        assert client.get("/api/v1/missions/").status_code == 200
    answer = client.get("/api/v1/principles/")
    assert (answer.status_code, answer["Cache-Control"], list(answer.json())) == (429, "no-store", ["detail"])
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["detail"].startswith("One address may ask 3 times per minute. Ask again in ")
    assert "One address may ask 3 times per minute." in client.get("/api/v1/docs/").content.decode()
    assert client.get("/api/v1/principles/", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/principles/").status_code == 200


def test_the_network_of_an_ipv6_address_counts(client, limited):
    statuses = [client.get("/api/v1/", REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert client.get("/api/v1/", REMOTE_ADDR="2001:db8:1::1").status_code == 200


def test_no_rate_means_no_limit(client, limited, settings):
    settings.API_RATE = ""
    assert {client.get("/api/v1/").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize("rate", ["many", "0/min", "10", "10/month", "-1/min", "10/min\n"])
def test_a_rate_that_cannot_be_read_stops_the_start(rate, settings):
    from peaceops.settings import checked_rate

    assert checked_rate("100/second") == "100/second"
    with pytest.raises(ImproperlyConfigured, match="such as 600/min"):
        checked_rate(rate)


# Nothing that is not published


def hidden_everywhere():
    """Make one of everything that is shown, and drafts that hang on it; return the mission that is a draft."""
    shown = make_mission(slug="shown")
    draft = make_mission(slug=CANARY, stage="draft", acronym=CANARY, title=CANARY)
    hidden = make_principle(slug=f"{CANARY}-principle", stage="draft", title=CANARY)
    for segment, make in MAKE_FACT.items():
        field = {"figures": "note", "events": "title"}.get(segment, "text")
        make(shown, **{field: "shown"})
        make(shown, stage="draft", **{field: CANARY})
        make(shown, stage="withdrawn", withdrawal_note="Wrong.", **{field: CANARY})
        make(draft, **{field: CANARY})
    make_evidence(shown, principle=hidden, text=CANARY)
    make_case_study([shown, draft], slug="shown-case")
    make_case_study([shown], slug=f"{CANARY}-case", stage="draft")
    make_approach_with_dimension()
    return draft


def test_no_answer_shows_what_is_not_published(client):
    draft = hidden_everywhere()
    lists = [f"/api/v1/{a}" for a in ADDRESSES]
    rows = [(a, r) for a in lists for r in client.get(a).json().get("results", []) if "/api/v1/vocab" not in a]
    details = [f"{a}{r['slug']}/" for a, r in rows if "slug" in r and "mission" not in r and "url" in r and "id" in r]
    bodies = {a: client.get(a).content.decode() for a in [*lists, "/api/v1/missions/?facets=1", *details]}
    assert [a for a, body in bodies.items() if CANARY in body] == []
    assert len(bodies) > 35
    assert CANARY in errors_of(client, f"figures/?mission={CANARY}")["mission"][0]
    draft.stage, draft.published_at, source = "published", draft.updated_at, make_source()
    draft.dates_source = draft.type_source = source
    draft.save()
    told = [s for s in ("missions", *FACT_LISTS) if CANARY in client.get(f"/api/v1/{s}/").content.decode()]
    assert told == ["missions", *FACT_LISTS]


# Queries

QUERIES = {"missions/": 7, "case-studies/": 4, "sources/": 3, "figures/": 3, "events/": 3, "tasks/": 3,
           "assessments/": 3, "evidence/": 3, "countries/": 3, "regions/": 2, "organizations/": 2}  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_a_list_runs_a_fixed_number_of_queries(client, address, number, django_assert_num_queries):
    for n in range(number):
        asia = make_region("asia")
        place = make_country(f"CY{n}", asia, make_region(f"part-{n}", parent=asia))
        mission = make_mission(countries=[place], organization=make_organization(f"o{n}"))
        make_case_study([mission])
        for make in MAKE_FACT.values():
            make(mission)
    with django_assert_num_queries(QUERIES[address]):
        assert len(get(client, address).json()["results"]) >= number


# The index, the schema and its page


def test_the_index_names_addresses_that_answer(client):
    index = get(client, "").json()
    assert [a["url"] for a in index["addresses"]] == list(dict.fromkeys(a["url"] for a in index["addresses"]))
    assert {a["url"] for a in index["addresses"]} == {f"/api/v1/{a}" for a in ADDRESSES}
    for address in [index["documentation"], index["schema"], *(a["url"] for a in index["addresses"])]:
        assert client.get(address).status_code == 200


def test_the_schema_comes_as_json_and_yaml(client):
    plain = client.get("/api/v1/schema/")
    assert (plain["Content-Type"], plain.json()["openapi"]) == ("application/json", "3.1.0")
    for answer in (
        client.get("/api/v1/schema/?format=yaml"),
        client.get("/api/v1/schema/", headers={"Accept": "application/yaml"}),
    ):
        assert answer["Content-Type"] == "application/yaml"
        assert yaml.safe_load(answer.content) == plain.json()


@pytest.mark.parametrize("model", [*LISTED, *FACTS], ids=lambda m: m.__name__)
def test_the_schema_has_exactly_the_fields_that_are_answered(client, model):
    mission = make_mission(slug="unx")
    for make in MAKE_FACT.values():
        make(mission)
    make_source(), make_term()
    segment = model.url_segment if model in LISTED else next(s for s, m in FACT_LISTS.items() if m is model)
    if model in KINDS and model is not Mission:
        make_entry(model)
    row = get(client, f"{segment}/").json()["results"][0]
    shapes = document()["components"]["schemas"]
    assert list(shapes[f"{model.__name__}Row"]["properties"]) == list(row)
    if model in LISTED:
        assert list(shapes[model.__name__]["properties"]) == list(get(client, f"{segment}/{row['slug']}/").json())


def test_the_schema_takes_values_and_words_from_the_models():
    kind = document()["components"]["schemas"]["MissionRow"]["properties"]["type"]
    assert kind["enum"] == MissionType.values
    assert (kind["title"], kind["description"]) == ("Type", "Kind of operation, one per mission.")


def test_every_parameter_that_is_described_is_known_and_every_one_known_is_described(client):
    for path, item in document()["paths"].items():
        described = {p["name"] for p in item["get"].get("parameters", []) if p["in"] == "query"}
        if "{" in path:
            continue
        told = client.get(path, {"colour": "red"}).json()["errors"]["colour"][0]
        assert set(re.search(r"Known: (.*)\.", told)[1].split(", ")) == described, path


def test_the_page_explains_every_address_with_an_example_that_answers(client):
    mission = make_mission(slug="unx")
    for make in MAKE_FACT.values():
        make(mission)
    make_case_study([mission]), make_approach_with_dimension()
    for model in KINDS:
        make_entry(model)
    page = client.get("/api/v1/docs/")
    body = page.content.decode()
    assert page.status_code == 200
    for path in document()["paths"]:
        assert f"<code>GET {path}</code>" in body
    addresses = re.findall(r"<code>curl 'http://testserver(\S+)'</code>", body)
    assert len(addresses) == len(document()["paths"])
    assert {a: client.get(a).status_code for a in addresses if client.get(a).status_code != 200} == {}
    assert "At present nothing is marked so." in body


# What goes


@pytest.fixture
def marked(monkeypatch):
    """Mark a field, a parameter and an address as in the table that is empty now."""
    since, until = datetime.date(2027, 1, 1), datetime.date(2028, 1, 2)
    rows = (
        Deprecated("missions", "chapter_note", since, until, "Use `chapter`."),
        Deprecated("missions", "chapter", since, datetime.date(2029, 1, 1), "Use another filter."),
        Deprecated("assessments", "", since, until, "Use the missions."),
    )
    monkeypatch.setattr(deprecations, "DEPRECATED", rows)


def test_nothing_goes_within_twelve_months():
    day = datetime.date(2027, 1, 1)
    with pytest.raises(ValueError, match="twelve months"):
        Deprecated("missions", "chapter", day, datetime.date(2027, 12, 31), "")
    assert Deprecated("missions", "chapter", day, datetime.date(2028, 1, 1), "").note


def test_what_goes_says_so_in_headers(client, marked):
    make_mission(slug="unx")
    for address in ("missions/", "missions/unx/", "assessments/"):
        answer = client.get(f"/api/v1/{address}")
        assert (answer["Deprecation"], answer["Sunset"]) == ("@1798761600", "Sun, 02 Jan 2028 00:00:00 GMT")
        assert answer["Link"] == '<http://testserver/api/v1/docs/#deprecated>; rel="deprecation"'
    make_mission()
    assert client.get("/api/v1/missions/?page_size=1")["Link"].count("rel=") == 2
    assert "Deprecation" not in client.get("/api/v1/principles/")


def test_what_goes_is_marked_in_the_schema_and_on_its_page(client, marked):
    described = client.get("/api/v1/schema/").json()
    assert described["paths"]["/api/v1/assessments/"]["get"]["deprecated"] is True
    assert "deprecated" not in described["paths"]["/api/v1/missions/"]["get"]
    parameters = {p["name"]: p for p in described["paths"]["/api/v1/missions/"]["get"]["parameters"]}
    assert [name for name, p in parameters.items() if p.get("deprecated")] == ["chapter"]
    fields = described["components"]["schemas"]["MissionRow"]["properties"]
    assert [name for name, f in fields.items() if f.get("deprecated")] == ["chapter", "chapter_note"]
    assert fields["chapter_note"]["description"].endswith("goes on 2028-01-02. Use `chapter`.")
    page = client.get("/api/v1/docs/").content.decode()
    assert "Deprecated since 2027-01-01, goes on 2028-01-02. Use the missions." in page


def test_nothing_is_marked_now():
    assert deprecations.DEPRECATED == ()
    assert "deprecated" not in json.dumps(document())

"""Nothing that is not published gets out in any format, feed, citation or release: two hundred addresses are read."""

import io
import re
import zipfile

import pytest

from missions import releases
from missions.models import FACTS, LISTED, Mission

from .factories import make_source
from .test_views import drafts_everywhere

pytestmark = pytest.mark.django_db
FILES = ("json", "csv", "xlsx", "zip", "sha256")
FORMS = ("bib", "ris", "json")
MACHINES = ["/sitemap.xml", "/feeds/changes.atom", "/opensearch.xml", "/llms.txt", "/robots.txt", "/data/",
            "/data/codebook/", "/data/codebook/?format=json", "/data/releases/", "/data/releases/2026.1/",
            "/data/releases/2026.1/package.zip", "/data/releases/?format=json", "/", "/about/", "/about/corrections/",
            "/evidence/", "/search/?q=shown", "/search/suggest?q=shown", "/api/v1/", "/api/v1/vocabularies/",
            "/api/v1/countries/", "/api/v1/organizations/", "/trends/charts/operations.csv",
            "/trends/charts/operations.svg"]  # fmt: skip


def addresses(shown):
    """Return every address that could tell of an entry, in every format."""
    lists = [f"/{model.url_segment}/" for model in LISTED]
    pages = [entry.get_absolute_url() for entry in shown]
    found = [*MACHINES, *lists, *pages]
    found += [f"{a}?format={f}" for a in (*lists, *pages) for f in FILES]
    found += [f"{a}cite.{f}" for a in (*lists, *pages) for f in FORMS]
    found += [f"{a}sources.{f}" for a in pages for f in FORMS]
    found += [f"/evidence/?format={f}" for f in FILES] + [f"/search/?q=shown&format={f}" for f in FILES]
    found += [f"/evidence/cite.{f}" for f in FORMS] + [f"/search/cite.{f}?q=shown" for f in FORMS]
    found += [f"/api/v1{a}" for a in (*lists, *pages)]
    facts = [model._meta.get_field("mission").remote_field.related_name for model in FACTS]
    found += [f"/api/v1/{name}/" for name in facts]
    found += [f"/missions/?format=csv&table={t}" for t in (*facts, "sources", "successions")]
    found += [f"/missions/shown/charts/{name}.{kind}" for name in ["events"] for kind in ("svg", "csv")]
    found += [f"/data/releases/2026.1/tables/{t}.csv" for t in ("missions", *facts, "sources", "successions")]
    found += [f"/data/releases/2026.1{a}" for a in pages]
    found += [f"/missions/?view={view}" for view in ("table", "map", "timeline")] + ["/missions/shown/?at=2030-01-01"]
    return list(dict.fromkeys(found))


def texts(answer):
    """Return what an answer says: of a ZIP file or a workbook the texts inside."""
    data = answer.getvalue()
    if not data.startswith(b"PK"):
        return [data]
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [archive.read(name) for name in archive.namelist()]


@pytest.mark.long
def test_no_draft_is_in_any_of_two_hundred_addresses(client):
    shown = drafts_everywhere()
    releases.archive_of.cache_clear()
    releases.make("2026.1")
    found, told = addresses(shown), 0
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
        said = texts(answer)
        assert not any(re.search(rb"canary", text, re.I) for text in said), address
        told += any(b"shown" in text for text in said)
    assert len(found) >= 200
    assert told > 100  # the addresses that tell of what the drafts hang on


def test_the_canary_would_be_found(client):
    shown = drafts_everywhere()
    mission, source = Mission.objects.get(slug="canary-mission"), make_source()
    mission.stage, mission.published_at = "published", shown[0].published_at
    mission.dates_source = mission.type_source = source
    mission.save()
    releases.archive_of.cache_clear()
    releases.make("2026.1")
    for address in ("/missions/?format=zip", "/missions/?format=xlsx", "/sitemap.xml", "/feeds/changes.atom",
                    "/api/v1/figures/?fields=mission", "/data/releases/2026.1/package.zip",
                    "/missions/shown/?format=json"):  # fmt: skip
        assert any(re.search(rb"canary", text, re.I) for text in texts(client.get(address))), address

"""Hooks for schemathesis: values for the string formats that name records, and pages that there are."""

import json
import os
import urllib.request

import schemathesis
from hypothesis import strategies as st

SITE = os.environ["PEACEOPS_TESTED_SITE"]
SEGMENTS = {
    "approach": "approaches", "casestudy": "case-studies", "challenge": "challenges", "country": "countries",
    "mission": "missions", "organization": "organizations", "principle": "principles", "region": "regions",
    "source": "sources", "term": "glossary", "theme": "themes", "trend": "trends", "vocabulary": "vocabularies",
}  # fmt: skip
NAMES = {"country": "iso3", "vocabulary": "name"}


def values(format):
    """Return what the records of a list are called by in addresses."""
    with urllib.request.urlopen(f"{SITE}/api/v1/{SEGMENTS[format]}/") as answer:  # noqa: S310
        return [row[NAMES.get(format, "slug")] for row in json.load(answer)["results"]]


known = {format: values(format) for format in SEGMENTS}
known["topic"] = known["principle"] + known["challenge"] + known["trend"]
for format, found in known.items():
    schemathesis.openapi.format(format, st.sampled_from(found))


@schemathesis.hook
def map_case(context, case):
    """Let a sound page number be that of the first page: how many pages there are stands in no schema."""
    page = str((case.query or {}).get("page", ""))
    if page.isascii() and page.isdigit() and int(page) > 0:
        case.query["page"] = 1
    return case

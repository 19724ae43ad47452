"""The way in: the index that programs ask first, and the page that explains the API to people, from the same schema."""

from dataclasses import dataclass
from functools import cached_property

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from rest_framework.response import Response

from .. import citations, codebook
from ..models import LISTED
from . import deprecations, describe
from .base import ApiView, rate_in_words
from .queries import MOST_ROWS
from .schema import document

FEW = 12  # values named one by one; of more, the vocabulary tells
TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "record", "null": "null"}
FORMATS = {"date": "date", "date-time": "moment, UTC", "uri": "address", "uri-reference": "address", "country": "code"}
EXAMPLES = ("measure", "kind", "stance", "verdict", "strength", "status", "vocabulary", "fields")


class Index(ApiView):
    """All lists of the API."""

    summary = "All addresses of the API"
    answer = "Index"

    def get(self, request):
        self.check(request)
        lists = [(path, o["get"]) for path, o in document()["paths"].items() if "{" not in path]
        return Response(
            {
                "name": citations.SITE_NAME,
                "version": "1",
                "documentation": reverse("api-docs"),
                "schema": reverse("api-schema"),
                "addresses": [{"name": o["tags"][0], "url": p, "description": o["summary"]} for p, o in lists],
            }
        )

    def parameters(self):
        return [describe.FORMAT]


def in_words(schema):
    """Return in words what values a JSON Schema allows."""
    if "$ref" in schema:
        return f"record: {schema['$ref'].rpartition('/')[2]}"
    if "anyOf" in schema:  # or nothing
        return in_words(schema["anyOf"][0])
    if "enum" in schema:
        known = [value for value in schema["enum"] if value]
        return f"one of {', '.join(known)}" if len(known) <= FEW else f"one of {len(known)} values"
    if schema["type"] == "array":
        return f"list: {in_words(schema['items'])}"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    first = FORMATS.get(schema["format"], "slug") if "format" in schema else TYPES[types[0]]
    return " or ".join([first, *(TYPES[t] for t in types[1:])])


@dataclass
class Address:
    """One address as the schema describes it, in the words of the page."""

    path: str
    operation: dict
    slug: str  # of an entry that there is, for the example

    def __getattr__(self, name):
        return self.operation.get(name)

    @property
    def inputs(self):
        """Parameters as (name, values in words, description, whether deprecated)."""
        shown = [p for p in self.operation.get("parameters", []) if p["name"] != "format"]
        return [(p["name"], self.input_values(p), p.get("description", ""), p.get("deprecated")) for p in shown]

    @staticmethod
    def input_values(parameter):
        schema = parameter["schema"]
        schema = schema.get("anyOf", [schema])[0]
        limits = [str(schema[key]) for key in ("minimum", "maximum") if key in schema]
        if limits:
            return " to ".join(limits) if len(limits) == 2 else f"from {limits[0]}"
        if parameter["name"] == "fields":
            return "names of fields"
        return in_words(schema.get("items", schema))

    @property
    def example(self):
        """Path and query of a request that is answered."""
        path = self.path.replace("{slug}", self.slug)
        values = {p["name"]: p["schema"] for p in self.operation.get("parameters", []) if p["in"] == "query"}
        name = next((n for n in EXAMPLES if n in values), None)
        if name is None:
            return path
        known = values[name].get("items", values[name])["enum"]
        return f"{path}?{name}={','.join(known[1:4]) if name == 'fields' else known[0]}"

    @property
    def record(self):
        """The name of the component that is answered, or that each row is."""
        return self.operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


@dataclass
class Section:
    """The addresses of one list and its entries, and the fields of their records."""

    name: str
    addresses: list
    components: dict

    @cached_property
    def fields(self):
        """Fields as (name, type in words, definition, whether only single entries have it, whether deprecated)."""
        name = self.addresses[-1].record
        row = self.components.get(name.removesuffix("List") + "Row", {}).get("properties", {})
        whole = row if name.endswith("List") else self.components[name].get("properties", {})
        return [
            (field, in_words(s), s.get("description", ""), bool(row) and field not in row, s.get("deprecated"))
            for field, s in whole.items()
        ]


def sections():
    """Return the sections of the page in the order of the addresses."""
    described, found = document(), {}
    slugs = {m.url_segment: m._default_manager.published().values_list("slug", flat=True).first() for m in LISTED}
    slugs["vocabularies"] = next(iter(codebook.VOCABULARIES))
    for path, item in described["paths"].items():
        operation = item["get"]
        name = operation["tags"][0]
        found.setdefault(name, []).append(Address(path, operation, slugs.get(name) or "slug"))
    return [Section(name, addresses, described["components"]["schemas"]) for name, addresses in found.items()]


def other_answers():
    """Return (status, description) of every answer but the one with data."""
    operations = [item["get"] for item in document()["paths"].values()]
    found = {code: r["description"] for o in operations for code, r in o["responses"].items() if code != "200"}
    return sorted(found.items())


@require_safe
def docs(request):
    """Explain the API on a page."""
    context = {
        "sections": sections(),
        "other_answers": other_answers(),
        "rate": rate_in_words(),
        "most": MOST_ROWS,
        "deprecated": deprecations.DEPRECATED,
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "api.html", context)

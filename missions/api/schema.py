"""The description of the API as OpenAPI 3.1: what the views say of themselves, and the shapes of what they answer."""

from functools import lru_cache

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer, OpenApiYamlRenderer2
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer

from ..catalogue import columns, table_columns
from ..models import FACTS, LISTED, ApproachDimension
from . import deprecations
from .base import ApiView
from .facts import FACT_LISTS
from .shapes import NUMBER, TEXT, record_schema, ref
from .vocabularies import PLACE_LISTS


def page_schema(name, more=None):
    """Return the JSON Schema of one page of records."""
    address = {"type": ["string", "null"], "format": "uri"}
    properties = {
        "count": NUMBER | {"description": "How many rows there are on all pages."},
        "next": address | {"description": "Address of the next page, if there is one."},
        "previous": address | {"description": "Address of the page before, if there is one."},
        "results": {"type": "array", "items": ref(name)},
    }
    return {"type": "object", "required": list(properties), "properties": properties | (more or {})}


def plain(required, **properties):
    return {"type": "object", "required": required.split(), "properties": properties}


def array(items):
    return {"type": "array", "items": items}


FIXED = {
    "Error": plain("detail", detail=TEXT, errors={"type": "object", "additionalProperties": array(TEXT)}),
    "Facet": array(plain("value label count", value=TEXT, label=TEXT, count=NUMBER)),
    "Index": plain("name version documentation schema addresses", name=TEXT, version=TEXT, documentation=TEXT,
                   schema=TEXT, addresses=array(plain("name url", name=TEXT, url=TEXT, description=TEXT))),
    "VocabularyRow": plain("name label url", name=TEXT, label=TEXT, url=TEXT),
    "VocabularyList": page_schema("VocabularyRow"),
    "Value": plain("value label", value=TEXT, label=TEXT, definition=TEXT),
    "Vocabulary": plain("name label values", name=TEXT, label=TEXT, values=array(ref("Value"))),
    "Schema": {"type": "object"},
}  # fmt: skip


def components():
    """Return {name: JSON Schema} of everything that is answered."""
    found = dict(FIXED)
    facets = {"facets": {"type": "object", "additionalProperties": ref("Facet")}}
    for model in LISTED:
        name, segment = model.__name__, model.url_segment
        found[name] = record_schema(columns(model, detail=True), segment, model.__doc__)
        found[f"{name}Row"] = record_schema(columns(model), segment, model.__doc__)
        found[f"{name}List"] = page_schema(f"{name}Row", facets)
    for model in (*FACTS, ApproachDimension):
        found[model.__name__] = record_schema(columns(model), description=model.__doc__, complete=True)
    tables = {segment: (model, table_columns(model)) for segment, model in FACT_LISTS.items()}
    tables |= {segment: (model, columns(model)) for segment, model in PLACE_LISTS.items()}
    for segment, (model, cols) in tables.items():
        found[f"{model.__name__}Row"] = record_schema(cols, segment, model.__doc__)
        found[f"{model.__name__}List"] = page_schema(f"{model.__name__}Row")
    return found


def add_components(result, generator, request, public):
    """Add all components to the document: drf-spectacular knows serializers only, and there are none."""
    result.setdefault("components", {})["schemas"] = components()
    return result


@lru_cache(maxsize=1)
def document_of(day, deprecated):
    return SchemaGenerator().get_schema(public=True)


def document():
    """Return the whole description; it changes with the code, and with the year up to which one may ask."""
    return document_of(timezone.localdate(), deprecations.DEPRECATED)


@lru_cache(maxsize=4)
def rendered(renderer, day, deprecated):
    return renderer().render(document_of(day, deprecated))


class OpenApiJsonRenderer(JSONRenderer):
    media_type = "application/vnd.oai.openapi+json"


class Schema(ApiView):
    """This description, as JSON or YAML."""

    segment = "schema"
    summary = "The OpenAPI description of all this"
    answer = "Schema"
    renderer_classes = (JSONRenderer, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer)

    def get(self, request):
        self.check(request)
        renderer = request.accepted_renderer
        content = rendered(type(renderer), timezone.localdate(), deprecations.DEPRECATED)
        return HttpResponse(content, content_type=renderer.media_type)

    def parameters(self):
        schema = {"type": "string", "enum": ["json", "yaml", ""]}
        return [OpenApiParameter("format", schema, description="json, or yaml; else what `Accept` prefers.")]

"""Parameters as the schema describes them, read from the filters that answer them."""

from functools import partial

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter

from ..filters import YEAR_PARAMETERS, FacetFilter, filterset_for, label_of
from ..models import LISTED
from . import deprecations
from .queries import MOST_ROWS

NO_NUL = "^[^\\u0000]*$"
SEGMENTS = {m._meta.model_name: m.url_segment for m in LISTED}

several = partial(OpenApiParameter, style="form", explode=True)
commas = partial(OpenApiParameter, style="form", explode=False)


def or_nothing(schema):
    """Return the schema of a parameter that may also be empty, as those of a form that nobody filled in are."""
    return {"anyOf": [schema, {"type": "string", "maxLength": 0}]}


def values(name, known, about):
    """Return a parameter that takes several of the values known; given more than once it means “or”."""
    known = [*known, ""]  # an empty value asks for nothing
    return several(name, {"type": "array", "items": {"type": "string", "enum": known}}, description=about)


def text(name, about, longest):
    return OpenApiParameter(name, {"type": "string", "maxLength": longest, "pattern": NO_NUL}, description=about)


def facet(path):
    """Return the parameter of a facet: a closed vocabulary, or addresses of records."""
    about = f"{label_of(path.model, path.parameter)}. "
    if not path.end:
        return values(path.parameter, path.choices, about + str(path.field.help_text))
    end = path.end._meta
    segment = SEGMENTS.get(end.model_name, str(end.verbose_name_plural))
    code = "ISO 3166-1 alpha-3 code" if path.end.address_field == "iso3" else "Slug"
    about += f"{code} as in /api/v1/{segment}/; given more than once it means “or”."
    items = or_nothing({"type": "string", "format": end.model_name})
    return several(path.parameter, {"type": "array", "items": items}, description=about)


def year(name, extra, about):
    latest = timezone.localdate().year if name == "active_in" else extra["max_value"]
    schema = or_nothing({"type": "integer", "minimum": extra["min_value"], "maximum": latest})
    return OpenApiParameter(name, schema, description=about)


def filters(model):
    """Return the parameters that a kind is filtered by, without its ordering."""
    found = []
    for name, one in filterset_for(model).base_filters.items():
        if isinstance(one, FacetFilter):
            found.append(facet(one.extra["path"]))
        elif name in YEAR_PARAMETERS:
            found.append(year(name, one.extra, f"{one.label}."))
        elif name == "q":
            about = "Words, all of which must be found, in any form; the best matches come first."
            found.append(text(name, about, one.extra["max_length"]))
    return found


def ordering(model):
    known = [value for value, _ in filterset_for(model).base_filters["ordering"].extra["choices"]]
    known.append("")  # an empty value asks for nothing
    about = "Fields to sort by, separated by commas; a hyphen before a field turns it round."
    return commas("ordering", {"type": "array", "items": {"type": "string", "enum": known}}, description=about)


def fields(segment, cols):
    known = [c.name for c in cols]
    gone = [row.note for name in known for row in deprecations.rows_of(segment, name)]
    about = "Fields of the records to answer with, separated by commas; without it all."
    items = {"type": "string", "enum": known}
    return commas("fields", {"type": "array", "items": items, "minItems": 1}, description=" ".join([about, *gone]))


def number(name, about, most=None):
    limit = {"maximum": most} if most else {}
    return OpenApiParameter(name, {"type": "integer", "minimum": 1} | limit, description=about)


FORMAT = OpenApiParameter("format", {"type": "string", "enum": ["json", ""]}, description="The API answers in JSON.")

FACETS = OpenApiParameter(
    "facets", {"type": "string", "enum": ["0", "1", ""]}, description="With 1 the counts of every facet come along."
)


def view(known):
    schema = {"type": "string", "enum": list(known)}
    return OpenApiParameter("view", schema, description="How the page shows its rows; no effect here.")


def paging(segment, cols, size=MOST_ROWS):
    return [
        fields(segment, cols),
        number("page", "Which page; one beyond the last is refused."),
        number("page_size", f"How many rows a page has, at most {MOST_ROWS}; without it {size}.", MOST_ROWS),
        FORMAT,
    ]


def slug(name, format, about):
    schema = or_nothing({"type": "string", "format": format})
    return OpenApiParameter(name, schema, description=about)


def path_parameter(format, about):
    schema = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "format": format}
    return OpenApiParameter("slug", schema, OpenApiParameter.PATH, required=True, description=about)

"""The linked data of a page, from what its context holds."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .. import linked
from ..exports import DATA_FORMATS
from ..languages import bare, in_source
from .kb import rows_query

register = template.Library()
# Inside a script element nothing is read as HTML but the end of the element and the start of a comment.
IN_SCRIPT = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def page_graph(context):
    """Return the linked data of an entry's or a list's page, or None for all others."""
    request, entry, listing = context["request"], context.get("entry"), context.get("listing")
    absolute = request.build_absolute_uri
    if context.get("preview") or context.get("errors"):
        return None
    if "linked" in context:
        return context["linked"]
    if entry:
        sources = [note.source for note in context.get("notes", ())]
        record = context["citation"]["record"]
        return linked.entry_graph(entry, absolute, context.get("missions", ()), sources, record)
    if listing and "view" in context:
        query = rows_query(context)
        name = str(listing.model._meta.verbose_name_plural).capitalize()
        here = bare(request.path)
        address = here + (f"?{query.urlencode()}" if query else "")
        return linked.list_graph(name, here, address, absolute, DATA_FORMATS, listing.count)
    return None


@register.simple_tag(takes_context=True)
def linked_data(context):
    """Show the linked data of a page as a block of data, which no browser runs."""
    with in_source():
        data = page_graph(context)
    if data is None:
        return ""
    text = json.dumps(data, ensure_ascii=False).translate(IN_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  escaped above

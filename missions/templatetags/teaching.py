"""What the pages for teaching need beside the tags of all pages."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from .. import teaching
from .kb import rows_query

register = template.Library()
NOT_OF_ROWS = ("ordering", "kind", "entry", "mission", "align", "rows", "differences")


@register.simple_tag
def further_reading_of(notes):
    """Return the literature among the notes that the page has made so far."""
    return teaching.further_reading(notes)


@register.simple_tag(takes_context=True)
def packet_of_rows(context):
    """Return the address where a packet is made of the missions of the list or matrix that is shown."""
    data = rows_query(context)
    if data.get("kind") and data.get("entry"):  # in the matrix of evidence a kind and one entry of it
        data.appendlist(data["kind"], data["entry"])
    for name in NOT_OF_ROWS:
        data.pop(name, None)
    address = reverse("packet-choice")
    return f"{address}?{data.urlencode()}" if data else address


@register.simple_tag
def packet_of_addresses(slugs):
    """Return the address of the packet of the missions with these addresses, as many as it holds."""
    return f"{reverse('own-packet')}?{urlencode([('m', slug) for slug in slugs[: teaching.MOST_MISSIONS]])}"


@register.simple_tag
def packet_of(missions):
    """Return the address of the packet of missions, as many as it holds."""
    return packet_of_addresses([m.slug for m in missions])


@register.simple_tag
def quiz_url(model, slug):
    """Return the address of the quiz on an entry."""
    return reverse(f"{model._meta.model_name}-quiz", args=[slug])


@register.simple_tag
def packet_on(topic):
    """Return the address where missions with evidence on a topic are chosen for a packet on it."""
    return f"{reverse('packet-choice')}?{urlencode({topic._meta.model_name: topic.slug})}"

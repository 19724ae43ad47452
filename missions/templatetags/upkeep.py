"""The heaps of work on the first page of the admin, and the values of their rows."""

import datetime

from django import template
from django.utils.html import format_html

from .. import upkeep
from ..citations import written_date

register = template.Library()


@register.simple_tag(takes_context=True)
def upkeep_cards(context):
    """Return the heaps that the user may see, with how much lies on each."""
    return upkeep.cards(context["request"].user)


@register.filter
def shown(value):
    """Show a value of a row: dates in words, thousands apart, addresses outside as links."""
    if isinstance(value, datetime.date):
        return written_date(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', value, value)
    return "" if value is None else value


@register.filter
def look(value):
    """Return the class of a cell: numbers stand under each other, and dates stay in one line."""
    if isinstance(value, int):
        return "number" if value else "number zero"
    return "date" if isinstance(value, datetime.date) else ""


@register.filter
def turned(order, name):
    """Return the ordering by a column that its heading leads to: the other way round if it is in use."""
    return f"-{name}" if order == name else name

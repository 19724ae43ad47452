"""The language of a page in its templates: labels and names in it, what stays English marked, the way to the others."""

from functools import cache

from django import template
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .. import languages
from ..languages import (
    IN_ENGLISH,
    NAMES,
    SOURCE,
    in_english,
    in_language,
    is_source,
    listed,
    number,
    short,
    translated,
    written,
)

register = template.Library()
register.filter("translated", translated)
register.filter("in_english", in_english)
register.filter("listed", listed)
register.filter("number", number)


@register.simple_tag
def en():
    """Mark an element as English, on pages in other languages: the attributes with a space before them."""
    return "" if is_source() else IN_ENGLISH


@register.filter
def together(chosen):
    """Show the names of what is compared as one enumeration: “A, B and C”."""
    return languages.together(name for _, name, _ in chosen)


@register.filter(expects_localtime=True)
def day(moment):
    """Show the day of a moment, or a date, in words."""
    return written(moment)


@cache
def names_of_pages():
    """Return the names of the addresses that exist in every language."""
    translated = [r for r in get_resolver().url_patterns if isinstance(r.pattern, LocalePrefixPattern)]
    return {page.name for resolver in translated for part in resolver.url_patterns for page in part.url_patterns}


@register.simple_tag(takes_context=True)
def languages_of_page(context):
    """Return [(code, name, address)] of the page in every language; empty where it has one address only."""
    request = context.get("request")
    match = request and request.resolver_match
    if match is None or context.get("preview") or match.url_name not in names_of_pages():
        return []
    here = request.get_full_path()
    return [(short(code), name, in_language(here, code)) for code, name in NAMES.items()]


@register.simple_tag(takes_context=True)
def alternates(context):
    """Show the links that tell programs where the same page is in other languages."""
    if not (pages := languages_of_page(context)):
        return ""
    absolute = context["request"].build_absolute_uri
    pages = [(code, absolute(address)) for code, _, address in pages]
    pages.append(("x-default", dict(pages)[short(SOURCE)]))
    links = [format_html('<link rel="alternate" hreflang="{}" href="{}">', code, address) for code, address in pages]
    return mark_safe("\n    ".join(links))  # noqa: S308  each made by format_html

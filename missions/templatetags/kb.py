"""How values look: dates, notes, query strings."""

from dataclasses import replace
from functools import lru_cache
from html import escape as escaped
from unicodedata import combining, normalize
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext

from .. import citations, parameters, previews, search
from ..choices import Stage
from ..citations import FORMS, fact_in_a_line, reference, years
from ..exports import DATA_FORMATS, Recipes, file_name
from ..filters import label_of
from ..languages import bare, in_source, is_source, translated, written
from ..models import KINDS, Source, Term
from ..models.base import address_of
from ..prose import brief, plain
from ..reading import amount, counted
from .languages import IN_ENGLISH

register = template.Library()
register.filter("plain", plain)
register.filter("brief", brief)
register.filter("reference", reference)
register.filter("counted", counted)
register.filter("amount", amount)


@register.simple_tag
def dated(date, precision="day"):
    """Show a date as exactly as it is known."""
    return written(date, precision)


@register.simple_tag
def standing(mission, small=False):
    """Show whether a mission is over, and since or as of when; `small` within a line."""
    if mission.ended_on:
        words = gettext("closed %(date)s") if small else gettext("Closed %(date)s")
        return words % {"date": written(mission.ended_on, mission.ended_precision)}
    words = gettext("ongoing as of %(date)s") if small else gettext("Ongoing as of %(date)s")
    return words % {"date": written(mission.verified_on)}


@register.filter("years")
def years_of(mission):
    """Show the first and the last year of a mission, or that it goes on."""
    shown = years(mission)
    return shown if is_source() else shown.replace("present", pgettext("after the first year", "present"))


@register.simple_tag
def prose(text, notes):
    """Show Markdown, its citations as marks of `notes`."""
    return notes.render(text)


@register.simple_tag
def cite(notes, fact):
    """Show the mark of a fact's source, if it has one."""
    return notes.mark(fact.source, fact.locator) if fact.source else ""


@register.simple_tag
def cite_source(notes, source, locator=""):
    return notes.mark(source, locator) if source else ""


@register.simple_tag(takes_context=True)
def flag(context, fact):
    """Show the small link by which a reader reports an error in a fact; none in a preview, which no reader sees."""
    if context.get("preview"):
        return ""
    link = '<a class="flag" href="{}?fact={}" rel="nofollow"{} aria-label="{}"></a>'
    # The style sheet shows the words beside the flag, and knows the English ones.
    shown = "" if is_source() else format_html(' data-said="{}"', gettext("Report an error"))
    said = gettext("Report an error: %(fact)s") % {"fact": fact_in_a_line(fact)}
    return format_html(link, reverse("report"), fact.permanent_id, shown, said)


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """Return the present query string with some parameters changed; None drops one. The page starts anew."""
    data = context["request"].GET.copy()
    data.pop("page", None)
    for name, value in changes.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    return f"?{data.urlencode()}" if data else context["request"].path


@register.simple_tag(takes_context=True)
def query_with(context, name, value):
    """Return the present query string with one more value of a parameter."""
    data = context["request"].GET.copy()
    data.pop("page", None)
    data.appendlist(name, value)
    return f"?{data.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context, name, value=None):
    """Return the present query string without one value of a parameter, or without the parameter."""
    data = context["request"].GET.copy()
    data.pop("page", None)
    kept = [v for v in data.pop(name, []) if value is not None and v != value]
    data.setlist(name, kept) if kept else None
    return f"?{data.urlencode()}" if data else context["request"].path


@register.simple_tag(takes_context=True)
def entry_url(context, row):
    """Return the address of an entry; from a filtered or ordered list it carries the query, to step through it."""
    data = context["request"].GET.copy()
    look = {name: data.pop(name) for name in ("view", "group") if name in data}
    data.pop("page", None)
    if not data:
        return row.get_absolute_url()
    for name, values in look.items():
        data.setlist(name, values)
    return f"{row.get_absolute_url()}?{urlencode({'within': data.urlencode()})}"


@register.simple_tag(takes_context=True)
def query_toggle(context, name, value, is_chosen):
    """Return the present query string with a value of a parameter added, or taken away if it is chosen."""
    return query_without(context, name, value) if is_chosen else query_with(context, name, value)


@register.simple_tag
def choices_of(facet):
    """Show the choices of a facet. A page has hundreds, for which a template would take most of its time."""
    if is_source():
        items = [choice_item(facet.parameter, choice) for choice in facet.choices]
    else:
        english = {choice.label for choice in facet.choices}
        items = [
            choice_item(facet.parameter, choice, IN_ENGLISH if choice.label in english else "")
            for choice in in_this_language(facet.choices)
        ]
    return mark_safe("\n".join(items))  # noqa: S308  see below


def in_this_language(choices):
    """Return choices with the labels of this language, by them where the English ones are in the order of letters."""
    said = [replace(choice, label=translated(choice.label)) for choice in choices]
    names = [choice.label for choice in choices]
    is_by_name = len(names) > 2 and names == sorted(names) and not any(choice.depth for choice in choices)
    return sorted(said, key=lambda choice: folded(choice.label)) if is_by_name else said


def folded(text):
    """Return a text as it is sorted: without accents and capitals."""
    return "".join(c for c in normalize("NFD", text) if not combining(c)).casefold()


def choice_item(parameter, choice, mark=""):
    """Return a choice as HTML; its value and label are the only parts that come from data, and are escaped here.

    `mark` is what marks a label as English where the page is not.
    """
    look = (f" depth-{choice.depth}" if choice.depth else "") + ("" if choice.count else " none")
    return (
        f'<li><label class="choice{look}"><input type="checkbox" name="{parameter}" value="{escaped(choice.value)}"'
        f"{' checked' if choice.selected else ''}> <span{mark}>{escaped(choice.label)}</span> "
        f'<span class="count">{choice.count:d}</span></label></li>'
    )


@register.simple_tag
def parameter_label(model, name):
    return label_of(model, name)


ORDER_LABELS = {
    "started_on": gettext_noop("Start"),
    "ended_on": gettext_noop("End"),
    "updated_at": gettext_noop("Last change"),
    "published_on": gettext_noop("Date"),
}
PLAIN_LABELS = {"label_text": gettext_noop("Name"), "title": gettext_noop("Title"), "acronym": gettext_noop("Acronym")}


@register.simple_tag
def order_label(name):
    """Return an ordering in words: “Start, newest first”."""
    plain_name = name.removeprefix("-")
    label = translated((ORDER_LABELS | PLAIN_LABELS).get(plain_name, plain_name.capitalize()))
    if plain_name not in ORDER_LABELS:
        return gettext("%(name)s, A to Z") % {"name": label}
    if name.startswith("-"):
        return gettext("%(name)s, newest first") % {"name": label}
    return gettext("%(name)s, oldest first") % {"name": label}


@register.simple_tag
def list_url(model, **selection):
    """Return the address of the list of a kind, filtered by `selection`."""
    address = reverse(f"{model._meta.model_name}-list")
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in selection.items())}" if selection else address


@register.simple_tag
def kind_url(model, slug):
    return address_of(model._meta.model_name, slug)


@register.simple_tag(takes_context=True)
def preview_image(context):
    """Return the full address of the picture of the page's entry, or of the site's where it has none."""
    entry = context.get("entry")
    shown = entry if isinstance(entry, KINDS) and entry.is_published else None
    return context["request"].build_absolute_uri(previews.address(shown))


def rows_query(context):
    """Return the part of the query that says which rows are shown and in which order."""
    data, model = context["request"].GET.copy(), context.get("model")
    own = getattr(model, "filter_fields", ())
    for name in (*parameters.OF_THE_PAGE, *(["group"] if "group" not in own else [])):
        data.pop(name, None)
    return data


@register.simple_tag(takes_context=True)
def data_files(context):
    """Return [(label, address)] of the rows shown in each format of data."""
    files, data = [], rows_query(context)
    for form in DATA_FORMATS:
        data["format"] = form
        files.append((form.upper(), f"{context.get('english', '')}?{data.urlencode()}"))
    return files


@register.simple_tag(takes_context=True)
def recipes(context, address):
    """Return how to fetch a CSV at an address of this site that never changes."""
    return Recipes(context["request"].build_absolute_uri(address), file=address.rpartition("/")[2])


@register.simple_tag(takes_context=True)
def reproduce(context, table=""):
    """Return how to fetch the rows that the page shows, or one table of its facts."""
    request, data = context["request"], rows_query(context)
    query = [(k, v) for k, values in data.lists() for v in values if v] + ([("table", table)] if table else [])
    address = request.build_absolute_uri(f"{bare(request.path)}?{urlencode([*query, ('format', '')])}")
    told = request.resolver_match.kwargs.get("slug", "")
    name = file_name(
        "_".join(filter(None, [table or bare(request.path).strip("/").split("/")[0], told])), grouped(query)
    )
    return Recipes(f"{address}csv", f"{address}sha256", f"{name}.csv")


def grouped(query):
    """Return pairs as {name: values}, without the table."""
    return {k: [v for n, v in query if n == k] for k, _ in query if k not in ("table", "ordering")}


@register.filter
def kind_name(model):
    name = translated(model._meta.verbose_name_plural)
    return name[:1].upper() + name[1:]


@register.filter
def rows_name(model):
    """Return what the rows of a list are called; the glossary is a list of terms."""
    return translated(f"{model._meta.verbose_name}s" if model is Term else model._meta.verbose_name_plural)


@register.filter
def one_name(model):
    return translated(model._meta.verbose_name)


@register.filter
def minutes(entry):
    """Show how long the text of an entry takes to read."""
    number = entry.reading_minutes
    return ngettext("about %(n)d minute to read", "about %(n)d minutes to read", number) % {"n": number}


@register.filter
def is_draft(thing):
    return thing.stage != Stage.PUBLISHED


@register.filter
def rows_in(groups):
    """Return how many rows the groups of a comparison have."""
    return sum(len(rows) for _, _, rows in groups)


@register.simple_tag(takes_context=True)
def found_items(context, results):
    """Show the items of a list of results. A page has two dozen, for which a template would take most of its time."""
    root = context["request"].build_absolute_uri("/").removesuffix("/")
    return mark_safe("".join(found_item(result, root) for result in results))  # noqa: S308  each part is escaped below


def found_item(result, root):
    """Return a result as HTML with the words found marked."""
    title, acronym, english = marked(result.title), "", "" if is_source() else IN_ENGLISH
    if result.acronym and result.acronym != result.title:
        acronym = f' <span class="meta">{marked(result.acronym)}</span>'
    kind, coins = escaped(str(one_name(result.model))), coins_of_result(result.bare_title, f"{root}{bare(result.url)}")
    names = f'<p class="meta">{" · ".join(map(marked, result.names))}</p>' if result.names else ""
    passage = f'<p class="passage"{english}>{marked(result.passage)}</p>' if result.passage else ""
    return (
        f'\n    <li>\n      <p class="found-title"><a href="{escaped(result.url)}"{english}>{title}</a>{acronym} '
        f'<span class="tag">{kind}</span>{coins}</p>\n      {names}\n      {passage}\n    </li>\n  '
    )


def marked(text):
    """Return a text of the search as HTML with the words found marked; no text contains the characters of marks."""
    return escaped(text).replace(search.START, "<mark>").replace(search.STOP, "</mark>")


@register.filter
def in_style(reference):
    """Show a formatted reference, with its titles in italics."""
    parts = str(escape(reference)).replace(citations.START, "<i>").replace(citations.STOP, "</i>")
    return mark_safe(parts)  # noqa: S308  escaped on the line above; the marks are characters that no text contains


@register.simple_tag(takes_context=True)
def coins(context, row):
    """Show the empty element from which reference managers save a row of a list; it asks nothing of the database."""
    if isinstance(row, Source):
        return coins_element(citations.of_source(row))
    with in_source():
        address = context["request"].build_absolute_uri(row.url)
    if hasattr(row, "permanent_id"):
        return coins_of_page(citations.title_of(row), address, timezone.localtime(row.updated_at).date())
    return coins_of_result(row.bare_title, address)


@lru_cache(maxsize=2_000)
def coins_of_result(title, address):
    """Return the element of what a search found, most of which was found before."""
    return coins_element(citations.of_result(title, address))


def coins_element(record):
    return format_html('<span class="Z3988" title="{}"></span>', citations.coins(record))


@lru_cache(maxsize=2_000)
def coins_of_page(title, address, changed):
    """Return the element of a page of ours. Every view of a list has two dozen, most of them seen before."""
    return coins_element(citations.ours("", "webpage", title, address, changed))


@register.simple_tag(takes_context=True)
def cite_files(context, entry=None, name="cite"):
    """Return [(label, address)] of the files with the citation of an entry, or of the rows that the query gives."""
    where, query = bare(entry.get_absolute_url() if entry else context["request"].path), ""
    if not entry:
        data = rows_query(context)
        query = f"?{data.urlencode()}" if data else ""
    return [(label, f"{where}{name}.{form}{query}") for form, (_, _, label) in FORMS.items()]


@register.filter
def get(mapping, key):
    """Look a key up in a dictionary."""
    return mapping.get(key)

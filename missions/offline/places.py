"""Which addresses belong to an edition, and in which file each of them lies.

An address is a path with or without a query, such as `/missions/?view=map`. What belongs is found by following links
from `seeds()`, so that a page, chart or file that someone adds to the site is in the next edition by itself.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from ..filters import Listing
from ..models import LISTED, MODELS
from ..models.evidence import TOPICS
from ..sitemaps import SITEMAPS

LISTS = {f"{model._meta.model_name}-list": model for model in LISTED}
ENTRIES = {f"{model._meta.model_name}-detail": model for model in LISTED}
# What a script answers, so that any query leads to the one page.
LIVE = {*LISTS, "search", "mission-compare", "evidence"}
DATA = ("json", "csv", "xlsx")
PACKAGED = "mission-list"  # a package of missions holds all that belongs to them; of the rest a release does
# Who reads these needs the site: they write, differ from reader to reader, or speak with programs.
ONLINE = {
    "own-packet",
    "own-packet-pdf",
    "packet-choice",
    "packet-pdf",
    "report",
    "theme",
    "suggest",
    "draft-preview",
    "site-preview",
    "released-entry",
    "release-comparison",
    "release-table",
}
MACHINES = ("robots", "sitemap", "feed", "opensearch", "llms")
ONLINE_PATHS = ("/admin/", "/api/", "/previews/", "/search/cite", "/static/")


def address_with(path, pairs):
    """Return the address in the one form in which it is looked up: parameters in order."""
    return path + (f"?{urlencode(sorted(pairs))}" if pairs else "")


def name_at(path):
    """Return the name of the view at a path, empty if there is none."""
    if path.startswith(ONLINE_PATHS):
        return ""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def belongs(path, pairs):
    """Tell whether an address with these pairs of parameters is a file of an edition."""
    name, query = name_at(path), dict(pairs)
    if not name or name in ONLINE:
        return False
    if not query:
        return True
    names = set(query)
    if len(query) != len(pairs) or not all(query.values()):
        return name == "approach-compare" and names == {"a"}
    if names == {"format"}:
        return query["format"] in formats(name)
    if name in LISTS:  # later pages of a table are shown by a script, those of cards are files as well
        return names in ({"page"}, {"view"}) or (
            names == {"view", "group"} and "group" not in LISTS[name].filter_fields
        )
    return name == "evidence" and names in ({"kind"}, {"kind", "entry"})


def formats(name):
    """Return the formats of data that the view of this name has as files."""
    if name in LISTS or name == "evidence":
        return (*DATA, "zip") if name == PACKAGED else DATA
    return () if name == "search" else DATA[:1]


def is_live(path, pairs):
    """Tell whether a script answers this address on the page of its path."""
    return name_at(path) in LIVE and not any(name in ("format", "table", "facets", "at") for name, _ in pairs)


def is_small(path, pairs):
    """Tell whether a file is so small, and one of so many, that the page that offers it holds it whole."""
    name = name_at(path)
    is_file = bool(pairs) or not path.endswith("/")
    return is_file and name.startswith(("source-detail", "source-cite", "term-detail", "term-cite"))


def file_of(path, pairs=()):
    """Return the file of an address that belongs, relative to the root of the edition."""
    directory, _, last = path.lstrip("/").rpartition("/")
    before, query = (f"{directory}/" if directory else ""), dict(pairs)
    if last:
        return before + last
    if "format" in query:
        return f"{before}index.{query['format']}"
    page = [f"page-{query['page']}"] if "page" in query else []
    parts = [query[name] for name in ("view", "group", "kind", "entry") if name in query]
    parts += [value for name, value in pairs if name == "a"] + page
    return f"{before}{'-'.join(parts) or 'index'}.html"


def live_file(path, pairs):
    """Return the file whose script answers this address: the page of its view, or of its kind of evidence."""
    shown = ("kind", "entry") if name_at(path) == "evidence" else ("view", "group")
    kept = [(n, v) for n, v in pairs if v and n in shown]
    return file_of(path, kept) if belongs(path, kept) else file_of(path)


def later_pages(name):
    """Return the numbers of the pages of a list after the first."""
    return range(2, Listing(LISTS[name], QueryDict()).paginator.num_pages + 1)


def later_tables(name):
    """Yield the addresses of the later pages of a table, which are no files: a script shows their rows."""
    yield from (address_with(reverse(name), [("page", str(page)), ("view", "table")]) for page in later_pages(name))


def seeds():
    """Yield the addresses at which an edition begins: what the sitemap names, the pages of lists, what machines ask."""
    for sitemap in SITEMAPS.values():
        section = sitemap()
        for item in section.items():
            if name_at(path := section.location(item)):
                yield path
    for name in LISTS:
        path = reverse(name)
        yield from (address_with(path, [("page", str(page))]) for page in later_pages(name))
        yield from (address_with(path, [("format", form)]) for form in formats(name))
    for kind in TOPICS:
        for slug in MODELS[kind].objects.published().values_list("slug", flat=True):
            yield address_with(reverse("evidence"), [("kind", kind), ("entry", slug)])
    yield from map(reverse, MACHINES)


def scripts():
    """Return {address: file} of what the scripts of lists, search and comparison read."""
    paths = [f"{reverse(name)}rows.js" for name in (*LISTS, "mission-compare")] + [f"{reverse('search')}index.js"]
    return {path: path.lstrip("/") for path in paths}


def at_site(target, site):
    """Return the path and the pairs of a full address if it is one of the site at `site`, else None.

    From which list a reader came to an entry makes no other page of it.
    """
    parts = urlsplit(target)
    if f"{parts.scheme}://{parts.netloc}" != site:
        return None
    return parts.path, [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != "within"]


def split(address):
    """Return the path and the pairs of an address."""
    path, _, query = address.partition("?")
    return path, parse_qsl(query, keep_blank_values=True)

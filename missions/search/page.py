"""One search as a query string asks for it: its errors, results, counts by kind, and ways out of finding nothing."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Q, When
from django.utils.functional import cached_property
from django.utils.translation import gettext

from .. import parameters
from ..languages import translated
from ..models import LISTED, SearchDocument
from ..models.base import address_of
from . import engine, ranking, spelling
from .engine import without_marks
from .index import is_stale
from .words import key_of, parse

PAGE_SIZE = 24
MOST_SOME = 10  # results with some of the words, where none has all
MOST_SUGGESTIONS = 8
MAX_TEXT = 200
NAMES_SHOWN = 3
PARAMETERS = ("q", "kind", "page", "format", "facets")
MODELS = {m._meta.model_name: m for m in LISTED}
SEGMENTS = {m.url_segment: m for m in LISTED}


@dataclass(frozen=True)
class Result:
    """One entry found. The words found stand between `engine.START` and `engine.STOP` in title, names and passage."""

    model: type
    slug: str
    title: str
    acronym: str
    names: tuple
    passage: str

    @property
    def kind(self):
        return self.model.url_segment

    @property
    def url(self):
        return address_of(self.model._meta.model_name, self.slug)

    @property
    def bare_title(self):
        """The title without marks."""
        return without_marks(self.title)

    @property
    def record(self):
        """The result as JSON and CSV have it."""
        return {
            "kind": self.kind,
            "slug": self.slug,
            "url": self.url,
            "title": without_marks(self.title),
            "acronym": without_marks(self.acronym),
            "snippet": without_marks(self.passage or "; ".join(self.names)),
        }


def whole(lines, text):
    """Return the line that says `text`, with its marks; the bare text if there is none."""
    return next((line for line in lines if without_marks(line) == text), text)


def cut(passage):
    """Return the passage with dots where it begins or ends within a sentence."""
    passage = " ".join(passage.split())
    bare = without_marks(passage)
    before = "" if not bare or bare[0] in "…“\"'([" or not bare[0].islower() else "…"
    after = "" if not bare or bare[-1] in '….!?”")' else "…"
    return f"{before}{passage}{after}"


def results(query, ids, any_of=False):
    """Return the results for these documents, in their order, in one query."""
    found = {}
    for key, kind, slug, label, acronym, *texts in engine.passages(query, ids, any_of):
        title, names, lead, body = texts
        title, names = title.splitlines(), [n for n in names.splitlines() if engine.START in n]
        passage = body if body.count(engine.START) > lead.count(engine.START) else lead or body
        found[key] = Result(
            MODELS[kind], slug, whole(title, label), whole(title, acronym), tuple(names[:NAMES_SHOWN]), cut(passage)
        )
    return [found[i] for i in ids if i in found]


class Search:
    """`data` is a QueryDict. With any error nothing is found: never more than asked."""

    def __init__(self, data):
        self.data = data
        self.query = parse("" if "q" in self.request_errors else self.text)

    @property
    def text(self):
        return self.data.get("q", "").strip()

    @cached_property
    def request_errors(self):
        errors = parameters.unknown(self.data, PARAMETERS)
        errors |= parameters.repeated(self.data, [n for n in PARAMETERS if n != "kind"])
        if "\0" in self.text or len(self.text) > MAX_TEXT:
            errors["q"] = [gettext("Use at most %(n)d characters, without NUL.") % {"n": MAX_TEXT}]
        if bad := [k for k in self.data.getlist("kind") if k not in SEGMENTS and k]:
            errors["kind"] = [
                gettext("“%(kind)s” is not a kind. Use one of: %(known)s.")
                % {"kind": bad[0][:40], "known": ", ".join(SEGMENTS)}
            ]
        if self.data.get("facets", "") not in ("0", "1", ""):
            errors.setdefault("facets", [gettext("Use 1, or leave it out.")])
        return errors

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        page = self.data.get("page") or "1"
        if self.request_errors or "page" not in self.data:
            return self.request_errors
        reasons = parameters.page_reasons(page, self.paginator)
        return {"page": reasons} if reasons else {}

    @cached_property
    def kinds(self):
        """Return the kinds asked for, as models; none means all."""
        return [SEGMENTS[k] for k in dict.fromkeys(self.data.getlist("kind")) if k]

    @cached_property
    def all_hits(self):
        return ranking.Hits() if self.request_errors else ranking.hits(self.query)

    @cached_property
    def hits(self):
        return self.all_hits.of_kinds(self.kinds)

    @cached_property
    def paginator(self):
        return Paginator(self.hits, PAGE_SIZE)

    @cached_property
    def page(self):
        return self.paginator.page(int(self.data.get("page") or 1))

    @property
    def count(self):
        return 0 if self.errors else len(self.hits)

    @cached_property
    def results(self):
        """Return the results of the page asked for."""
        return [] if self.errors else results(self.query, list(self.page))

    def all_results(self):
        """Yield every result, for a file of all."""
        for number in self.paginator.page_range:
            yield from results(self.query, list(self.paginator.page(number)))

    @cached_property
    def facets(self):
        """Return (kind as model, number found in it, whether it is chosen) for every kind; counts ignore the choice."""
        number = self.all_hits.numbers()
        return [(m, number.get(m, 0), m in self.kinds) for m in LISTED]

    @property
    def found_elsewhere(self):
        """How many are found in the kinds not asked for."""
        return len(self.all_hits) - len(self.hits)

    @property
    def is_missed(self):
        """Whether a sound query for something finds nothing in an index that holds everything."""
        return bool(self.text) and not (self.errors or self.all_hits or self.is_stale)

    @cached_property
    def some(self):
        """Return the best results with some of the words, if no entry has all of them."""
        if self.errors or self.all_hits or len(self.query.groups) < 2:
            return []
        hits = ranking.hits(self.query, self.kinds, any_of=True)[:MOST_SOME]
        return results(self.query, hits, any_of=True)

    @cached_property
    def meant(self):
        """Return what was probably meant, if nothing is found; "" if that is not known."""
        return "" if self.errors or self.all_hits else spelling.meant(self.query, self.state)

    @cached_property
    def state(self):
        return engine.state()

    @cached_property
    def is_stale(self):
        return is_stale(self.state)


def suggestions(text):
    """Return the best entries of whose names a word begins so, for a box that is being typed in, in one query.

    The full-text index is of no use here: it holds stems, and “stabiliza” begins none.
    """
    key = key_of(text)
    if not key:
        return []
    begins = Q(keys__contains=f"\n{key}")
    found = SearchDocument.objects.filter(engine.published()).filter(begins | Q(keys__contains=f" {key}"))
    behind = Case(When(kind__in=engine.BEHIND, then=1), default=0)
    later = Case(When(begins, then=0), default=1)
    return [
        {
            "title": row.label,
            "acronym": row.acronym,
            "kind": MODELS[row.kind].url_segment,
            "kind_name": translated(MODELS[row.kind]._meta.verbose_name),
            "url": address_of(row.kind, row.slug),
        }
        for row in found.order_by(behind, later, "label", "pk")[:MOST_SUGGESTIONS]
    ]

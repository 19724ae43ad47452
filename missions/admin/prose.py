"""What a field for prose asks the server for: sources to cite, and what is being written as its page will show it."""

from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, Value, When
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from .. import parameters, reading
from ..models import Source
from ..prose import citations_in
from ..views.answers import bad_request

MOST_FOUND = 10
LONGEST_QUERY = 200
LONGEST_TEXT = 200_000
MOST_CITED = 1_000
AROUND_WORDS = ".:()&“”‘’\"'"


def citable(text):
    """Return at most ten sources with every word of `text` in address, symbol, title or authors, best first.

    What is called exactly so comes first: S/RES/186 (1964) before S/RES/1860. Without words, the newest records.
    """
    words = [word for word in (typed.strip(AROUND_WORDS) for typed in text.split()) if word]
    found = Source.objects.all()
    for word in words:
        found = found.filter(
            Q(slug__icontains=word) | Q(symbol__icontains=word) | Q(title__icontains=word) | Q(authors__icontains=word)
        )
    if not words:
        return found.order_by("-updated_at", "slug")[:MOST_FOUND]
    return found.order_by(closeness(text, words[-1]), "-published_on", "slug")[:MOST_FOUND]


def closeness(text, last):
    """Return the rank of a source, 0 the best: called so, so but for the year, of this number, by this author."""
    return Case(
        When(Q(slug__iexact=text) | Q(symbol__iexact=text), then=Value(0)),
        When(Q(slug__istartswith=f"{text}-") | Q(symbol__istartswith=f"{text} "), then=Value(1)),
        When(slug__contains=f"-{last.lower()}-", then=Value(2)),  # “resolution 186” in s-res-186-1964
        When(authors__istartswith=text, then=Value(3)),
        default=Value(4),
    )


@require_safe
def cite(request):
    """Answer the sources that someone may mean who typed `[@` and then `q`, and where to add one, as JSON."""
    sources = admin.site.get_model_admin(Source)
    if not sources.has_view_permission(request):
        raise PermissionDenied
    text = request.GET.get("q", "").strip()
    errors = parameters.unknown(request.GET, ["q"]) | parameters.repeated(request.GET, ["q"])
    if len(text) > LONGEST_QUERY:
        errors["q"] = [f"Use at most {LONGEST_QUERY} characters."]
    if errors:
        return bad_request(errors)
    found = [
        {"slug": s.slug, "name": str(s), "title": s.title, "kind": s.get_kind_display()}
        for s in citable(text).only("slug", "symbol", "authors", "published_on", "title", "kind")
    ]
    return JsonResponse({"results": found, "add": add_address(text) if sources.has_add_permission(request) else None})


def add_address(text):
    """Return the address of the form for a new source, with what was typed where it belongs."""
    address = reverse("admin:missions_source_add")
    return f"{address}?{urlencode({'symbol' if '/' in text else 'title': text})}" if text else address


@require_POST
def preview(request):
    """Answer the Markdown of one field as its page will show it: a fragment of HTML with its notes.

    `title` is that of the entry, because a page does not link the term that it is itself about.
    """
    text = request.POST.get("text", "").replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL refuses NUL
    if len(text) > LONGEST_TEXT:
        return refusal(f"The text has {len(text):,} characters. A preview shows at most {LONGEST_TEXT:,}.", 413)
    slugs = list(dict.fromkeys(slug for slug, _ in citations_in(text)))
    if len(slugs) > MOST_CITED:
        return refusal(f"The text cites {len(slugs):,} sources. A preview shows at most {MOST_CITED:,}.", 400)
    notes = reading.notes_with(slugs, [request.POST.get("title", "")])
    unknown = [slug for slug in slugs if slug not in notes.sources]
    return render(request, "admin/_prose.html", {"text": text, "notes": notes, "unknown": unknown})


def refusal(reason, status):
    return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")

"""Citations as files: of an entry, of what it cites, and of the rows that a query gives."""

from django.db.models import Max
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import citations, search
from ..filters import Listing
from ..models import Release
from .answers import bad_request, missing, not_taken
from .lists import evidence_query, evidence_rows, view_errors

WHOLE = "A citation is of all rows: leave this out."
NOT_HERE = {"page": WHOLE, "format": "The last part of the address says the form: leave this out.", "facets": WHOLE}


def file_answer(records, form, name):
    """Return citation records as a file to download."""
    text, content_type = citations.content(records, form)
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def published(request, model, slug):
    """Return the published entry at an address, and what is answered in its place if there is none."""
    if refusal := not_taken(request):
        return None, refusal
    entries = citations.with_release(model._default_manager.published())
    entry = entries.filter(**{model.address_field: slug}).first()
    return entry, None if entry else missing(request, model, slug, "json")


@require_safe
def entry_file(request, model, slug, form):
    """Answer the citation of an entry, and for a source that of the document."""
    entry, otherwise = published(request, model, slug)
    if otherwise:
        return otherwise
    address = request.build_absolute_uri(entry.get_absolute_url())
    return file_answer([citations.of_entry(entry, address, entry.release_number or "")], form, entry.address)


@require_safe
def sources_file(request, model, slug, form):
    """Answer the bibliography of an entry: everything that it cites."""
    entry, otherwise = published(request, model, slug)
    if otherwise:
        return otherwise
    return file_answer(map(citations.of_source, entry.sources), form, f"{entry.address}-sources")


def in_words(chips):
    """Return the selections in use as [(name, [values])]."""
    chosen = {}
    for chip in chips:
        chosen.setdefault(chip.name.lower(), []).append(chip.label)
    return list(chosen.items())


def rows_file(request, form, name, *what, changed=None):
    """Answer the citation of the rows that the query gives; `what` is name, filters and count."""
    query = request.META.get("QUERY_STRING", "")
    path = request.path.removesuffix(f"cite.{form}")
    address = request.build_absolute_uri(path + (f"?{query}" if query else ""))
    newest = Release.objects.newest()
    changed = changed and timezone.localtime(changed).date()
    record = citations.of_list(*what, address, changed, newest.number if newest else "")
    return file_answer([record], form, name)


def not_here(request):
    return {name: [reason] for name, reason in NOT_HERE.items() if name in request.GET}


@require_safe
def list_file(request, model, form):
    """Answer the citation of a list as a query gives it."""
    listing = Listing(model, request.GET)
    if errors := listing.errors | view_errors(request, model, "") | not_here(request):
        return bad_request(errors)
    changed = listing.rows.order_by().aggregate(newest=Max("updated_at"))["newest"]
    name = str(model._meta.verbose_name_plural).capitalize()
    return rows_file(request, form, model.url_segment, name, in_words(listing.chips), listing.count, changed=changed)


@require_safe
def search_file(request, form):
    """Answer the citation of the results of a search."""
    found = search.Search(request.GET)
    if errors := found.errors | not_here(request):
        return bad_request(errors)
    filters = [("words", [f"“{found.text}”"])] if found.text else []
    filters += [("kind", [str(m._meta.verbose_name_plural) for m in found.kinds])] if found.kinds else []
    return rows_file(request, form, "search", "Search results", filters, found.count)


@require_safe
def evidence_file(request, form):
    """Answer the citation of the evidence as a query gives it."""
    listing, wanted, errors = evidence_query(request)
    if errors := errors | not_here(request):
        return bad_request(errors)
    items = evidence_rows(listing, wanted, errors)
    filters = in_words(listing.chips) + [(name, [wanted[name]]) for name in ("entry", "mission") if wanted[name]]
    changed = max((item.mission.updated_at for item in items), default=None)
    name = f"Evidence by {wanted['kind']}"
    return rows_file(request, form, "evidence", name, filters, len(items), changed=changed)

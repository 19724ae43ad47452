"""One entry as page, JSON, draft or picture."""

import re
from contextlib import suppress
from datetime import date

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .. import citations, drafts, parameters, previews, reading
from ..catalogue import for_output, record
from ..filters import FIRST_YEAR, LAST_YEAR
from ..languages import in_source
from ..models import KINDS, PreviewLink, Source, Term
from .answers import bad_request, file_of, format_errors, missing, refused, wanted_format

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_asked(request, model):
    """Return the day whose state of knowledge is asked for, or None, and what is wrong with it."""
    if "at" not in request.GET:
        return None, {}
    text = request.GET["at"]
    with suppress(ValueError):
        if model in KINDS and DAY.fullmatch(text) and FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR:
            return date.fromisoformat(text), {}
    return None, {
        "at": [
            gettext("Name a day from %(year)d on as year-month-day, such as 1994-04-01, of a page with facts.")
            % {"year": FIRST_YEAR}
        ]
    }


@require_safe
def entry_detail(request, model, slug):
    """Answer one entry as page, JSON or file; a renamed one at its old address too, a withdrawn one with the reason."""
    asked, errors = wanted_format(request)
    at, bad_day = day_asked(request, model)
    errors |= bad_day | format_errors(request, asked) | parameters.repeated(request.GET, ("at", "format", "table"))
    unknown = parameters.unknown(request.GET, ["format", "table", "at"])
    if asked and (unknown or errors):
        return bad_request(unknown | errors)
    found = for_output(model._default_manager.published(), detail=True, at=at).filter(**{model.address_field: slug})
    entry = citations.with_release(found).first()
    if entry is None:
        return missing(request, model, slug, asked)
    if asked:
        return entry_data(request, entry, asked, at)
    place, bad_place = reading.place_within(entry, request.GET["within"]) if "within" in request.GET else (None, {})
    errors |= {f"within: {n}": r for n, r in bad_place.items()}
    if errors:
        return refused(request, errors)
    return entry_page(request, entry, place=place, at=at)


def entry_data(request, entry, asked, at):
    if asked == "json":
        return JsonResponse(record(entry, detail=True))
    rows = type(entry)._default_manager.filter(pk=entry.pk)
    return file_of(request, asked, rows, entry.label, ("xlsx", "zip"), entry.address, at)


def entry_page(request, entry, preview=False, place=None, at=None):
    """Render the page of an entry; with `preview` it says that this is none that readers get."""
    model = type(entry)
    if model is Source:
        context = reading.source_context(entry)
    elif model is Term:
        context = reading.term_context(entry)
    else:
        context = reading.entry_context(entry, preview, at) | {"notes": reading.notes_for(entry)}
    with in_source():  # a page in another language is to be cited at the one address that all share
        citation = citations.citation(entry, request.build_absolute_uri(entry.get_absolute_url()))
    context |= {"entry": entry, "model": model, "preview": preview, "citation": citation, "place": place, "at": at}
    return render(request, [f"{model._meta.model_name}.html", "topic.html"], context)


def draft_page(request, entry):
    """Render the draft of an entry exactly as its page will look once it is published."""
    with drafts.inside(entry, as_published=True):
        entries = for_output(type(entry).objects.filter(pk=entry.pk), detail=True, preview=True)
        return entry_page(request, citations.with_release(entries).get(), preview=True)


@require_safe
def draft_preview(request, token):
    """Answer the draft of the one entry that a secret address was made for, until it expires or is revoked."""
    link = PreviewLink.objects.opened_by(token)
    entry = link and link.entry
    if entry is None:
        raise Http404("This preview address has expired, was revoked, or never existed. Ask for a new one.")
    answer = draft_page(request, entry)
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@require_safe
def preview_image(request, model=None, slug=""):
    """Answer the picture of a published entry, or of the site, as PNG."""
    if unknown := parameters.unknown(request.GET, ["v"]):
        return bad_request(unknown)
    entry = model and model.objects.published().filter(slug=slug).first()
    if model and entry is None:
        return missing(request, model, slug, "")
    shown = previews.preview(entry)
    answer = HttpResponse(previews.png(shown), content_type="image/png")
    answer["ETag"] = quote_etag(shown.checksum)
    # An address with the checksum of this picture never shows another one.
    lasting = request.GET.get("v") == shown.checksum
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, max-age=300"
    return answer

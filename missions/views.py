"""Requests to answers; everything that computes lies in the layers below."""

import math
import re
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from . import addresses, citations, drafts, exports, parameters, previews, reading, reports, search
from .catalogue import for_output, record
from .choices import WithdrawalKind
from .clients import client_address
from .filters import Listing
from .middleware import THEME_COOKIE, THEMES
from .models import MODELS, TOPICS, CaseStudy, Mission, PreviewLink, Source, Term, Trend

VIEWS = ("cards", "table")
MORE_VIEWS = {Mission: ("map", "timeline")}
VIEWS_OF_ALL_ROWS = ("map", "timeline")
YEAR = 365 * 24 * 60 * 60
REPORT_PARAMETERS = ("fact", "sent")
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|headless|lighthouse", re.I)


def bad_request(errors):
    return JsonResponse({"detail": "The query cannot be answered.", "errors": errors}, status=400)


def wanted_format(request):
    """Return the format asked for, and the errors if there is no such format."""
    asked = request.GET.get("format", "")
    if asked and asked not in exports.FORMATS:
        return "json", {"format": [f"Unknown format. Known: {', '.join(exports.FORMATS)}."]}
    return asked, {}


def views_of(model):
    return VIEWS + MORE_VIEWS.get(model, ())


def view_errors(request, model, asked):
    """Return what is wrong with the view asked for and with the parameters that belong to some views only."""
    errors, view = {}, request.GET.get("view", VIEWS[0])
    if view not in views_of(model):
        errors["view"] = [f"There is no view “{view[:40]}”. Use one of: {', '.join(views_of(model))}."]
    if view in VIEWS_OF_ALL_ROWS and not asked and "page" in request.GET:
        errors["page"] = [f"The {view} shows all rows at once: leave this out."]
    if "group" in request.GET and (asked or view != "timeline"):
        errors["group"] = ["Only the page with view=timeline has groups: leave this out."]
    elif (group := request.GET.get("group", reading.GROUPS[0])) not in reading.GROUPS:
        errors["group"] = [f"“{group[:40]}” is no way to group. Use one of: {', '.join(reading.GROUPS)}."]
    return errors


@require_safe
def entry_list(request, model, api=False):
    """Answer a list as page, JSON or CSV: the same query string gives the same rows."""
    asked, errors = wanted_format(request)
    listing = Listing(model, request.GET)
    if api and asked == "csv":
        errors["format"] = ["The API answers in json; for csv use the address of the list."]
    if asked == "csv" and "page" in request.GET:
        errors["page"] = ["A csv holds all rows: leave this out."]
    asked = "json" if api else asked
    errors |= view_errors(request, model, asked)
    if asked and (errors or listing.errors):
        return bad_request(errors | listing.errors)
    if asked == "json":
        facets = request.GET.get("facets") == "1"
        return JsonResponse(exports.json_list(listing, lambda page: page_address(request, page), facets))
    if asked == "csv":
        return exports.csv_answer(listing.rows, model.url_segment)
    return list_page(request, model, listing, errors)


@require_safe
def compare(request, model):
    """Answer entries side by side as page, JSON or CSV; with fewer than two, a page that offers more."""
    asked, errors = wanted_format(request)
    comparison = reading.Comparison(model, request.GET)
    if asked and not (errors or comparison.errors or comparison.is_possible):
        errors[comparison.parameter] = ["Name two to four to compare."]
    if asked and (errors or comparison.errors):
        return bad_request(comparison.errors | errors)
    if asked:
        return exports.comparison_answer(comparison, asked)
    if shorter := without_empty(request):
        return shorter
    errors = comparison.errors | errors
    context = reading.compare_context(comparison) | {"errors": errors}
    return render(request, "compare.html", context, status=400 if errors else 200)


def without_empty(request):
    """Return the redirect to the same address without empty parameters, or None if there are none."""
    if all(value != "" for values in request.GET.lists() for value in values[1]):
        return None
    kept = [(k, v) for k, values in request.GET.lists() for v in values if v]
    return HttpResponseRedirect(request.path + (f"?{urlencode(kept)}" if kept else ""))


def page_address(request, page):
    query = request.GET.copy()
    query["page"] = page
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def list_page(request, model, listing, errors):
    if shorter := without_empty(request):
        return shorter
    # With an unknown view the form must not ask for it again.
    view = VIEWS[0] if "view" in errors else request.GET.get("view", VIEWS[0])
    errors = listing.errors | errors
    is_paged = view in VIEWS and not errors
    rows = for_output(listing.page.object_list) if is_paged else []
    if model is Mission and is_paged:
        rows = reading.with_deaths(rows)
    extra = {"operations": reading.operations_chart(), "deaths": reading.all_deaths_chart()} if model is Trend else {}
    extra |= {} if errors or is_paged else whole_view(request, listing, view)
    context = {
        "model": model,
        "listing": listing,
        "errors": errors,
        "rows": rows,
        "view": view,
        "views": views_of(model),
        "is_paged": is_paged,
        "total": model._default_manager.published().count(),
        "facets": [] if listing.filterset.form.errors else listing.facets,
        **extra,
    }
    templates = [f"{model._meta.model_name}_list.html", "list.html"]
    return render(request, templates, context, status=400 if errors else 200)


def whole_view(request, listing, view):
    """Return what a view shows that draws all rows at once."""
    if view == "map":
        return {"map": reading.mission_map(listing.rows, listing.selections.get("country", ()))}
    group = request.GET.get("group", reading.GROUPS[0])
    return reading.timeline(listing, group) | {"group": group, "group_names": reading.GROUPS}


@require_safe
def entry_detail(request, model, slug, api=False):
    """Answer one entry as page or JSON; a renamed one from its old address too, a withdrawn one with the reason."""
    asked, errors = wanted_format(request)
    asked = "json" if api else asked
    unknown = parameters.unknown(request.GET, ["format"])
    if asked == "csv":
        errors["format"] = ["One entry comes as json."]
    if asked and (unknown or errors):
        return bad_request(unknown | errors)
    entry = for_output(model._default_manager.published(), detail=True).filter(**{model.address_field: slug}).first()
    if entry is None:
        return missing(request, model, slug, asked)
    if asked == "json":
        return JsonResponse(record(entry, detail=True))
    place, errors = reading.place_within(entry, request.GET["within"]) if "within" in request.GET else (None, {})
    if errors:
        return render(request, "400.html", {"errors": {f"within: {n}": r for n, r in errors.items()}}, status=400)
    return entry_page(request, entry, place=place)


def missing(request, model, slug, asked):
    """Answer an address at which no published entry stands now."""
    entry = addresses.entry_at(model, slug)
    if entry and entry.is_published:
        query = request.META.get("QUERY_STRING", "")
        here = reverse(request.resolver_match.url_name, args=[entry.slug])
        return HttpResponsePermanentRedirect(here + (f"?{query}" if query else ""))
    if asked == "json":
        detail = f"Withdrawn: {entry.withdrawal_note}" if entry else f"There is no {model._meta.verbose_name} here."
        return JsonResponse({"detail": detail}, status=410 if entry else 404)
    if entry:
        status = 200 if entry.withdrawal_kind == WithdrawalKind.NOTICE else 410
        return render(request, "410.html", {"model": model, "note": entry.withdrawal_note}, status=status)
    raise Http404(f"There is no {model._meta.verbose_name} at this address.")


def entry_page(request, entry, preview=False, place=None):
    """Render the page of an entry; with `preview` it says that this is none that readers get."""
    model = type(entry)
    if model is Source:
        context = reading.source_context(entry)
    elif model is Term:
        context = reading.term_context(entry)
    else:
        context = reading.entry_context(entry, preview) | {"notes": reading.notes_for(entry)}
    citation = citations.citation(entry, request.build_absolute_uri(entry.get_absolute_url()))
    context |= {"entry": entry, "model": model, "preview": preview, "citation": citation, "place": place}
    return render(request, [f"{model._meta.model_name}.html", "topic.html"], context)


def draft_page(request, entry):
    """Render the draft of an entry exactly as its page will look once it is published."""
    with drafts.inside(entry, as_published=True):
        shown = for_output(type(entry).objects.filter(pk=entry.pk), detail=True, preview=True).get()
        return entry_page(request, shown, preview=True)


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
def home(request):
    context = {
        "cases": CaseStudy.objects.published().prefetch_related("missions__countries"),
        "missions": Mission.objects.published().count(),
        "sources": f"{Source.objects.count():,}",
        "changed": reading.changed_lately(),
    }
    return render(request, "home.html", context)


@require_safe
def about(request):
    return render(request, "about.html", reading.counting_page())


@require_safe
def counting(request):
    return render(request, "counting.html", reading.counting_page())


@require_safe
def corrections(request):
    """List the errors that were corrected, newest first."""
    return render(request, "corrections.html", {"corrections": reading.corrections()})


@require_safe
def attribution(request):
    return render(request, "attribution.html", {"datasets": reading.datasets()} | reading.map_notes())


EVIDENCE_PARAMETERS = ("kind", "entry", "mission")


def evidence_query(request):
    """Return the list of missions that the query asks for, what it wants of their evidence, and the errors."""
    data = request.GET.copy()
    wanted = {name: data.pop(name, [""]) for name in EVIDENCE_PARAMETERS}
    listing = Listing(Mission, data)
    errors = dict(listing.errors)
    errors |= parameters.repeated(request.GET, EVIDENCE_PARAMETERS)
    wanted = {name: values[0] for name, values in wanted.items()}
    kind = wanted["kind"] = wanted["kind"] or TOPICS[0]
    if kind not in TOPICS:
        errors["kind"] = [f"Use one of: {', '.join(TOPICS)}."]
    elif wanted["entry"] and not exists(MODELS[kind], wanted["entry"]):
        errors["entry"] = [f"There is no such {kind}."]
    if wanted["mission"] and not exists(Mission, wanted["mission"]):
        errors["mission"] = ["There is no such mission."]
    if "page" in data:
        errors["page"] = ["The evidence comes on one page: leave this out."]
    if "group" in data:
        errors["group"] = ["Only the list of missions with view=timeline has groups: leave this out."]
    return listing, wanted, errors


def exists(model, slug):
    return "\0" not in slug and model.objects.published().filter(slug=slug[:100]).exists()


@require_safe
def evidence(request):
    """Answer the matrix of entries by missions as page, and its items as page, JSON or CSV."""
    asked, bad_format = wanted_format(request)
    listing, wanted, errors = evidence_query(request)
    if asked and (errors or bad_format):
        return bad_request(errors | bad_format)
    missions = Mission.objects.none() if errors else listing.rows.order_by()
    where = (wanted["kind"] if wanted["kind"] in TOPICS else TOPICS[0], missions, wanted["entry"], wanted["mission"])
    items = reading.evidence_items(*where)
    if asked:
        return exports.evidence_answer(items, asked)
    across, rows = reading.evidence_matrix(items)
    context = {
        "model": Mission,
        "listing": listing,
        "errors": errors,
        "across": across,
        "rows": rows,
        "number": len(items),
        "items": items if wanted["entry"] or wanted["mission"] else [],
        "wanted": wanted,
        "topics": [(name, MODELS[name]) for name in TOPICS],
        "facets": [] if listing.filterset.form.errors else listing.facets,
    }
    return render(request, "evidence.html", context, status=400 if errors else 200)


@require_safe
def search_page(request):
    """Answer a search over every kind as page, JSON or CSV."""
    asked, bad_format = wanted_format(request)
    found = search.Search(request.GET)
    errors = found.errors | bad_format
    if asked == "csv" and "page" in request.GET:
        errors["page"] = ["A csv holds all rows: leave this out."]
    if asked and errors:
        return bad_request(errors)
    if asked == "csv":
        return exports.search_csv(found)
    if asked == "json":
        return JsonResponse(exports.search_json(found, lambda page: page_address(request, page)))
    if shorter := without_empty(request):
        return shorter
    if not errors and is_reader(request) and found.is_missed:
        search.count_missed(found.text)
    context = {"found": found, "text": "" if errors else found.text, "errors": errors}
    return render(request, "search.html", context, status=400 if errors else 200)


def is_reader(request):
    """Tell whether a person probably asks: every browser calls itself Mozilla, and no search engine hides."""
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and agent.startswith("Mozilla/") and not (purpose or ROBOTS.search(agent))


@require_safe
def suggest(request):
    """Answer the entries whose names begin with what is being typed, as JSON."""
    found = search.Search(request.GET)
    errors = found.errors | {n: ["Use q alone."] for n in request.GET if n != "q"}
    return bad_request(errors) if errors else JsonResponse({"results": search.suggestions(found.text)})


@require_safe
def theme(request):
    """Remember how a reader wants the pages to look, and go back; “auto” follows the device again."""
    wanted, back = request.GET.get("theme", ""), request.GET.get("next", "")
    if wanted not in THEMES:
        return bad_request({"theme": [f"Use one of: {', '.join(THEMES)}."]})
    local = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = HttpResponseRedirect(back if local else reverse("home"))
    if wanted == THEMES[0]:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        answer.set_cookie(THEME_COOKIE, wanted, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
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
    etag = quote_etag(shown.checksum)
    answer = get_conditional_response(request, etag=etag) or HttpResponse(previews.png(shown), content_type="image/png")
    answer["ETag"] = etag
    # An address with the checksum of this picture never shows another one.
    lasting = request.GET.get("v") == shown.checksum
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, max-age=300"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def report(request):
    """Answer the form in which readers say what is wrong with an entry or a fact, and take what they say."""
    errors = parameters.unknown(request.GET, REPORT_PARAMETERS) | parameters.repeated(request.GET, REPORT_PARAMETERS)
    if not request.GET.get("fact"):
        errors["fact"] = ["Name the permanent id of the entry or fact, as its page gives it."]
    if errors:
        return render(request, "400.html", {"errors": errors}, status=400)
    subject = reports.subject_of(request.GET["fact"])
    if subject is None:
        return render(request, "report.html", status=404)
    form = reports.ReportForm(request.POST if request.method == "POST" else None)
    context = {"subject": subject, "form": form, "is_sent": "sent" in request.GET}
    if request.method != "POST":
        return render(request, "report.html", context)
    return take_report(request, context)


def take_report(request, context):
    """Keep a sound report and lead to the thanks for it; else show the form again, with the text in it."""
    subject, form = context["subject"], context["form"]
    if not form.is_valid():
        return render(request, "report.html", context, status=400)
    try:
        if not form.is_from_a_program:
            reports.send(subject, form.cleaned_data, client_address(request))
    except reports.TooManyError as limit:
        minutes = math.ceil(limit.wait / 60)
        answer = render(request, "report.html", context | {"minutes": minutes}, status=429)
        answer["Retry-After"] = limit.wait
        return answer
    return HttpResponseRedirect(f"{request.path}?{urlencode({'fact': subject.thing.permanent_id, 'sent': 1})}")


@require_safe
def healthz(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots(request):
    return HttpResponse(
        "User-agent: *\nDisallow: /admin/\nDisallow: /report/\n", content_type="text/plain; charset=utf-8"
    )


def not_found(request, exception):
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "There is nothing at this address."}, status=404)
    return render(
        request,
        "404.html",
        {"guess": request.path.strip("/").split("/")[-1].replace("-", " ")[:80]},
        status=404,
    )

"""Lists of entries, comparisons and the evidence: the same query string gives page, JSON and files."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from .. import exports, parameters, reading
from ..catalogue import for_output, record
from ..filters import Listing
from ..languages import translated
from ..models import MODELS, TOPICS, Mission, Trend
from .answers import (
    about,
    bad_request,
    file_of,
    format_errors,
    page_address,
    tables_answer,
    wanted_format,
    without_empty,
)

VIEWS = (gettext_noop("cards"), gettext_noop("table"))

MORE_VIEWS = {Mission: (gettext_noop("map"), gettext_noop("timeline"))}

SHOWN = ("countries", "missions", "organization")  # the relations that cards and tables read

VIEWS_OF_ALL_ROWS = ("map", "timeline")


def views_of(model):
    return VIEWS + MORE_VIEWS.get(model, ())


def view_errors(request, model, asked):
    """Return what is wrong with the view asked for and with the parameters that belong to some views only."""
    errors, view = {}, request.GET.get("view", VIEWS[0])
    if view not in views_of(model):
        errors["view"] = [
            gettext("There is no view “%(view)s”. Use one of: %(known)s.")
            % {"view": view[:40], "known": ", ".join(views_of(model))}
        ]
    if view in VIEWS_OF_ALL_ROWS and not asked and "page" in request.GET:
        errors["page"] = [gettext("The %(view)s shows all rows at once: leave this out.") % {"view": translated(view)}]
    if "group" in model.filter_fields:  # tasks in the glossary have groups of their own
        return errors
    if "group" in request.GET and (asked or view != "timeline"):
        errors["group"] = [gettext("Only the page with view=timeline has groups: leave this out.")]
    elif (group := request.GET.get("group", reading.GROUPS[0])) not in reading.GROUPS:
        errors["group"] = [
            gettext("“%(group)s” is no way to group. Use one of: %(known)s.")
            % {"group": group[:40], "known": ", ".join(reading.GROUPS)}
        ]
    return errors


@require_safe
def entry_list(request, model):
    """Answer a list as page, JSON or file: the same query string gives the same rows."""
    asked, errors = wanted_format(request)
    listing = Listing(model, request.GET)
    errors |= view_errors(request, model, asked) | format_errors(request, asked)
    if asked and (errors or listing.errors):
        return bad_request(errors | listing.errors)
    if asked == "json":
        facets = request.GET.get("facets") == "1"
        return JsonResponse(exports.json_list(listing, lambda page: page_address(request, page), facets))
    if asked:
        return file_of(request, asked, listing.rows, capfirst(model._meta.verbose_name_plural))
    return list_page(request, model, listing, errors)


def list_page(request, model, listing, errors):
    if shorter := without_empty(request):
        return shorter
    # With an unknown view the form must not ask for it again.
    view = VIEWS[0] if "view" in errors else request.GET.get("view", VIEWS[0])
    errors = listing.errors | errors
    is_paged = view in VIEWS and not errors
    rows = for_output(listing.page.object_list, only=SHOWN) if is_paged else []
    if model is Mission and is_paged and view == "table":  # cards tell nothing of deaths
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
        "total": listing.total,
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
def compare(request, model):
    """Answer entries side by side as page, JSON or file; with fewer than two, a page that offers more."""
    asked, errors = wanted_format(request)
    comparison = reading.Comparison(model, request.GET)
    if asked and not (errors or comparison.errors or comparison.is_possible):
        errors[comparison.parameter] = [gettext("Name two to four to compare.")]
    if asked and (errors or comparison.errors):
        return bad_request(comparison.errors | errors)
    if asked == "json":
        return JsonResponse(exports.json_comparison(comparison))
    if asked:
        title = " and ".join(name for _, name, _ in comparison.chosen)
        return tables_answer(asked, [exports.comparison_table(comparison)], about(request, "comparison", title))
    if shorter := without_empty(request):
        return shorter
    errors = comparison.errors | errors
    context = reading.compare_context(comparison) | {"errors": errors}
    return render(request, "compare.html", context, status=400 if errors else 200)


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
        errors["kind"] = [gettext("Use one of: %(known)s.") % {"known": ", ".join(TOPICS)}]
    elif wanted["entry"] and not exists(MODELS[kind], wanted["entry"]):
        errors["entry"] = [gettext("There is no such %(kind)s.") % {"kind": translated(kind)}]
    if wanted["mission"] and not exists(Mission, wanted["mission"]):
        errors["mission"] = [gettext("There is no such %(kind)s.") % {"kind": translated("mission")}]
    if "page" in data:
        errors["page"] = [gettext("The evidence comes on one page: leave this out.")]
    if "group" in data:
        errors["group"] = [gettext("Only the list of missions with view=timeline has groups: leave this out.")]
    return listing, wanted, errors


def evidence_rows(listing, wanted, errors):
    """Return the items of evidence that were asked for, none if the query has errors."""
    missions = Mission.objects.none() if errors else listing.rows.order_by()
    kind = wanted["kind"] if wanted["kind"] in TOPICS else TOPICS[0]
    return reading.evidence_items(kind, missions, wanted["entry"], wanted["mission"])


def exists(model, slug):
    return "\0" not in slug and model.objects.published().filter(slug=slug[:100]).exists()


@require_safe
def evidence(request):
    """Answer the matrix of entries by missions as page, and its items as page, JSON or file."""
    asked, bad_format = wanted_format(request)
    listing, wanted, errors = evidence_query(request)
    errors |= format_errors(request, asked)
    if asked and (errors or bad_format):
        return bad_request(errors | bad_format)
    items = evidence_rows(listing, wanted, errors)
    if asked == "json":
        return JsonResponse(exports.whole_list([record(item) for item in items]))
    if asked:
        return file_of(request, asked, items, "Evidence")
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

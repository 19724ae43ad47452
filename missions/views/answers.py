"""What the views share: errors, formats, addresses and what answers where no entry stands."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from .. import addresses, exports, parameters
from ..choices import WithdrawalKind

OF_ONE_TABLE = ("csv", "sha256")


def bad_request(errors):
    return JsonResponse({"detail": "The query cannot be answered.", "errors": errors}, status=400)


def refused(request, errors):
    """Return the page that says what is wrong with the parameters."""
    return render(request, "400.html", {"errors": errors}, status=400)


def not_taken(request):
    """Return the refusal of all parameters at an address that takes none, or None if there are none."""
    errors = {name[:100]: [gettext("This address takes no parameters: leave this out.")] for name in request.GET}
    return bad_request(errors) if errors else None


def wanted_format(request):
    """Return the format asked for, and the errors if there is no such format."""
    asked = request.GET.get("format", "")
    if asked and asked not in exports.FORMATS:
        return "json", {
            "format": [gettext("Unknown format. Known: %(known)s.") % {"known": ", ".join(exports.FORMATS)}]
        }
    return asked, {}


def format_errors(request, asked):
    """Return what is wrong with parameters that do not go with the format."""
    errors = {}
    if asked in exports.FILES and "page" in request.GET:
        errors["page"] = [gettext("A %(format)s holds all rows: leave this out.") % {"format": asked}]
    if "table" in request.GET and asked not in OF_ONE_TABLE:
        errors["table"] = [gettext("Only format=csv and format=sha256 are of one table: leave this out.")]
    return errors


def about(request, name, title):
    """Return what a file of the rows at this address is called, and where it comes from."""
    ignored = (*parameters.OF_THE_PAGE, "ordering")
    query = {k: [v for v in values if v] for k, values in request.GET.lists() if k not in ignored}
    query = {k: values for k, values in query.items() if values}
    address = request.build_absolute_uri(request.path + (f"?{urlencode(query, doseq=True)}" if query else ""))
    chosen = "; ".join(f"{k} {', '.join(values)}" for k, values in query.items())
    return exports.About(name, f"{title} ({chosen})" if chosen else str(title), address, query)


def file_of(request, asked, rows, title, with_all=("zip",), slug="", at=None):
    """Answer a queryset in one of the formats that hold all rows; those `with_all` hold all that belongs to them."""
    wanted = request.GET.get("table", "")
    tables = [exports.table(q) for q in (exports.together(rows, at) if wanted or asked in with_all else [rows])]
    if wanted:
        names = [t.name for t in tables]
        if wanted not in names:
            return bad_request({"table": [f"There is no such table here. Use one of: {', '.join(names)}."]})
        tables = [t for t in tables if t.name == wanted]
    name = "_".join(filter(None, [tables[0].name, slug]))
    return tables_answer(asked, tables, about(request, name, title))


def tables_answer(asked, tables, described):
    try:
        return exports.tables_file(tables, described, asked)
    except exports.TooLongError as error:
        return bad_request({"format": [str(error)]})


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


def missing(request, model, slug, asked):
    """Answer an address at which no published entry stands now."""
    entry = addresses.entry_at(model, slug)
    if entry and entry.is_published:
        query = request.META.get("QUERY_STRING", "")
        here = reverse(request.resolver_match.url_name, args=[entry.slug])
        return HttpResponsePermanentRedirect(here + (f"?{query}" if query else ""))
    if asked:
        detail = f"Withdrawn: {entry.withdrawal_note}" if entry else f"There is no {model._meta.verbose_name} here."
        return JsonResponse({"detail": detail}, status=410 if entry else 404)
    if entry:
        status = 200 if entry.withdrawal_kind == WithdrawalKind.NOTICE else 410
        return render(request, "410.html", {"model": model, "note": entry.withdrawal_note}, status=status)
    raise Http404(f"There is no {model._meta.verbose_name} at this address.")

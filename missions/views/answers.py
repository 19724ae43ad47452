"""What the views share: errors, formats, addresses and what answers where no entry stands."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from .. import addresses, exports
from ..choices import WithdrawalKind


def bad_request(errors):
    return JsonResponse({"detail": "The query cannot be answered.", "errors": errors}, status=400)


def not_taken(request):
    """Return the refusal of all parameters at an address that takes none, or None if there are none."""
    errors = {name[:100]: ["This address takes no parameters: leave this out."] for name in request.GET}
    return bad_request(errors) if errors else None


def wanted_format(request):
    """Return the format asked for, and the errors if there is no such format."""
    asked = request.GET.get("format", "")
    if asked and asked not in exports.FORMATS:
        return "json", {"format": [f"Unknown format. Known: {', '.join(exports.FORMATS)}."]}
    return asked, {}


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
    if asked == "json":
        detail = f"Withdrawn: {entry.withdrawal_note}" if entry else f"There is no {model._meta.verbose_name} here."
        return JsonResponse({"detail": detail}, status=410 if entry else 404)
    if entry:
        status = 200 if entry.withdrawal_kind == WithdrawalKind.NOTICE else 410
        return render(request, "410.html", {"model": model, "note": entry.withdrawal_note}, status=status)
    raise Http404(f"There is no {model._meta.verbose_name} at this address.")

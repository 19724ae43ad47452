"""The pages that stand for themselves."""

import sys

from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views import defaults
from django.views.decorators.http import require_safe

from .. import outages, reading
from ..languages import bare, number
from ..middleware import API, THEME_COOKIE, THEMES, in_json
from ..models import CaseStudy, Mission, Source
from .answers import bad_request

YEAR = 365 * 24 * 60 * 60


@require_safe
def home(request):
    context = {
        "cases": CaseStudy.objects.published().prefetch_related("missions__countries"),
        "missions": Mission.objects.published().count(),
        "sources": number(Source.objects.count()),
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


@require_safe
def theme(request):
    """Remember how a reader wants the pages to look, and go back; “auto” follows the device again."""
    wanted, back = request.GET.get("theme", ""), request.GET.get("next", "")
    if wanted not in THEMES:
        return bad_request({"theme": [gettext("Use one of: %(known)s.") % {"known": ", ".join(THEMES)}]})
    local = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = HttpResponseRedirect(back if local else reverse("home"))
    if wanted == THEMES[0]:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        answer.set_cookie(THEME_COOKIE, wanted, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return answer


def unreadable(request, exception):
    """Answer what Django refuses before a view, such as a wrong host: a page of ours would name the host, and break."""
    if answer := outages.answer(request, exception):  # a session that cannot be written is called a bad request
        return answer
    message = gettext("The request cannot be read: its host or its form is not one that is answered here.")
    return in_json(request, HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8"), message)


def failed(request):
    """Answer what broke; of the database being away, readers get a sentence of their own."""
    return outages.answer(request, sys.exc_info()[1]) or in_json(
        request, defaults.server_error(request), "Something went wrong on this side."
    )


def not_found(request, exception):
    """Answer what is nowhere; what has one address only, such as a file, leads there from below another language."""
    if request.path.startswith(API):
        return JsonResponse({"detail": "There is nothing at this address."}, status=404)
    if (elsewhere := bare(request.path)) != request.path and is_valid_path(elsewhere):
        return HttpResponsePermanentRedirect(
            elsewhere + (f"?{query}" if (query := request.META["QUERY_STRING"]) else "")
        )
    return render(
        request,
        "404.html",
        {"guess": request.path.strip("/").split("/")[-1].replace("-", " ")[:80]},
        status=404,
    )

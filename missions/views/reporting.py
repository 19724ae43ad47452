"""The form in which readers say what is wrong."""

import math
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from .. import parameters, reports
from ..clients import client_address
from .answers import refused

REPORT_PARAMETERS = ("fact", "sent")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def report(request):
    """Answer the form in which readers say what is wrong with an entry or a fact, and take what they say."""
    errors = parameters.unknown(request.GET, REPORT_PARAMETERS) | parameters.repeated(request.GET, REPORT_PARAMETERS)
    if not request.GET.get("fact"):
        errors["fact"] = [gettext("Name the permanent id of the entry or fact, as its page gives it.")]
    if errors:
        return refused(request, errors)
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

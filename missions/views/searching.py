"""Search over every kind, and suggestions while typing."""

import re

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .. import exports, search
from .answers import about, bad_request, format_errors, page_address, tables_answer, wanted_format, without_empty

ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|headless|lighthouse", re.I)


@require_safe
def search_page(request):
    """Answer a search over every kind as page, JSON or file."""
    asked, bad_format = wanted_format(request)
    found = search.Search(request.GET)
    errors = found.errors | bad_format
    errors |= format_errors(request, asked)
    if asked and errors:
        return bad_request(errors)
    if asked == "json":
        return JsonResponse(exports.search_json(found, lambda page: page_address(request, page)))
    if asked:
        return tables_answer(asked, [exports.search_table(found)], about(request, "search", "Search"))
    if shorter := without_empty(request):
        return shorter
    context = {"found": found, "text": "" if errors else found.text, "errors": errors}
    answer = render(request, "search.html", context, status=400 if errors else 200)
    if not errors and found.is_missed:
        answer["Cache-Control"] = "private, no-cache"  # made anew each time, so that each time is counted
        if is_reader(request):
            search.count_missed(found.text)
    return answer


def is_reader(request):
    """Tell whether a person probably asks: every browser calls itself Mozilla, and no search engine hides."""
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and agent.startswith("Mozilla/") and not (purpose or ROBOTS.search(agent))


@require_safe
def suggest(request):
    """Answer the entries whose names begin with what is being typed, as JSON."""
    found = search.Search(request.GET)
    errors = found.errors | {n: [gettext("Use q alone.")] for n in request.GET if n != "q"}
    return bad_request(errors) if errors else JsonResponse({"results": search.suggestions(found.text)})

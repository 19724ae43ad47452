"""What every answer of the API has in common: JSON, a tag to ask again with, a polite rate, the form of its errors."""

import math

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from rest_framework.exceptions import Throttled
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView, exception_handler

from .. import parameters
from ..clients import client_address
from ..views.answers import bad_request
from . import deprecations
from .operation import Operation


class BadQueryError(Exception):
    """The query cannot be answered; `errors` is {parameter: [reason]}."""

    def __init__(self, errors):
        super().__init__(errors)
        self.errors = errors


def explain(exc, context):
    """Return the answer to what went wrong: always `detail`, and `errors` where parameters are to blame."""
    if isinstance(exc, BadQueryError):
        return bad_request(exc.errors)
    if isinstance(exc, Throttled):
        wait = max(1, math.ceil(exc.wait or 1))
        detail = f"One address may ask {rate_in_words()}. Ask again in {wait} seconds."
        return JsonResponse({"detail": detail}, status=429, headers={"Retry-After": wait})
    return exception_handler(exc, context)


class ByFormat(DefaultContentNegotiation):
    """Choose the form of an answer by `format`, then by the Accept header."""

    def get_accept_list(self, request):
        return super().get_accept_list(request) if request.META.get("HTTP_ACCEPT") else ["*/*"]

    def select_renderer(self, request, renderers, format_suffix=None):
        asked = request.GET.get("format")
        if not asked:
            return super().select_renderer(request, renderers, format_suffix)
        for renderer in renderers:
            if renderer.format == asked:
                return renderer, renderer.media_type
        known = " or ".join(dict.fromkeys(r.format for r in renderers))
        raise BadQueryError({"format": [f"The API answers in {known}; the pages have more formats."]})


def rate_in_words():
    """Return the limit as “600 times per minute”, or nothing where there is none."""
    return settings.API_RATE.replace("/min", "/minute").replace("/", " times per ")


class PoliteRate(SimpleRateThrottle):
    """So many requests from one address, counted by each process of the server for itself."""

    def get_rate(self):
        return settings.API_RATE or None

    def get_cache_key(self, request, view):
        return f"api-rate {client_address(request)}".replace(" ", "-")


class ApiView(APIView):
    """One address of the API. What it answers and takes is also what the schema says of it."""

    segment = ""  # first part of the address after /api/v1/
    model = None
    summary = ""
    answer = ""  # name of the component in the schema
    statuses = (400, 406, 429)

    authentication_classes = permission_classes = ()
    throttle_classes = (PoliteRate,)
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = ByFormat
    schema = Operation()

    def get_exception_handler(self):
        return explain

    def options(self, request, *args, **kwargs):
        return HttpResponse(status=204)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store" if response.status_code == 429 else "public, no-cache"
        for name, value in deprecations.headers(self.segment, request.build_absolute_uri).items():
            response[name] = f"{response[name]}, {value}" if name in response else value
        return response

    def parameters(self):
        """Return the parameters as drf-spectacular describes them."""
        return []

    def check(self, request, errors=None):
        """Refuse parameters that are unknown, given more than once where one counts, or wrong as `errors` says."""
        known = [p for p in self.parameters() if p.location == "query"]
        found = parameters.unknown(request.GET, sorted(p.name for p in known))
        found |= errors or {}
        found |= parameters.repeated(request.GET, [p.name for p in known if not p.explode])
        if found:
            raise BadQueryError(found)

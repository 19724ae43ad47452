"""Figures about this server for Prometheus, where a setting asks for them.

They are given to whoever sends the token of the file PEACEOPS_METRICS, and to all others the address does not exist. A
token is simpler to get right than a list of addresses, which a proxy hides. Several workers share their figures by
files in PROMETHEUS_MULTIPROC_DIR, which `deploy/gunicorn.conf.py` sets before this module is loaded.
"""

import hmac
import os
import time
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpResponse, HttpResponseNotFound
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from . import databases, health
from .logs import METHODS, was_kept
from .models import KINDS

ADDRESS = "/metrics"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
NOWHERE, KEPT = "none", "kept"  # in place of a view: nothing was found, or what was made before was sent again

answered = Counter("peaceops_requests", "Requests answered.", ["view", "method", "status"])
took = Histogram("peaceops_request_seconds", "Time from a request to its answer.", ["view"], buckets=BUCKETS)


class Published:
    """How many entries readers can see, by kind; asked of the database whenever the figures are."""

    def describe(self):
        return []  # so that registering asks no database

    def collect(self):
        family = GaugeMetricFamily("peaceops_published_entries", "Entries that readers can see.", labels=["kind"])
        with suppress(DatabaseError, InterfaceError):  # the other figures are wanted most while it is away
            for model in KINDS:
                family.add_metric([model._meta.model_name], model.objects.published().count())
        yield family


class Replica:
    """Whether readers get from the replica what members see; found out whenever the figures are asked for."""

    def describe(self):
        return []

    def collect(self):
        family = GaugeMetricFamily("peaceops_replica_in_step", "Whether the replica is read and holds what is public.")
        with suppress(DatabaseError, InterfaceError):
            family.add_metric([], health.replica() == "ok")
        yield family


def figures():
    """Return all figures as text: of this process, or of all workers that share a directory."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(Published())
    if databases.REPLICA in connections:
        registry.register(Replica())
    return generate_latest(registry)


class Measure:
    """Count requests by view and status, never by address: views are few, and no one's business is told."""

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == ADDRESS:
            return answer(request)
        began = time.perf_counter()
        response = self.get_response(request)
        view = view_of(request, response)
        method = request.method if request.method in METHODS else "other"
        answered.labels(view, method, response.status_code).inc()
        took.labels(view).observe(time.perf_counter() - began)
        return response


def view_of(request, response):
    """Return the name of the view that answered, or how it was done without one."""
    if was_kept(request, response.status_code):
        return KEPT
    match = request.resolver_match
    return (match and match.view_name) or NOWHERE


def answer(request):
    """Return the figures to whoever knows the token."""
    sent = request.headers.get("Authorization", "").encode()
    if request.method != "GET" or not hmac.compare_digest(sent, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain; charset=utf-8")
    return HttpResponse(figures(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

"""What programs ask first: what there is, what changed, how to search, what to leave alone."""

from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..feeds import ChangesFeed
from ..languages import NAMES, in_language
from ..models import LISTED
from ..sitemaps import SITEMAPS
from .answers import not_taken

feed_of_changes = ChangesFeed()


@require_safe
def sitemap(request):
    """Answer every public page with the time of its last change."""
    if refusal := not_taken(request):
        return refusal
    return sitemap_of(request, SITEMAPS)


@require_safe
def feed(request):
    return not_taken(request) or feed_of_changes(request)


@require_safe
def opensearch(request):
    """Answer how browsers and others search here."""
    where = {"home": request.build_absolute_uri("/")}
    return not_taken(request) or render(
        request, "opensearch.xml", where, content_type="application/opensearchdescription+xml; charset=utf-8"
    )


@require_safe
def llms(request):
    """Answer in plain text what this is and how to take the data, for programs that read."""
    context = {"home": request.build_absolute_uri("/"), "lists": LISTED}
    return not_taken(request) or render(request, "llms.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
def robots(request):
    home = request.build_absolute_uri("/")
    closed = [in_language(path, code) for path in ("/report/", "/teaching/packet/") for code in NAMES]
    closed = ["/admin/", *closed, "/teaching/packet.pdf"]  # of packets there is no end
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {home}sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")

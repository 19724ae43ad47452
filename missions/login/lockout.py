"""Who may not try again for an hour: a user name at an address, never the name alone."""

from datetime import timedelta
from math import ceil

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from ..clients import client_address


def locked_out(request, response, credentials):
    """Say how long to wait, whether or not the name exists and the password was right."""
    failures = AccessAttempt.objects.filter(username=credentials["username"], ip_address=client_address(request))
    since = failures.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    seconds = max(1, ceil((since + settings.AXES_COOLOFF_TIME - timezone.now()) / timedelta(seconds=1)))
    context = {"title": "Too many failed logins", "wait": in_words(seconds)}
    page = render(request, "admin/login/locked_out.html", admin.site.each_context(request) | context, status=429)
    page["Retry-After"] = seconds
    add_never_cache_headers(page)
    return page


def in_words(seconds):
    """Return a time to wait as people say it, rounded up."""
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{ceil(seconds / size)} {unit}"
    return "1 second" if seconds == 1 else f"{seconds} seconds"

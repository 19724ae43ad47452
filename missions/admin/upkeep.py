"""The pages of the heaps of work, and what upkeep leaves behind."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from .. import exports, upkeep
from ..models import Confirmation, LinkCheck, MissedSearch
from ..views import answers
from .reports import Kept


class ConfirmForm(forms.Form):
    """The record of a row, and what the editor looked at."""

    kind = forms.CharField(max_length=20)
    permanent_id = forms.CharField(max_length=40)
    note = forms.CharField(max_length=300, required=False)


@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def heap_page(request, name):
    """Answer a heap of work as page or CSV, and take the word of an editor that a row is still correct."""
    heap = upkeep.heap_named(name)
    if heap is None:
        raise Http404("There is no such heap of work.")
    if not request.user.has_perm(heap.permission):
        raise PermissionDenied
    selection = upkeep.Selection(heap, request.user, request.GET)
    if request.method == "POST":
        return take_confirmation(request, selection)
    if request.GET.get("format"):
        return heap_file(selection)
    return answers.without_empty(request) or show(request, selection, 400 if selection.errors else 200)


def show(request, selection, status):
    context = admin.site.each_context(request) | {"title": selection.heap.label, "selection": selection}
    context["rows"] = [(row, upkeep.may_confirm(request.user, row)) for row in selection.page]
    return render(request, "admin/upkeep.html", context, status=status)


def heap_file(selection):
    if selection.errors:
        return answers.bad_request(selection.errors)
    return exports.csv_file(selection.lines(), f"upkeep-{selection.heap.name}")


def take_confirmation(request, selection):
    """Record that a row is still correct, and go back to the rows that were shown."""
    if not selection.heap.can_be_confirmed:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"Nothing was confirmed. {name.replace('_', ' ').capitalize()}: {' '.join(errors)}")
        return show(request, selection, 400)
    row = selection.row_of(form.cleaned_data["kind"], form.cleaned_data["permanent_id"])
    if row is None:
        messages.info(request, "That is no longer on this heap: someone has confirmed or changed it meanwhile.")
    elif not upkeep.may_confirm(request.user, row):
        raise PermissionDenied
    else:
        upkeep.confirm(row, request.user, form.cleaned_data["note"])
        messages.success(request, f"Confirmed as still correct: {row.title}.")
    return HttpResponseRedirect(upkeep.Selection(selection.heap, request.user, request.GET).nearest_address)


class Seen(Kept):
    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Confirmation)
class ConfirmationAdmin(Seen):
    list_display = ("kind", "permanent_id", "confirmed_on", "confirmed_by", "note")
    list_filter = ("kind",)
    search_fields = ("permanent_id", "confirmed_by", "note")
    date_hierarchy = "confirmed_on"


@admin.register(LinkCheck)
class LinkCheckAdmin(Seen):
    list_display = ("url", "state", "outcome", "failures", "failed_at", "checked_at")
    list_filter = ("state",)
    search_fields = ("url", "outcome")


@admin.register(MissedSearch)
class MissedSearchAdmin(Seen):
    list_display = ("term", "number", "days", "last_on")
    search_fields = ("term",)

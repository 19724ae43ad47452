"""The history of an entry: every saved state, compared with any other, restored as a draft; and what was deleted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from reversion.models import Version

from .. import differences, drafts, history, snapshot
from ..models import Change
from ..models.lookups import is_key

ROWS_A_PAGE = 50


class RevisionViews:
    """Replaces Django's history of a kind of entries, and adds the list of deleted ones."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.deleted_view)
        return [path("deleted/", view, name=f"missions_{self.model._meta.model_name}_deleted"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        address = reverse(f"admin:missions_{self.model._meta.model_name}_deleted")
        context = {"deleted_url": address} if self.has_add_permission(request) else {}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def history_view(self, request, object_id, extra_context=None):
        entry = self.entry_for(request, object_id)
        saved = history.revisions(entry)
        if request.method == "POST":
            return self.restore(request, entry, saved)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "original": entry, "entry": entry}
        context |= {"title": f"History: {entry}", "may_write": drafts.may_write(request.user, entry)}
        if row := request.GET.get("row", "")[:40]:
            changes = {c.revision_id: c for c in Change.objects.of(entry)}
            context |= {"row": row, "past": [(s, r, changes.get(s.number)) for s, r in past_of(row, saved)]}
        else:
            context |= {"page": Paginator(saved, ROWS_A_PAGE).get_page(request.GET.get("page"))}
            context |= compared(request, entry, saved)
        return render(request, "admin/missions/history.html", context)

    def restore(self, request, entry, saved):
        wanted = found(saved, request.POST.get("restore"))
        if wanted is None:
            raise PermissionDenied("There is no such version.")
        try:
            remarks = drafts.restore(entry, request.user, wanted)
        except drafts.StepError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.path)
        self.message_user(request, "The version is the draft now. Read it, then send it to review.", messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, f"Could not be restored: {remark}.", messages.WARNING)
        return HttpResponseRedirect(self.address_of("publication", entry))

    def deleted_view(self, request):
        """List what was deleted of this kind, and bring one back with its rows."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        gone = Version.objects.get_deleted(self.model).select_related("revision")
        if request.method == "POST":
            return self.recover(request, gone)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": "Deleted"}
        context |= {"gone": [history.Saved(v, False) for v in gone.order_by("-pk")[:200]]}
        return render(request, "admin/missions/deleted.html", context)

    def recover(self, request, gone):
        number = request.POST.get("version", "")
        version = gone.filter(pk=number).first() if is_key(number) else None
        if version is None:
            raise PermissionDenied("There is no such deleted entry.")
        try:
            with transaction.atomic():
                entry, remarks = history.recover(version)
                drafts.keep_unpublished(entry, request.user, reason="Brought back after it was deleted")
        except (IntegrityError, snapshot.LostError) as error:
            self.message_user(request, f"It cannot be brought back: {error}", messages.ERROR)
            return HttpResponseRedirect(request.path)
        for remark in remarks:
            self.message_user(request, f"Could not be restored: {remark}.", messages.WARNING)
        self.message_user(request, f"{entry} is back, as a draft, with its rows.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:missions_{self.model._meta.model_name}_change", args=[entry.pk]))


def found(saved, number):
    """Return the saved state with a number, or None."""
    return next((s for s in saved if str(s.number) == number), None)


def compared(request, entry, saved):
    """Return the comparison that the query asks for, `now` being what is published."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    if not old or not new:
        return {"old": "", "new": ""}
    states = {"now": snapshot.take(entry)} | {n: s.state for n in (old, new) if (s := found(saved, n))}
    if old not in states or new not in states:
        return {"old": "", "new": "", "unknown": True}
    return {"old": old, "new": new, "rows": differences.compare(states[old], states[new]), "is_compared": True}


def past_of(permanent_id, saved):
    """Return every change of one row beside drafts: [(saved state, how the row differs)], newest first."""
    past, before = [], None
    for one in reversed([s for s in saved if not s.is_draft]):
        now = next((r for r in one.state if r["fields"].get("permanent_id") == permanent_id), None)
        if now != before:
            both = [r for r in (before, now) if r]
            past.append((one, differences.difference(before, now, differences.Names(both))))
        before = now
    return [(one, row) for one, row in past[::-1] if row]

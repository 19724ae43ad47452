"""Pages of the admin that are about many kinds of records at once: batches of changes, and offers of newer content."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from .. import batches, offers
from ..drafts import StepError
from ..models import Batch
from .shared import named

PAGE, OFFERS_PAGE = 50, 20


def show(request, template, title, **context):
    if not request.user.has_module_perms("missions"):
        raise PermissionDenied
    context = admin.site.each_context(request) | {"title": title} | context
    return render(request, f"admin/bulk/{template}.html", context)


def page_of(request, rows, size):
    return Paginator(rows, size).get_page(request.GET.get("page"))


@require_safe
def batch_list(request):
    """List every batch of changes, newest first."""
    return show(request, "batches", "Batches of changes", page=page_of(request, Batch.objects.all(), PAGE))


def batch_detail(request, pk):
    """Show what a batch changed, and undo it when asked to."""
    batch, done = get_object_or_404(Batch, pk=pk), {}
    if request.method == "POST":
        try:
            undone, left = batches.undo(batch, request.user)
            done = {"undone": undone, "left": left, "is_done": True}
        except StepError as error:
            messages.error(request, str(error))
        batch.refresh_from_db()
    page = page_of(request, batch.changes.order_by("pk"), PAGE)
    changes = [(c, named(c.entry) if c.entry else f"{c.kind}: {c.title} (deleted)") for c in page]
    may_undo = batch.undone_at is None and batches.may_undo(request.user, batch)
    return show(
        request, "batch", batch.label, batch=batch, page=page, changes=changes, may_undo=may_undo, **done
    )  # fmt: skip


@require_safe
def offer_list(request):
    """List what newer content would change where an editor's version was kept."""
    page = page_of(request, offers.open_offers(), OFFERS_PAGE)
    shown = [o for o in map(offers.shown, page) if o]
    rows = [(o, named(o.row), offers.may_decide(request.user, o.row)) for o in shown]
    return show(request, "offers", "Offered by newer content", page=page, offers=rows)


@require_POST
def offer_decide(request, pk):
    """Take an offer into a draft, or keep the editors' version."""
    known, seen = get_object_or_404(offers.open_offers(), pk=pk), request.POST.get("seen", "")
    try:
        if "take" in request.POST:
            thing = offers.take(known, request.user, seen)
            said = "Taken into the draft of" if offers.owner_of(thing) else "Taken over into"
            messages.success(request, f"{said} {thing}.")
        else:
            row = offers.decline(known, request.user, seen)
            messages.success(request, f"Kept as it is here: {row}.")
    except StepError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("offers"))


def of_editors(view):
    return admin.site.admin_view(view)


urlpatterns = [
    path("batches/", of_editors(batch_list), name="batches"),
    path("batches/<int:pk>/", of_editors(batch_detail), name="batch"),
    path("offers/", of_editors(offer_list), name="offers"),
    path("offers/<int:pk>/", of_editors(offer_decide), name="offer"),
]

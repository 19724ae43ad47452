"""Facts by themselves: found and read here, edited in the form of the entry that they belong to."""

from django.contrib import admin
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from .. import snapshot
from ..models import FACTS, LISTED, Assessment, Event, Evidence, Figure, MandatedTask, Succession
from .bulk import InBulk
from .days import BearsAnyDay


class OwnedAdmin(BearsAnyDay, InBulk, admin.ModelAdmin):
    """Lists and shows what is drafted, reviewed and published with its entry."""

    owner_field = "mission"
    change_form_template = "admin/owned_change_form.html"
    list_display = ("__str__", "mission", "date", "source", "confidence", "stage")
    list_filter = ("stage", "confidence", "mission")
    list_select_related = ("mission", "source")
    date_hierarchy = "date"
    search_fields = ("mission__acronym", "source__title", "source__symbol", "editor_note", "permanent_id")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context |= {
            "owner": getattr(obj, self.owner_field),
            "edit_url": edit_address(obj),
            "past_url": past_address(obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def edit_address(obj):
    """Return the address of a row in the form of its entry."""
    entry, name = snapshot.owner_of(obj)
    address = reverse(f"admin:missions_{entry._meta.model_name}_change", args=[entry.pk])
    return f"{address}?rows={name}&only={obj.permanent_id}#{name}-0"


def past_address(obj):
    entry, _ = snapshot.owner_of(obj)
    entry = entry or obj
    address = reverse(f"admin:missions_{entry._meta.model_name}_history", args=[entry.pk])
    return address if entry is obj else f"{address}?row={obj.permanent_id}"


def at(request, permanent_id, view="change"):
    """Lead from the permanent id of an entry or a fact to where it is edited, or to its history."""
    for model in (*LISTED, *FACTS):
        if obj := model.objects.filter(permanent_id=permanent_id).first():
            if view == "history":
                return HttpResponseRedirect(past_address(obj))
            name = f"admin:missions_{model._meta.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[obj.pk]) if model in LISTED else edit_address(obj))
    raise Http404("Nothing has this id.")


@admin.register(Figure)
class FigureAdmin(OwnedAdmin):
    list_display = ("__str__", "scope", "mission", "as_of", "source", "preferred", "confidence", "stage")
    list_filter = (*OwnedAdmin.list_filter, "measure", "scope")
    date_hierarchy = "as_of"


@admin.register(Event)
class EventAdmin(OwnedAdmin):
    list_filter = (*OwnedAdmin.list_filter, "kind")
    search_fields = (*OwnedAdmin.search_fields, "title", "text", "symbol")


@admin.register(MandatedTask)
class MandatedTaskAdmin(OwnedAdmin):
    list_filter = (*OwnedAdmin.list_filter, "strength")
    list_select_related = ("mission", "source", "task")


@admin.register(Assessment)
class AssessmentAdmin(OwnedAdmin):
    list_filter = (*OwnedAdmin.list_filter, "verdict")
    search_fields = (*OwnedAdmin.search_fields, "assessor", "text")


@admin.register(Evidence)
class EvidenceAdmin(OwnedAdmin):
    list_filter = (*OwnedAdmin.list_filter, "stance", "principle", "challenge", "trend")
    list_select_related = ("mission", "source", "principle", "challenge", "trend")
    search_fields = (*OwnedAdmin.search_fields, "text")


@admin.register(Succession)
class SuccessionAdmin(OwnedAdmin):
    owner_field = "successor"
    list_display = ("__str__", "kind", "date", "source")
    list_filter = ("kind",)
    list_select_related = ("predecessor", "successor", "source")
    search_fields = ("predecessor__acronym", "successor__acronym")

"""Facts in lists of their own."""

from django.contrib import admin

from .. import workflow
from ..choices import FactStage
from ..models import Assessment, Event, Evidence, Figure, MandatedTask
from .entries import EvidenceInline
from .errors import NamesErrors
from .forms import FactForm, UserAware


class FactAdmin(NamesErrors, UserAware, admin.ModelAdmin):
    form = FactForm
    list_display = ("__str__", "mission", "date", "source", "confidence", "stage")
    list_filter = ("stage", "confidence", "mission")
    list_select_related = ("mission", "source")
    date_hierarchy = "date"
    search_fields = ("mission__acronym", "source__title", "source__symbol", "editor_note")
    autocomplete_fields = ("mission", "source")

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.stage == FactStage.DRAFT)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # a wrong fact is withdrawn, so that it can be found again
        return actions

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        workflow.facts_changed(obj.mission)


@admin.register(Figure)
class FigureAdmin(FactAdmin):
    list_display = ("__str__", "scope", "mission", "as_of", "source", "preferred", "confidence", "stage")
    list_filter = (*FactAdmin.list_filter, "measure", "scope")
    date_hierarchy = "as_of"


@admin.register(Event)
class EventAdmin(FactAdmin):
    list_filter = (*FactAdmin.list_filter, "kind")
    search_fields = (*FactAdmin.search_fields, "title", "text", "symbol")


@admin.register(MandatedTask)
class MandatedTaskAdmin(FactAdmin):
    list_filter = (*FactAdmin.list_filter, "strength")
    list_select_related = ("mission", "source", "task")
    autocomplete_fields = ("mission", "source", "task", "last_source")


@admin.register(Assessment)
class AssessmentAdmin(FactAdmin):
    list_filter = (*FactAdmin.list_filter, "verdict")
    search_fields = (*FactAdmin.search_fields, "assessor", "text")


@admin.register(Evidence)
class EvidenceAdmin(FactAdmin):
    list_filter = (*FactAdmin.list_filter, "stance")
    list_select_related = ("mission", "source", "principle", "challenge", "trend")
    search_fields = (*FactAdmin.search_fields, "text")
    autocomplete_fields = EvidenceInline.autocomplete_fields

"""The seven kinds of entries, each with its facts in its form."""

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.forms import Script
from django.http import Http404
from django.urls import path, reverse

from .. import addresses, conflicts, views, workflow
from ..catalogue import for_output
from ..models import (
    Approach,
    ApproachDimension,
    Assessment,
    CaseStudy,
    Challenge,
    Event,
    Evidence,
    Figure,
    MandatedTask,
    Mission,
    Principle,
    Succession,
    Theme,
    Trend,
)
from .errors import NamesErrors
from .forms import CONFLICT, EntryForm, FactForm, UserAware
from .rows import DistinctRows
from .widgets import WritesProse

PUBLICATION = ("stage", "published_at", "withdrawal_kind", "merged_into", "withdrawal_note")


class EntryAdmin(WritesProse, NamesErrors, UserAware, admin.ModelAdmin):
    class Media:
        css = {"all": ("css/admin.css",)}
        js = (Script("js/editing.js", defer=True),)

    form = EntryForm
    list_display = ("title", "stage", "updated_at")
    list_filter = ("stage",)
    search_fields = ("title", "slug", "summary")
    date_hierarchy = "updated_at"
    save_on_top = True
    change_form_template = "admin/entry_change_form.html"

    readonly_fields = ("permanent_id", "updated_at")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and obj.published_at else {"slug": ("title",)}

    def get_fieldsets(self, request, obj=None):
        """Return the fields in the order in which the model declares them, the editorial ones first."""
        names = [n for n in self.get_fields(request, obj) if n not in ("permanent_id", "updated_at")]
        first = [n for n in PUBLICATION if n in names]
        rest = [n for n in names if n not in first]
        record = ("permanent_id", "updated_at")
        return [
            (None, {"fields": rest}),
            ("Publication", {"fields": first}),
            ("Record", {"fields": record, "classes": ["collapse"]}),
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "merged_into":
            kwargs["queryset"] = self.model.objects.published()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_autocomplete_fields(self, request):
        return (*self.autocomplete_fields, "merged_into")

    def get_search_results(self, request, queryset, search_term):
        """Suggest only what is published where another entry is merged into it."""
        if request.GET.get("field_name") == "merged_into":
            queryset = queryset.published()
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not workflow.is_public(obj) or workflow.may_publish(request.user, self.model))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # entries are withdrawn, or deleted one by one while drafts
        return actions

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def get_urls(self):
        name = f"missions_{self.model._meta.model_name}_preview"
        return [
            path("<path:object_id>/preview/", self.admin_site.admin_view(self.preview), name=name),
            *super().get_urls(),
        ]

    def preview(self, request, object_id):
        """Show the entry as its page will look, drafts of its facts included."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404("There is no such entry.")
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        entry = for_output(self.model._default_manager.filter(pk=obj.pk), detail=True, preview=True).get()
        return views.entry_page(request, entry, preview=True)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        preview = reverse(f"admin:missions_{self.model._meta.model_name}_preview", args=[object_id])
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "preview_url": preview})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        formsets = [f.formset for f in context["inline_admin_formsets"]]
        rows = [row for formset in formsets for row in formset.initial_forms]
        context["opened"] = request.POST.get("opened") or conflicts.opened([form, *rows])
        if form.has_error(NON_FIELD_ERRORS, CONFLICT):
            context["conflict"] = {
                "lock": self.model.objects.values_list("lock", flat=True).get(pk=obj.pk),
                "last": conflicts.last_change(obj),
                "differences": conflicts.differences(form, formsets),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        workflow.stamp(obj)
        super().save_model(request, obj, form, change)
        if obj.published_at and change and "slug" in form.changed_data:
            addresses.leave(obj, form.initial["slug"])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        workflow.index_entry(form.instance)
        workflow.renew_preview(form.instance)

    def delete_model(self, request, obj):
        workflow.forget_entry(obj)
        super().delete_model(request, obj)


class FactInline(UserAware, admin.StackedInline):
    form = FactForm
    formset = DistinctRows
    extra = 0
    autocomplete_fields = ("source",)
    classes = ("collapse",)
    show_change_link = True


class FigureInline(FactInline):
    model = Figure


class EventInline(FactInline):
    model = Event


class MandatedTaskInline(FactInline):
    model = MandatedTask
    autocomplete_fields = ("source", "task", "last_source")


class AssessmentInline(FactInline):
    model = Assessment


class EvidenceInline(FactInline):
    model = Evidence
    autocomplete_fields = ("source", "mission", "principle", "challenge", "trend")


class SuccessionInline(admin.StackedInline):  # as a table it is wider than most windows
    model = Succession
    classes = ("collapse",)
    fk_name = "successor"
    extra = 0
    autocomplete_fields = ("predecessor", "source")
    verbose_name = "predecessor"


@admin.register(Mission)
class MissionAdmin(EntryAdmin):
    list_display = ("acronym", "title", "type", "started_on", "ended_on", "stage", "updated_at")
    list_display_links = ("acronym", "title")
    list_filter = ("stage", "type", "organization", "chapter", "status")
    search_fields = ("acronym", "title", "other_names")
    date_hierarchy = "started_on"
    autocomplete_fields = (
        "type_source", "organization", "countries", "dates_source", "mandate_source", "founding_source", "counted_by",
    )  # fmt: skip
    inlines = (FigureInline, EventInline, MandatedTaskInline, AssessmentInline, EvidenceInline, SuccessionInline)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and obj.published_at else {"slug": ("acronym",)}


@admin.register(CaseStudy)
class CaseStudyAdmin(EntryAdmin):
    autocomplete_fields = ("missions",)


class DimensionInline(admin.StackedInline):
    model = ApproachDimension
    extra = 0
    autocomplete_fields = ("source",)
    classes = ("collapse",)


@admin.register(Approach)
class ApproachAdmin(EntryAdmin):
    autocomplete_fields = ("missions",)
    inlines = (DimensionInline,)


@admin.register(Principle, Challenge)
class ApproachedAdmin(EntryAdmin):
    autocomplete_fields = ("approaches",)
    inlines = (EvidenceInline,)


@admin.register(Trend)
class TrendAdmin(EntryAdmin):
    inlines = (EvidenceInline,)


@admin.register(Theme)
class ThemeAdmin(EntryAdmin):
    autocomplete_fields = ("missions",)

"""The editors' side. Who may do what to which entry is asked of `workflow`, never decided here."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import models
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html

from . import addresses, conflicts, replacing, search, views, workflow
from .catalogue import for_output
from .choices import FactStage, Stage
from .conflicts import TakesTheirs
from .models import (
    Approach,
    ApproachDimension,
    Assessment,
    CaseStudy,
    Challenge,
    Country,
    Event,
    Evidence,
    Figure,
    MandatedTask,
    Mission,
    Organization,
    Principle,
    Region,
    Source,
    Succession,
    Term,
    Theme,
    Trend,
)

admin.site.site_header = admin.site.site_title = "Peace Operations Knowledge Base"
admin.site.index_title = "Editing"
PUBLICATION = ("stage", "published_at", "withdrawal_kind", "merged_into", "withdrawal_note")
SHOWN = 100
CONFLICT = "conflict"
HTTPS = {models.URLField: {"assume_scheme": "https"}}


class UserAware:
    """Hands the user to the forms, so that they can refuse what he may not do."""

    def get_form(self, request, *args, **kwargs):
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def get_formset(self, request, *args, **kwargs):
        kwargs["form"] = type(self.form.__name__, (self.form,), {"user": request.user})
        return super().get_formset(request, *args, **kwargs)


class EntryForm(TakesTheirs):
    """Refuses to publish without the right, and to save over a version that the editor has not seen."""

    user = None
    lock_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lock_seen"].initial = self.instance.lock if self.instance.pk else ""
        if "stage" in self.fields and not workflow.may_publish(self.user, self._meta.model):
            self.fields["stage"].choices = [(s.value, s.label) for s in (Stage.DRAFT, Stage.IN_REVIEW)]

    def clean(self):
        data = super().clean()
        seen = self.data.get("lock_over") or data.get("lock_seen")  # the first is that of a conflict he has been shown
        if self.instance.pk and not workflow.lock_holds(self.instance, seen):
            raise forms.ValidationError(
                "Someone saved this entry after you opened it, so nothing was saved now. Your text is still in the "
                "form. Choose above which version of each value is to stand, and save again.",
                code=CONFLICT,
            )
        if data.get("stage") == Stage.PUBLISHED and not data.get("published_at"):
            data["published_at"] = workflow.publication_time(self.instance)
        return data


class FactForm(TakesTheirs):
    """Refuses to publish a fact, or to change a published one, without the right."""

    user = None

    def clean(self):
        data = super().clean()
        touched = self.initial.get("stage") == FactStage.PUBLISHED or data.get("stage") == FactStage.PUBLISHED
        if touched and self.has_changed() and not workflow.may_publish(self.user, Mission):
            self.add_error(
                "stage", "Only publishers can publish a fact or change a published one. Leave it as a draft."
            )
        return data


class EntryAdmin(UserAware, admin.ModelAdmin):
    class Media:
        css = {"all": ("css/admin.css",)}
        js = (forms.Script("js/editing.js", defer=True),)

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
        first = [
            n for n in ("stage", "published_at", "withdrawal_kind", "merged_into", "withdrawal_note") if n in names
        ]
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


class SuccessionInline(admin.TabularInline):
    model = Succession
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


class FactAdmin(UserAware, admin.ModelAdmin):
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


def named(thing):
    """Return a record's kind and name, linked to its form where it has one."""
    kind, model = thing._meta.verbose_name, type(thing)
    if not admin.site.is_registered(model):
        return f"{kind}: {thing}"
    address = reverse(f"admin:missions_{thing._meta.model_name}_change", args=[thing.pk])
    return format_html('{}: <a href="{}">{}</a>', kind, address, thing)


def named_uses(source):
    """Return what cites a source: [(kind, number, links)], of many only the first."""
    return [
        (model._meta.verbose_name_plural, len(objects), [named(o) for o in objects[:SHOWN]])
        for model, objects in replacing.uses(source)
    ]


class ReplaceForm(forms.Form):
    by = forms.SlugField(label="By the source with the address", help_text="As in citations, without “@”.")

    def __init__(self, source, *args):
        super().__init__(*args)
        self.source = source

    def clean_by(self):
        other = Source.objects.filter(slug=self.cleaned_data["by"]).first()
        if other is None:
            raise forms.ValidationError("No source has this address. Add it first or correct it.")
        if other == self.source:
            raise forms.ValidationError("That is the source itself. Name another.")
        return other


class SearchedAdmin(admin.ModelAdmin):
    """Keeps search in line with what has a page but is no entry."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        search.index(self.model, [form.instance.pk])

    def delete_model(self, request, obj):
        search.index(self.model, [obj.pk], gone=True)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        search.index(self.model, [o.pk for o in queryset], gone=True)
        super().delete_queryset(request, queryset)


class NamesMissions(admin.ModelAdmin):
    """Keeps search in line with the names by which missions are found."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        workflow.index_missions(form.instance.missions.all())


@admin.register(Source)
class SourceAdmin(SearchedAdmin):
    list_display = ("__str__", "title", "kind", "published_on")
    list_display_links = ("__str__", "title")
    list_filter = ("kind",)
    date_hierarchy = "published_on"
    search_fields = ("slug", "title", "symbol", "authors")
    readonly_fields = ("permanent_id",)
    formfield_overrides = HTTPS

    def get_deleted_objects(self, objs, request):
        """Name and link what cites the source, rather than the rights that the user lacks on that."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        citing = [link for source in objs for _, _, links in named_uses(source) for link in links]
        return to_delete, counts, set() if protected else lacking, citing or protected

    def get_urls(self):
        view = self.admin_site.admin_view(self.replace)
        return [path("<path:object_id>/replace/", view, name="missions_source_replace"), *super().get_urls()]

    def replace(self, request, object_id):
        """Cite another source wherever this one is cited."""
        source = self.get_object(request, object_id)
        if source is None:
            raise Http404("There is no such source.")
        if not self.has_delete_permission(request, source):
            raise PermissionDenied
        form = ReplaceForm(source, request.POST or None)
        if request.method == "POST" and form.is_valid():
            changed = replacing.replace_source(source, form.cleaned_data["by"])
            names = ", ".join(str(e) for e in changed) or "no entry"
            self.message_user(request, f"{source} is cited nowhere now. Changed: {names}.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:missions_source_change", args=[source.pk]))
        context = self.admin_site.each_context(request)
        context |= {"title": f"Replace {source}", "source": source, "form": form, "uses": named_uses(source)}
        return render(request, "admin/missions/source/replace.html", context)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(Term)
class TermAdmin(SearchedAdmin):
    list_display = ("label_text", "vocabulary", "group")
    list_filter = ("vocabulary", "group")
    search_fields = ("label_text", "slug", "definition")
    autocomplete_fields = ("source",)


@admin.register(Country)
class CountryAdmin(NamesMissions):
    list_display = ("name", "iso3", "m49")
    list_filter = ("regions",)
    search_fields = ("name", "iso3")
    autocomplete_fields = ("regions",)


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ("lineage", "m49")
    search_fields = ("name", "m49")
    autocomplete_fields = ("parent",)


@admin.register(Organization)
class OrganizationAdmin(NamesMissions):
    list_display = ("name", "acronym")
    search_fields = ("name", "acronym")
    formfield_overrides = HTTPS


@admin.register(Succession)
class SuccessionAdmin(admin.ModelAdmin):
    list_display = ("__str__", "kind", "date", "source")
    list_select_related = ("predecessor", "successor", "source")
    date_hierarchy = "date"
    search_fields = ("predecessor__acronym", "successor__acronym")
    autocomplete_fields = ("predecessor", "successor", "source")

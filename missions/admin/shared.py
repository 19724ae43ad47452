"""What entries and facts refer to: sources, terms, places, organizations."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html

from .. import replacing, search, workflow
from ..models import Country, Organization, Region, Source, Term
from .bulk import InBulk
from .days import BearsAnyDay
from .errors import NamesErrors
from .forms import ReplaceForm
from .widgets import Suggests

SHOWN = 100  # of the records that cite a source
HTTPS = {models.URLField: {"assume_scheme": "https"}}


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


class SearchedAdmin(Suggests, NamesErrors, BearsAnyDay, InBulk, admin.ModelAdmin):
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


class NamesMissions(Suggests, NamesErrors, InBulk, admin.ModelAdmin):
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
            changed = replacing.replace_source(source, form.cleaned_data["by"], request.user)
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
class RegionAdmin(Suggests, NamesErrors, admin.ModelAdmin):
    list_display = ("lineage", "m49")
    search_fields = ("name", "m49")
    autocomplete_fields = ("parent",)


@admin.register(Organization)
class OrganizationAdmin(NamesMissions):
    list_display = ("name", "acronym")
    search_fields = ("name", "acronym")
    formfield_overrides = HTTPS

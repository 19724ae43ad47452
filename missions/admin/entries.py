"""The seven kinds of entries, each with its facts in its form.

What is saved of an entry that readers know becomes its draft: the form is shown and saved inside a transaction in which
the draft stands in place of what is published, and which is rolled back; only the state that it led to is kept.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.forms import Script
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from .. import conflicts, drafts, history, snapshot, workflow
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
from .bulk import InBulk
from .days import BearsAnyDay
from .errors import NamesErrors
from .forms import CONFLICT, SAME_SOURCE, EntryForm, FactForm, FactFormSet
from .publication import PublicationViews
from .revisions import RevisionViews
from .rows import FewNewRows
from .widgets import Suggests, WritesProse

MOST_ROWS = 20  # of one group that come unasked: a form of hundreds of rows takes seconds to make


class EntryAdmin(
    WritesProse, Suggests, NamesErrors, BearsAnyDay, InBulk, PublicationViews, RevisionViews, admin.ModelAdmin
):
    class Media:
        css = {"all": ("css/admin.css",)}
        js = (Script("js/editing.js", defer=True),)

    form = EntryForm
    exclude = ("stage", "published_at", "withdrawal_note", "withdrawal_kind", "merged_into")
    list_display = ("title", "stage", "updated_at")
    list_filter = ("stage",)
    search_fields = ("title", "slug", "summary")
    date_hierarchy = "updated_at"
    save_on_top = True
    change_form_template = "admin/entry_change_form.html"
    readonly_fields = ("stage", "permanent_id", "updated_at")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and obj.published_at else {"slug": ("title",)}

    def get_fieldsets(self, request, obj=None):
        """Return the fields in the order in which the model declares them, the record of them last."""
        names = [n for n in self.get_fields(request, obj) if n not in self.readonly_fields]
        return [(None, {"fields": names}), ("Record", {"fields": self.readonly_fields, "classes": ["collapse"]})]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def get_deleted_objects(self, objs, request):
        """Let whoever may delete a draft delete its rows with it."""
        to_delete, counts, _, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def get_inlines(self, request, obj):
        """Return the groups of rows in the form: those asked for, or such as are not too long to come unasked."""
        if obj is None or not obj.pk:
            return self.inlines
        if not hasattr(request, "open_groups"):
            asked = (request.POST if request.method == "POST" else request.GET).getlist("rows")
            request.open_groups = asked or [n for n, number in row_numbers(obj) if number <= MOST_ROWS]
        return [inline for inline in self.inlines if group_name(self.model, inline) in request.open_groups]

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # entries are withdrawn, or deleted one by one while drafts
        return actions

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        key = unquote(object_id)
        entry = self.get_object(request, key)
        if entry is None and request.method == "POST" and (last := history.deleted(self.model, key)):
            return self.change_deleted(request, last, object_id)
        if entry is not None and "_aside" in request.POST:
            return self.set_aside(request, entry, object_id)
        if entry is None or not workflow.is_public(entry):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method != "POST" and not drafts.of(entry).content:
            return super().change_view(request, object_id, form_url, extra_context)
        return self.change_draft(request, entry, object_id, form_url, extra_context)

    def changeform_view(self, request, *args, **kwargs):
        if request.method == "POST":
            request.POST = with_plain_lines(request.POST)
        return super().changeform_view(request, *args, **kwargs)

    @transaction.atomic
    def change_draft(self, request, entry, object_id, form_url, extra_context):
        """Show or save the form of an entry with its draft in place of what is published."""
        drafts.locked(entry)
        request.is_draft, is_behind = True, drafts.of(entry).is_behind
        with drafts.inside(entry) as draft:
            context = {**(extra_context or {}), "trouble": draft.trouble, "is_behind": is_behind}
            response = super().change_view(request, object_id, form_url, context)
            saved = getattr(request, "saved", None)
            state = snapshot.take(saved) if saved else None
            if hasattr(response, "render"):
                response.render()
        if state:
            drafts.keep(entry, state, saved.lock, request.user, request.remarks)
            super().log_change(request, entry, request.change_message)
        return response

    @transaction.atomic
    def set_aside(self, request, entry, object_id):
        """Keep the version of the second of two editors in the history, without touching that of the first."""
        drafts.locked(entry)
        request.is_draft = True
        with drafts.inside(entry):
            response = super().change_view(request, object_id)
            saved = getattr(request, "saved", None)
            state = snapshot.take(saved) if saved else None
            if hasattr(response, "render"):
                response.render()
        if state is None:
            return response
        drafts.set_aside(entry, state, request.user)
        self.message_user(request, "Your version is in the history, from where it can be restored.", messages.SUCCESS)
        return HttpResponseRedirect(self.address_of("history", entry))

    @transaction.atomic
    def change_deleted(self, request, last, object_id):
        """Show what was typed into the form of an entry that was deleted meanwhile; restore it if that is wanted."""
        wanted = "restore" in request.POST
        point = transaction.savepoint()
        history.recover(last, lock=request.POST.get("lock_over") if wanted else None)
        response = super().change_view(request, object_id, "", {"deleted": history.Saved(last, False)})
        if hasattr(response, "render"):
            response.render()
        if wanted and getattr(request, "saved", None):
            transaction.savepoint_commit(point)
        else:
            transaction.savepoint_rollback(point)
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        formsets = [f.formset for f in context["inline_admin_formsets"]]
        rows = [row for formset in formsets for row in formset.initial_forms]
        context["opened"] = request.POST.get("opened") or conflicts.opened([form, *rows])
        context["doubtful"] = [
            (one.add_prefix(name), one.instance, one.fields[name].label)
            for one in (form, *rows) for name in one.errors if name in one.fields and one.has_error(name, SAME_SOURCE)
        ]  # fmt: skip
        if form.has_error(NON_FIELD_ERRORS, CONFLICT):
            context["conflict"] = {
                "lock": self.model.objects.values_list("lock", flat=True).get(pk=obj.pk),
                "last": history.last_saved(obj),
                "differences": conflicts.differences(form, formsets),
            }
        if obj is not None and obj.pk:
            context |= {"draft": drafts.of(obj), "publication_url": self.address_of("publication", obj)}
            context |= {"preview_url": self.address_of("preview", obj), "is_public": workflow.is_public(obj)}
            context["evidence_url"] = self.evidence_address(obj)
        context["is_entry"] = True
        if obj is not None and obj.pk:
            names = [name for name, _ in row_numbers(obj)]
            context["open_groups"] = [n for n in names if n in request.open_groups] or ["none"]
            context["closed_groups"] = closed_groups(obj, request.open_groups)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def evidence_address(self, obj):
        """Return where the evidence on a principle, challenge or trend is listed; it belongs to its missions."""
        name = self.model._meta.model_name
        is_topic = hasattr(self.model, "evidence") and self.model is not Mission
        return f"{reverse('admin:missions_evidence_changelist')}?{name}__id__exact={obj.pk}" if is_topic else ""

    def address_of(self, view, obj):
        return reverse(f"admin:missions_{self.model._meta.model_name}_{view}", args=[obj.pk])

    def save_model(self, request, obj, form, change):
        if change and not getattr(request, "is_draft", False):
            history.record_unrecorded(self.model.objects.get(pk=obj.pk))
        workflow.stamp(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rows = [row for formset in formsets for row in formset.forms]
        request.remarks = [one.remark.strip() for one in (form, *rows) if getattr(one, "remark", "")]
        request.saved = form.instance
        if not getattr(request, "is_draft", False):
            drafts.keep_unpublished(form.instance, request.user, request.remarks)
            workflow.index_entry(form.instance)

    def log_change(self, request, obj, message):
        request.change_message = message  # what is written inside a draft is rolled back, so it is logged afterwards
        return None if getattr(request, "is_draft", False) else super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        return self.saved_answer(request, obj, "Added as a draft. No reader sees it yet.")

    def response_change(self, request, obj):
        is_draft = getattr(request, "is_draft", False)
        text = "Saved as a draft. Readers still get what is published." if is_draft else "Saved. No reader sees it yet."
        return self.saved_answer(request, obj, text)

    def saved_answer(self, request, obj, text):
        if "_aside" in request.POST:
            return HttpResponseRedirect(self.address_of("history", obj))
        self.message_user(request, format_html("{}: {}", str(obj), text), messages.SUCCESS)
        name = self.model._meta.model_name
        if "_continue" in request.POST:
            return HttpResponseRedirect(self.address_of("change", obj))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse(f"admin:missions_{name}_add"))
        if "_save" in request.POST:
            return HttpResponseRedirect(reverse(f"admin:missions_{name}_changelist"))
        return HttpResponseRedirect(self.address_of("publication", obj))

    def delete_model(self, request, obj):
        history.record(obj, user=request.user, reason="Deleted")
        workflow.forget_entry(obj)
        super().delete_model(request, obj)


def group_name(model, inline):
    """Return the name of the relation whose rows an inline holds."""
    fields = (f for f in model.row_fields() if f.model is inline.model)
    return next(f.remote_field.get_accessor_name() for f in fields)


def row_numbers(entry):
    """Return [(relation, number of rows)] of an entry."""
    return [(name, getattr(entry, name).count()) for name in entry.row_relations]


def closed_groups(entry, opened):
    """Return the groups of rows that are not in the form: [(what they are, their number, query that opens them)]."""
    found = []
    for name, number in row_numbers(entry):
        if name not in opened:
            query = urlencode([("rows", n) for n in (*opened, name) if n in entry.row_relations])
            label = getattr(type(entry), name).rel.related_model._meta.verbose_name_plural
            found.append((label, number, query))
    return found


def with_plain_lines(data):
    """Return what was posted with line ends as they are stored: browsers send another kind."""
    plain = data.copy()
    for name, values in plain.lists():
        plain.setlist(name, [v.replace("\r\n", "\n") for v in values])
    return plain


class OwnedInline(Suggests, admin.StackedInline):
    """Rows of an entry: whoever may change the entry may change, add and delete them in its draft."""

    extra = 0
    formset = FewNewRows
    autocomplete_fields = ("source",)
    classes = ("collapse",)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def get_queryset(self, request):
        """Return the rows to edit: all, or the one that the address names."""
        rows, only = super().get_queryset(request), request.GET.get("only", "")[:40]
        return rows.filter(permanent_id=only) if only else rows


class FactInline(OwnedInline):
    form = FactForm
    formset = FactFormSet


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
    autocomplete_fields = ("source", "principle", "challenge", "trend")


class SuccessionInline(OwnedInline):  # as a table it is wider than most windows
    model = Succession
    fk_name = "successor"
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


class DimensionInline(OwnedInline):
    model = ApproachDimension


@admin.register(Approach)
class ApproachAdmin(EntryAdmin):
    autocomplete_fields = ("missions",)
    inlines = (DimensionInline,)


@admin.register(Principle, Challenge)
class ApproachedAdmin(EntryAdmin):
    autocomplete_fields = ("approaches",)


@admin.register(Trend)
class TrendAdmin(EntryAdmin):
    """Evidence belongs to its mission and is edited there; the form leads to it."""


@admin.register(Theme)
class ThemeAdmin(EntryAdmin):
    autocomplete_fields = ("missions",)

"""What is taught: packets, questions with the entries that answer them, paths with their steps.

There is no draft beside what readers see. So whoever may not publish writes what is not ticked yet, and no more.
"""

from django.contrib import admin
from django.db import transaction

from .. import history, workflow
from ..models import POINTS_AT, Answer, DiscussionQuestion, LearningPath, Packet, PathStep
from .errors import NamesErrors
from .rows import FewNewRows
from .widgets import Suggests, WritesProse


class TaughtAdmin(WritesProse, Suggests, NamesErrors, admin.ModelAdmin):
    """Keeps every saved state in the history, and lets only those tick and change what is ticked who may publish."""

    list_filter = ("is_public",)
    readonly_fields = ("permanent_id", "updated_at")

    def may_publish(self, request):
        return workflow.may_publish(request.user, self.model)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *(() if self.may_publish(request) else ("is_public",)))

    def has_change_permission(self, request, obj=None):
        is_closed = obj is not None and obj.is_public and not self.may_publish(request)
        return super().has_change_permission(request, obj) and not is_closed

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        workflow.index_citations(form.instance)
        history.record(form.instance, user=request.user)

    @transaction.atomic
    def delete_model(self, request, obj):
        self.before_deletion(request, [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        self.before_deletion(request, queryset)
        super().delete_queryset(request, queryset)

    def before_deletion(self, request, objects):
        for obj in objects:
            history.record(obj, user=request.user, reason="Before it was deleted")
            workflow.forget_citations(obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_public else None


@admin.register(Packet)
class PacketAdmin(TaughtAdmin):
    list_display = ("title", "slug", "minutes", "is_public", "updated_at")
    search_fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("missions", "principles", "challenges", "trends", "themes")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


class PointerInline(Suggests, admin.StackedInline):
    formset = FewNewRows
    autocomplete_fields = tuple(POINTS_AT)
    extra = 0


class AnswerInline(PointerInline):
    model = Answer
    fields = ("number", *POINTS_AT, "hint")


class StepInline(PointerInline):
    model = PathStep
    fields = ("number", *POINTS_AT, "text")


@admin.register(DiscussionQuestion)
class DiscussionQuestionAdmin(TaughtAdmin):
    list_display = ("text", "topic", "number", "is_public", "updated_at")
    list_filter = ("is_public", "principle", "challenge", "trend")
    list_select_related = ("principle", "challenge", "trend")
    search_fields = ("text",)
    autocomplete_fields = ("principle", "challenge", "trend")
    inlines = (AnswerInline,)
    view_on_site = False


@admin.register(LearningPath)
class LearningPathAdmin(TaughtAdmin):
    list_display = ("title", "audience", "minutes", "is_public", "updated_at")
    search_fields = ("title", "slug", "summary")
    inlines = (StepInline,)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("title",)}

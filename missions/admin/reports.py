"""Reports by readers: read, answered and closed, never written or deleted by hand."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from .. import reports
from ..models import Report
from .days import BearsAnyDay


class Kept(BearsAnyDay, admin.ModelAdmin):
    """What is written by what happens, never by hand."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Report)
class ReportAdmin(Kept):
    list_display = ("about", "shortened_text", "created_at", "state", "handled_by")
    list_filter = ("state", "kind")
    search_fields = ("about", "text", "answer", "permanent_id")
    date_hierarchy = "created_at"
    fields = ("subject", "text", "where", "email", "created_at", "state", "answer", "handled_by", "handled_at")
    readonly_fields = ("subject", "text", "where", "email", "created_at", "handled_by", "handled_at")

    @admin.display(description="About")
    def subject(self, report):
        """What it is about, linked to the form in which it is mended."""
        thing = reports.thing_of(report)
        if thing is None:
            return f"{report.about} (deleted since)"
        form = reverse(f"admin:missions_{report.kind}_change", args=[thing.pk])
        return format_html('<a href="{}">{}</a>', form, report.about)

    @admin.display(description="What is wrong")
    def shortened_text(self, report):
        return Truncator(report.text).chars(120)

    def save_model(self, request, obj, form, change):
        if form.changed_data:
            reports.settle(obj, request.user)
        super().save_model(request, obj, form, change)

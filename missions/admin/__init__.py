"""The editors' side. Who may do what to which entry is asked of `workflow`, never decided here."""

from django.contrib import admin

from . import entries, facts, reports, shared, upkeep, users

__all__ = ["entries", "facts", "reports", "shared", "upkeep", "users"]

admin.site.site_header = admin.site.site_title = "Peace Operations Knowledge Base"
admin.site.index_title = "Editing"

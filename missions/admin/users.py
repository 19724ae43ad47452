"""Members of the team: whoever is deactivated is out at once, and for good."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from .. import workflow
from .errors import NamesErrors

admin.site.unregister(User)


@admin.register(User)
class MemberAdmin(NamesErrors, UserAdmin):
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            workflow.end_sessions(obj)

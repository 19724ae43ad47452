"""Members of the team: whoever is deactivated is out at once, and for good."""

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from .. import workflow
from ..login import devices
from .errors import NamesErrors

for model in (User, StaticDevice, TOTPDevice):  # forms on devices would show secrets
    admin.site.unregister(model)


class NewPasswordForm(AdminPasswordChangeForm):
    """Ends what was begun with the old password."""

    def save(self, commit=True):
        user = super().save(commit)
        workflow.end_sessions(user)
        return user


@admin.register(User)
class MemberAdmin(NamesErrors, UserAdmin):
    list_display = (*UserAdmin.list_display, "is_active", "two_factor")
    change_password_form = NewPasswordForm

    def get_queryset(self, request):
        return devices.with_app(super().get_queryset(request))

    @admin.display(description="two-factor login", boolean=True)
    def two_factor(self, user):
        return user.has_app

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not (obj.is_active and obj.is_staff):
            workflow.end_sessions(obj)

    def get_urls(self):
        view = self.admin_site.admin_view(self.second_factor)
        return [path("<path:object_id>/second-factor/", view, name="auth_user_second_factor"), *super().get_urls()]

    def second_factor(self, request, object_id):
        """Remove the second factor of a member who lost his phone, which ends his sessions too."""
        if not request.user.is_superuser:
            raise PermissionDenied
        member = self.get_object(request, object_id)
        if member is None:
            raise Http404("There is no such user.")
        if member == request.user:
            return HttpResponseRedirect(reverse("admin:second_factor"))
        if request.method == "POST":
            devices.remove(member)
            self.log_change(request, member, "Removed the second factor.")
            text = f"{member} is logged out. After the next password, a new authenticator app is set up."
            self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[member.pk]))
        context = self.admin_site.each_context(request) | {"title": f"Two-factor login of {member}", "member": member}
        context |= {"app": devices.app_of(member), "codes_left": devices.codes_left(member)}
        return TemplateResponse(request, "admin/auth/user/second_factor.html", context)


@admin.register(AccessAttempt)
class FailedLoginAdmin(admin.ModelAdmin):
    """Who fails to log in. To let someone try again before the hour is over, his rows are deleted."""

    fields = readonly_fields = list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

"""Members of the team: whoever is deactivated is out at once, and for good."""

from axes.models import AccessAttempt
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm, UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..login import devices, passwords, sessions
from .errors import NamesErrors

ADDING = "What the member may do is set on the next page. There you also make the link by which a password is chosen."

for model in (User, StaticDevice, TOTPDevice):  # forms on devices would show secrets
    admin.site.unregister(model)


class NewMemberForm(forms.ModelForm):
    """Makes an account without a password: only its member ever knows that."""

    clean_username = UserCreationForm.clean_username  # no two that differ in capitals alone

    class Meta:
        model = User
        fields = ("username",)
        field_classes = {"username": UsernameField}

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


class MemberForm(UserChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if password := self.fields.get("password"):
            password.help_text = "Members choose their own, by a link that you make and hand over."


@admin.register(User)
class MemberAdmin(NamesErrors, UserAdmin):
    list_display = (*UserAdmin.list_display, "is_active", "two_factor")
    form, add_form, add_form_template = MemberForm, NewMemberForm, None
    add_fieldsets = ((None, {"fields": ("username",), "description": ADDING}),)

    def get_queryset(self, request):
        return devices.with_app(super().get_queryset(request))

    @admin.display(description="two-factor login", boolean=True)
    def two_factor(self, user):
        return user.has_app

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not (obj.is_active and obj.is_staff):
            sessions.end(obj)

    def get_urls(self):
        view = self.admin_site.admin_view(self.second_factor)
        return [path("<path:object_id>/second-factor/", view, name="auth_user_second_factor"), *super().get_urls()]

    def user_change_password(self, request, id, form_url=""):
        """Make the link by which a member chooses a password, and show it this once."""
        member = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if member is None:
            raise Http404("There is no such user.")
        if member == request.user:
            return HttpResponseRedirect(reverse("admin:password_change"))
        context = self.admin_site.each_context(request) | {"title": f"Password of {member}", "member": member}
        if request.method == "POST":
            context["link"] = request.build_absolute_uri(passwords.link_to_choose(member))
            self.log_change(request, member, "Made a link to choose a password.")
        return TemplateResponse(request, "admin/auth/user/password_link.html", context)

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

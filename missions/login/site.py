"""The admin's site: its doors."""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView, redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as bind_device

from ..citations import SITE_NAME
from . import devices, sessions
from .forms import CodeForm, FirstCodeForm, PasswordForm

SETTING_UP = "setting_up"  # in a session, the key of the app that is being set up; no other session can finish it


def start_session(request):
    """Give a login its eight hours, which nothing prolongs, with no more proved than the password."""
    for key in (DEVICE_ID_SESSION_KEY, SETTING_UP):
        request.session.pop(key, None)
    request.session.cycle_key()
    sessions.describe(request)
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def prove(request, device):
    """Record in the session that the user has proved himself with this device."""
    bind_device(request, device)
    request.session.cycle_key()


def after_password(page):
    """Guard a page that asks for the password only, because it is about the second factor."""

    @wraps(page)
    def guarded(self, request):
        if not self.knows_password(request):
            return redirect_to_login(self.destination(request), reverse("admin:login"))
        return page(self, request)

    return method_decorator(never_cache)(guarded)


class ChoosePassword(PasswordResetConfirmView):
    """Lets whoever has the link that an administrator made choose a password; the second step of the login stays."""

    site = None
    template_name = "admin/login/choose_password.html"
    success_url = reverse_lazy("admin:login")

    def get_user(self, uidb64):
        """Return the member of the team whom a link is for, or None."""
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form):
        messages.success(self.request, "Your password is set. Log in with it.")
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        title = "Choose your password" if self.validlink else "This link is no longer good"
        return self.site.each_context(self.request) | super().get_context_data(**kwargs) | {"title": title}


class EditorsSite(AdminSite):
    site_header = site_title = SITE_NAME
    index_title = "Editing"
    login_form = PasswordForm
    login_template = "admin/login/password.html"

    def get_urls(self):
        return [
            path("login/code/", self.second_step, name="login_code"),
            path("login/app/", self.set_up, name="login_app"),
            path("logout/", self.logout, name="logout"),  # open to whoever is between the two steps
            path("password/<uidb64>/<token>/", ChoosePassword.as_view(site=self), name="choose_password"),
            path("second-factor/", self.admin_view(self.second_factor), name="second_factor"),
            path("sessions/", self.admin_view(self.sessions), name="sessions"),
            *super().get_urls(),
        ]

    def knows_password(self, request):
        """Tell whether an active member of the team gave his password in this session."""
        return super().has_permission(request)

    def has_permission(self, request):
        """Tell whether he has also proved his second factor, unless that is switched off."""
        return self.knows_password(request) and (not settings.TWO_FACTOR or request.user.is_verified())

    def each_context(self, request):
        return super().each_context(request) | {"two_factor": settings.TWO_FACTOR}

    def page(self, request, template, **context):
        return TemplateResponse(request, f"admin/login/{template}.html", self.each_context(request) | context)

    def destination(self, request):
        """Return where the login is to lead: an address of this site, by default the admin's front page."""
        wanted = request.GET.get("next", "")
        own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        return wanted if own else reverse("admin:index")

    def to_second_step(self, user, destination):
        step = "admin:login_code" if devices.app_of(user) else "admin:login_app"
        return redirect(f"{reverse(step)}?{urlencode({'next': destination})}")

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """Ask for the password and lead on to the second step."""
        if request.method == "GET" and self.knows_password(request) and not self.has_permission(request):
            return self.to_second_step(request.user, self.destination(request))
        answer = super().login(request, extra_context)
        if request.method != "POST" or answer.status_code != 302:
            return answer
        start_session(request)
        return self.to_second_step(request.user, answer.url) if settings.TWO_FACTOR else answer

    @after_password
    def second_step(self, request):
        """Ask for the second factor."""
        if request.user.is_verified():
            return redirect(self.destination(request))
        if not devices.app_of(request.user):
            return self.to_second_step(request.user, self.destination(request))
        form = CodeForm(request.user, request.POST or None)
        if not form.is_valid():
            return self.page(request, "code", title="Second step", form=form)
        prove(request, form.device)
        if form.cleaned_data["recovery"]:
            left = devices.codes_left(request.user)
            messages.warning(request, f"Recovery codes left: {left}. If your phone is lost, replace the app now.")
        return redirect(self.destination(request))

    @after_password
    def set_up(self, request):
        """Set up an authenticator app: a user's first, or the one for which he gave a code on his page."""
        user, pk = request.user, request.session.get(SETTING_UP)
        app = devices.unfinished_app(user, pk)
        if devices.app_of(user) and not (app and user.is_verified()):
            return redirect("admin:second_factor")
        if app is None:
            app = devices.new_app(user)
            request.session[SETTING_UP] = app.pk
        form = FirstCodeForm(app, request.POST or None)
        if not form.is_valid():
            context = {"form": form, "app": app, "secret": devices.secret(app), "qr_code": devices.qr_code(app)}
            return self.page(request, "app", title="Set up two-factor login", **context)
        del request.session[SETTING_UP]
        codes = devices.set_up(app)
        if not codes:
            return redirect("admin:second_factor")
        prove(request, app)
        sessions.end(user, but=request.session.session_key)
        return self.show_codes(request, codes)

    def show_codes(self, request, codes):
        """Show recovery codes, the only time they can be."""
        context = {"codes": codes, "now": timezone.now(), "destination": self.destination(request)}
        return self.page(request, "recovery_codes", title="Your recovery codes", **context)

    def second_factor(self, request):
        """A member's own page: new recovery codes, or another app, for a code."""
        app = devices.app_of(request.user)
        if app is None:
            return redirect("admin:login_app")
        form = CodeForm(request.user, request.POST or None)
        if not form.is_valid():
            context = {"form": form, "app": app, "codes_left": devices.codes_left(request.user)}
            return self.page(request, "second_factor", title="Two-factor login", **context)
        prove(request, form.device)
        if "replace" in request.POST:
            request.session[SETTING_UP] = devices.new_app(request.user).pk
            return redirect("admin:login_app")
        return self.show_codes(request, devices.renew_codes(request.user))

    def sessions(self, request):
        """A member's own page: where he is logged in, and for a code the end of it elsewhere."""
        this, form = request.session.session_key, CodeForm(request.user, request.POST or None)
        names = None if "others" in request.POST else request.POST.getlist("end")
        if request.method == "POST" and names == []:
            messages.warning(request, "Tick what is to end.")
            return redirect("admin:sessions")
        if request.method == "POST" and (not settings.TWO_FACTOR or form.is_valid()):
            messages.success(request, f"Logins that were ended: {sessions.end(request.user, this, names)}.")
            return redirect("admin:sessions")
        context = {"form": form, "logins": sessions.listed(request.user, this), "ticked": names}
        return self.page(request, "sessions", title="Where you are logged in", **context)

    def logout(self, request, extra_context=None):
        """End the session, and have the browser forget what it kept of it: typed text, pages, cookies."""
        answer = super().logout(request, extra_context)
        if not request.user.is_authenticated:
            answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return answer

    def password_change(self, request, extra_context=None):
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            sessions.end(request.user, but=request.session.session_key)
        return answer

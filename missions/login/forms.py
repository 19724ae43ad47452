"""The forms on which a member proves himself."""

import logging
from math import ceil

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django_otp import verify_token

from . import devices
from .lockout import in_words

log = logging.getLogger(__name__)
WRONG = "This code is not right, or it was used before. Wait until the app shows the next one."
WRONG_RECOVERY = "This is none of your recovery codes, or it was used before."


class PasswordForm(AdminAuthenticationForm):
    def clean_username(self):
        """Refuse a name that no one can have; the count of failures could not store it."""
        name = self.cleaned_data["username"]
        if len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return name


class DigitsField(forms.CharField):
    """Six digits, which apps show in two groups."""

    default_validators = [RegexValidator(r"^[0-9]{6}\Z", "Type the six digits that the app shows.")]
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "size": 10}
    )

    def to_python(self, value):
        return "".join(super().to_python(value).split())


def use_up(device, code, wrong):
    """Return the device that this code proves; raise a ValidationError that says what is wrong with it.

    A wrong code is worth a line in the log: whoever typed it knows the password.
    """
    allowed, reason = device.verify_is_allowed() if device else (True, None)
    if not allowed:
        wait = ceil((reason["locked_until"] - timezone.now()).total_seconds())
        raise ValidationError(f"Too many wrong codes. Wait {in_words(wait)} and try again.")
    if device is None or not verify_token(device.user, device.persistent_id, code):
        log.warning("Wrong second factor on %s", device.persistent_id if device else "no device")
        raise ValidationError(wrong)
    return device


class FirstCodeForm(forms.Form):
    """Proves that an app was set up."""

    code = DigitsField(label="The six digits that the app shows")

    def __init__(self, app, data=None):
        super().__init__(data)
        self.app = app

    def clean_code(self):
        return use_up(self.app, self.cleaned_data["code"], WRONG)


class CodeForm(forms.Form):
    """Takes six digits from the app or, where that is not at hand, a recovery code; leaves the device in `device`."""

    code = DigitsField(label="The six digits that your authenticator app shows", required=False)
    recovery = forms.CharField(
        label="Recovery code",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, user, data=None):
        super().__init__(data)
        self.user, self.device = user, None

    def clean(self):
        typed = super().clean()
        if typed.get("recovery"):
            self.errors.pop("code", None)  # digits from a former attempt do not matter then
            self.take("recovery", devices.codes_of(self.user), devices.digest(typed["recovery"]), WRONG_RECOVERY)
        elif typed.get("code"):
            self.take("code", devices.app_of(self.user), typed["code"], WRONG)
        elif not self.errors:
            self.add_error("code", "Type the six digits, or a recovery code.")

    def take(self, name, device, code, wrong):
        try:
            self.device = use_up(device, code, wrong)
        except ValidationError as error:
            self.add_error(name, error)
            for each, field in self.fields.items():
                field.widget.attrs["autofocus"] = each == name

"""Two people saved one entry: what each changed, row by row, and which of the two is to stand.

A form carries a digest of every value with which it was opened. So a conflict can tell what only the other changed,
what only this editor changed, and what both did.
"""

import datetime
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.contrib.admin.models import LogEntry

from .models.lookups import is_key

LENGTH = 10  # characters of a digest; enough to tell values of one field apart


def plain(field, value):
    """Return a form value, initial or posted, as one text that is equal for equal values."""
    if isinstance(value, (list, tuple)) and isinstance(field, forms.MultiValueField):
        value = field.compress([f.to_python(v) for f, v in zip(field.fields, value, strict=False)])
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ",".join(sorted(str(getattr(v, "pk", v)) for v in value or ()))
    if isinstance(value, datetime.datetime):
        value = value.replace(microsecond=0).astimezone(datetime.UTC)
    if isinstance(value, str) and not hasattr(field, "queryset"):
        with suppress(forms.ValidationError):  # what cannot be read is compared as it was typed
            value = field.to_python(value)
    if value is None or value is False:  # an empty box to tick is no value
        return ""
    return str(getattr(value, "pk", value)).replace("\r\n", "\n").strip()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def opened(forms_):
    """Return the digests of all values with which forms are opened, as JSON: {name in the page: digest}."""
    values = {
        form.add_prefix(name): digest(plain(field, form.get_initial_for_field(field, name)))
        for form in forms_
        for name, field in form.fields.items()
        if not isinstance(field.widget, forms.HiddenInput)
    }
    return json.dumps(values, separators=(",", ":"))


def shown(field, value):
    """Return a value as an editor reads it: relations and choices by name."""
    if hasattr(field, "queryset"):
        keys = value if isinstance(value, (list, tuple)) else [value]
        keys = [getattr(k, "pk", k) for k in keys if k not in (None, "")]
        found = {str(o.pk): str(o) for o in field.queryset.filter(pk__in=filter(is_key, keys))}
        return ", ".join(found.get(str(k), str(k)) for k in keys)
    return str(dict(getattr(field, "choices", None) or {}).get(value, plain(field, value)))


@dataclass(frozen=True)
class Difference:
    """One value on which the saved entry and the form differ; `who` changed it: theirs, mine or both."""

    name: str
    label: str
    theirs: str
    mine: str
    who: str


def difference(form, name, seen, where):
    field, full = form.fields[name], form.add_prefix(name)
    saved = form.get_initial_for_field(field, name)
    posted = field.widget.value_from_datadict(form.data, form.files, full)
    now, mine = plain(field, saved), plain(field, posted)
    if now == mine or isinstance(field.widget, forms.HiddenInput):
        return None
    before = seen.get(full)
    who = "theirs" if before == digest(mine) else "mine" if before == digest(now) else "both"
    label = f"{where}{field.label or name}"
    return Difference(full, label, shown(field, saved), shown(field, posted), who)


def rows_of(formset):
    """Return the forms of the saved rows of a formset with what to call them."""
    kind = formset.model._meta.verbose_name
    return [(f, f"{kind} “{f.instance}”: ".capitalize()) for f in formset.initial_forms if f.instance.pk]


def differences(form, formsets):
    """Return every value on which the bound forms differ from what is saved now."""
    try:
        seen = json.loads(form.data.get("opened") or "{}")
    except ValueError:
        seen = {}
    seen = seen if isinstance(seen, dict) else {}
    pairs = [(form, ""), *(pair for formset in formsets for pair in rows_of(formset))]
    found = [difference(one, name, seen, where) for one, where in pairs for name in one.fields]
    return [d for d in found if d]


def last_change(entry):
    """Return who saved an entry last and when, as the admin logged it, or None."""
    return LogEntry.objects.filter(
        content_type__app_label=entry._meta.app_label, content_type__model=entry._meta.model_name, object_id=entry.pk
    ).select_related("user").order_by("-action_time", "-pk").first()  # fmt: skip


class TakesTheirs(forms.ModelForm):
    """Keeps what is saved for every value for which an editor chose the other's version."""

    def clean(self):
        data = super().clean()
        for name in self.fields:
            if self.add_prefix(name) in self.data.getlist("theirs"):
                self._errors.pop(name, None)
                saved = getattr(self.instance, name)
                data[name] = list(saved.all()) if hasattr(saved, "all") else saved
        return data

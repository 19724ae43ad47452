"""The fields of the forms in which editors write prose."""

from django.forms import Script, Textarea
from django.urls import reverse


class ProseArea(Textarea):
    """A text area for Markdown. Its scripts add a toolbar, citations and a preview; without them it is a text area."""

    class Media:
        js = (Script("js/markdown.js", defer=True), Script("js/cite.js", defer=True))

    def build_attrs(self, base_attrs, extra_attrs=None):
        addresses = {"data-prose": reverse("admin-prose"), "data-cite": reverse("admin-cite")}
        return super().build_attrs(base_attrs, extra_attrs) | addresses


class WritesProse:
    """Gives the fields for prose of an entry the text area for it."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.model.prose_fields:
            kwargs["widget"] = ProseArea
        return super().formfield_for_dbfield(db_field, request, **kwargs)

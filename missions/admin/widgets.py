"""The fields of the forms of editors: for prose, and those that suggest what a record can refer to."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.forms import Script, Textarea
from django.urls import reverse

from ..models.lookups import is_key


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


class OfKeys:
    """Shows a refused form again without what can be no key; Django would look for it in the database, and break."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [v for v in value if is_key(v)], attr)


class OneSuggested(OfKeys, AutocompleteSelect):
    pass


class ManySuggested(OfKeys, AutocompleteSelectMultiple):
    pass


class Suggests:
    """Gives the `autocomplete_fields` of an admin, or of rows, fields that bear whatever is sent."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs = self.suggested(OneSuggested, db_field, request) | kwargs
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs = self.suggested(ManySuggested, db_field, request) | kwargs
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def suggested(self, widget, db_field, request):
        is_suggested = db_field.name in self.get_autocomplete_fields(request)
        return {"widget": widget(db_field, self.admin_site)} if is_suggested else {}

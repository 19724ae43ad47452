"""What the fields with suggestions offer."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from ..models import Source


class Suggestions(AutocompleteJsonView):
    """Tells sources of one author and year apart by their titles."""

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        return result | {"text": f"{obj}: {obj.title}"} if isinstance(obj, Source) else result


def suggest(request):
    return Suggestions.as_view(admin_site=admin.site)(request)

"""Lists of the admin that can be narrowed to a year, month or day."""

from django.contrib.admin.options import IncorrectLookupParameters


class BearsAnyDay:
    """Refuses a day that no calendar has, as any other wrong query. Django does so for most, and breaks on the rest."""

    def get_changelist_instance(self, request):
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

"""What the rows of one form must agree on among themselves: the database has not seen them yet and cannot say."""

from collections import defaultdict

from django.db.models import UniqueConstraint
from django.forms import BaseInlineFormSet

MOST_NEW = 20  # rows of one group in one form, some 20 ms each; an import takes thousands


def applies(constraint, instance):
    """Tell whether the condition of a constraint holds for a row that may not be saved yet."""
    names = constraint.condition.referenced_base_fields
    return constraint.condition.check({name: getattr(instance, name) for name in names})


class FewNewRows(BaseInlineFormSet):
    """Takes few new rows at once: all are drawn again if the form is refused, and thousands would take minutes."""

    default_error_messages = BaseInlineFormSet.default_error_messages | {
        "too_many_forms": "At most %(num)d rows are taken here at once. Save some of them first."
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.max_num = self.absolute_max = len(self.get_queryset()) + MOST_NEW


class DistinctRows(FewNewRows):
    """Refuses a second row where only one may be. Django itself looks at constraints without a condition only."""

    def clean(self):
        super().clean()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.condition:
                self.refuse_second(constraint)

    def refuse_second(self, constraint):
        alike = defaultdict(list)
        for form in self.forms:
            if form.is_valid() and form.cleaned_data and form not in self.deleted_forms:
                values = [getattr(form.instance, name) for name in constraint.fields if name != self.fk.name]
                if None not in values:
                    alike[tuple(map(str, values))].append(form)
        for forms in (forms for forms in alike.values() if len(forms) > 1):
            for form in [form for form in forms if applies(constraint, form.instance)][1:]:
                form.add_error(None, constraint.violation_error_message)

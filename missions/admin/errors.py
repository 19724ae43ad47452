"""What is wrong with a form: for each error where it is, what it says, and the place in the page where it is mended."""

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst


@dataclass(frozen=True)
class Problem:
    """One error. `anchor` is the id of the field, row or group in the page."""

    where: str
    text: str
    anchor: str


def anchor(field):
    """Return the id of the control of a bound field; of several controls that of the first."""
    return field.id_for_label or f"{field.auto_id}_0"


def in_form(form, row="", row_anchor=""):
    """Return the problems of one form in the order of its fields; with `row`, also what concerns the row as a whole."""
    found = [Problem(row, text, row_anchor) for text in form.non_field_errors()] if row else []
    for name in form.fields:
        field, place = form[name], ", ".join(filter(None, [row, capfirst(str(form[name].label))]))
        found += [Problem(place, text, anchor(field)) for text in field.errors]
    return found


def in_rows(formset):
    """Return the problems of a group of rows, then of its rows, counted as in the page."""
    options = formset.model._meta
    group = capfirst(str(options.verbose_name_plural))
    found = [Problem(group, text, f"{formset.prefix}-heading") for text in formset.non_form_errors()]
    for number, form in enumerate(formset.forms, 1):
        found += in_form(form, f"{capfirst(str(options.verbose_name))}, row {number}", form.prefix)
    return found


def problems(form, formsets):
    """Return all that is wrong with a form and its rows, but for the errors of the whole form, which are nowhere."""
    return [*in_form(form), *(problem for formset in formsets for problem in in_rows(formset))]


class NamesErrors:
    """Gives the page of a form its errors with where they are, in place of Django's line that there are some."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # Without a record Django would show the page of one where `_saveasnew` is sent, with links to nothing.
        add, change = (add, change) if obj else (True, False)
        if context.get("errors"):
            form, formsets = context["adminform"].form, [f.formset for f in context["inline_admin_formsets"]]
            whole = form.errors.get(NON_FIELD_ERRORS, ())
            context |= {"problems": problems(form, formsets), "whole_problems": whole, "errors": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

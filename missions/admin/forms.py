"""What the forms of entries and facts refuse."""

from django import forms

from .. import workflow
from ..choices import FactStage, Stage
from ..conflicts import TakesTheirs
from ..models import Mission, Source

CONFLICT = "conflict"


class UserAware:
    """Hands the user to the forms, so that they can refuse what he may not do."""

    def get_form(self, request, *args, **kwargs):
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def get_formset(self, request, *args, **kwargs):
        kwargs["form"] = type(self.form.__name__, (self.form,), {"user": request.user})
        return super().get_formset(request, *args, **kwargs)


class EntryForm(TakesTheirs):
    """Refuses to publish without the right, and to save over a version that the editor has not seen."""

    user = None
    lock_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lock_seen"].initial = self.instance.lock if self.instance.pk else ""
        if "stage" in self.fields and not workflow.may_publish(self.user, self._meta.model):
            self.fields["stage"].choices = [(s.value, s.label) for s in (Stage.DRAFT, Stage.IN_REVIEW)]

    def clean(self):
        data = super().clean()
        seen = self.data.get("lock_over") or data.get("lock_seen")  # the first is that of a conflict he has been shown
        if self.instance.pk and not workflow.lock_holds(self.instance, seen):
            raise forms.ValidationError(
                "Someone saved this entry after you opened it, so nothing was saved now. Your text is still in the "
                "form. Choose above which version of each value is to stand, and save again.",
                code=CONFLICT,
            )
        if data.get("stage") == Stage.PUBLISHED and not data.get("published_at"):
            data["published_at"] = workflow.publication_time(self.instance)
        return data


class FactForm(TakesTheirs):
    """Refuses to publish a fact, or to change a published one, without the right."""

    user = None

    def clean(self):
        data = super().clean()
        touched = self.initial.get("stage") == FactStage.PUBLISHED or data.get("stage") == FactStage.PUBLISHED
        if touched and self.has_changed() and not workflow.may_publish(self.user, Mission):
            self.add_error(
                "stage", "Only publishers can publish a fact or change a published one. Leave it as a draft."
            )
        return data


class ReplaceForm(forms.Form):
    by = forms.SlugField(label="By the source with the address", help_text="As in citations, without “@”.")

    def __init__(self, source, *args):
        super().__init__(*args)
        self.source = source

    def clean_by(self):
        other = Source.objects.filter(slug=self.cleaned_data["by"]).first()
        if other is None:
            raise forms.ValidationError("No source has this address. Add it first or correct it.")
        if other == self.source:
            raise forms.ValidationError("That is the source itself. Name another.")
        return other

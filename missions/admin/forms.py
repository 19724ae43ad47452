"""What the forms of entries and facts refuse, and those of the steps towards publication."""

from django import forms
from django.utils import timezone

from .. import workflow
from ..choices import FactStage
from ..conflicts import TakesTheirs, shown
from ..models import Draft, Source
from .rows import DistinctRows

CONFLICT, SAME_SOURCE = "conflict", "same-source"
LONGEST_LINK = 60  # days


class AsksForSource(TakesTheirs):
    """Asks back when a value changed and the source that states it did not; the answer is kept in the history."""

    remark = ""

    def clean(self):
        data = super().clean()
        changed = set(self.changed_data)
        was_public = self.initial.get("stage", FactStage.PUBLISHED) == FactStage.PUBLISHED
        for source, values in self.instance.stated_by.items():
            doubtful = [name for name in values if name in changed and data.get(name) not in (None, "")]
            is_known = self.instance.pk is not None and self.instance.pk > 0  # not a row that only a draft has
            if is_known and was_public and doubtful and not changed & {source, "locator"}:
                self.ask(data, source, doubtful)
        return data

    def ask(self, data, source, names):
        for name in names:
            field, full = self.fields[name], self.add_prefix(name)
            before, now = shown(field, self.initial.get(name)), shown(field, data.get(name))
            if full in self.data.getlist("same_source"):
                self.remark += f"{self.instance}, {field.label}: {before} to {now}, confirmed from {data.get(source)}. "
            else:
                text = f"Changed from {before or 'empty'} to {now or 'empty'}, but the source is the same. "
                text += "Name the source of the new value, or confirm at the top that this one states it."
                self.add_error(name, forms.ValidationError(text, code=SAME_SOURCE))


class EntryForm(AsksForSource):
    """Refuses to save over a version that the editor has not seen."""

    lock_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lock_seen"].initial = self.instance.lock if self.instance.pk else ""

    def clean(self):
        data = super().clean()
        seen = self.data.get("lock_over") or data.get("lock_seen")  # the first is that of a conflict he has been shown
        if self.instance.pk and not workflow.lock_holds(self.instance, seen):
            raise forms.ValidationError(
                "Someone saved this entry after you opened it, so nothing was saved now. Your text is still in the "
                "form. Choose above which version of each value is to stand, and save again.",
                code=CONFLICT,
            )
        return data


class FactForm(AsksForSource):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:  # what is typed is meant to be read once the entry is published with it
            self.initial.setdefault("stage", FactStage.PUBLISHED)


class FactFormSet(DistinctRows):
    """Refuses to delete what readers may have seen."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            fact = form.instance
            if fact.pk and fact.pk > 0 and form.initial.get("stage") != FactStage.DRAFT:
                raise forms.ValidationError(
                    f"“{fact}” was public and is not deleted. Untick “delete”, make it withdrawn and say why."
                )

    def save(self, commit=True):
        """Save the rows, first those that give up being preferred: in no order may two be so at once."""
        given_up = [
            f.instance.pk for f in self.initial_forms if "preferred" in f.changed_data and not f.instance.preferred
        ]
        if given_up:
            self.model._default_manager.filter(pk__in=given_up).update(preferred=False)
        return super().save(commit)


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


class ToldForm(forms.ModelForm):
    """What readers are told of a change."""

    class Meta:
        model = Draft
        fields = ("change_note", "is_minor", "is_correction")
        widgets = {"change_note": forms.Textarea(attrs={"rows": 3})}


class PublishForm(ToldForm):
    reason = forms.CharField(
        label="Why without a review",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stays listed until someone else has reviewed it.",
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Note to the writer", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScheduleForm(forms.Form):
    publish_at = forms.DateTimeField(
        label="Publish at (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def clean_publish_at(self):
        when = self.cleaned_data["publish_at"]
        if when <= timezone.now():
            raise forms.ValidationError("This time is past: choose a later one.")
        return when


class WithdrawForm(forms.ModelForm):
    """Why an entry is withdrawn, and what its address answers then."""

    class Meta:
        fields = ("withdrawal_kind", "merged_into", "withdrawal_note")
        widgets = {"withdrawal_note": forms.Textarea(attrs={"rows": 3})}

    def _post_clean(self):
        """Leave the judgement to the step itself, which says all in one place."""


class LinkForm(forms.Form):
    days = forms.IntegerField(label="Days until it expires", min_value=1, max_value=LONGEST_LINK, initial=14)

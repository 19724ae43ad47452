"""The page on which an entry goes from draft to readers: what differs, what forbids it, which steps may be taken."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import modelform_factory
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from .. import differences, drafts, snapshot, workflow
from ..choices import DraftState, Stage
from ..models import Change, PreviewLink
from ..models.editing import new_token, token_digest
from ..views import entries
from .forms import LinkForm, NoteForm, PublishForm, ScheduleForm, ToldForm, WithdrawForm


class PublicationViews:
    """Adds the preview and the page of publication to the admin of a kind of entries."""

    def get_urls(self):
        name = f"missions_{self.model._meta.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/preview/", wrap(self.preview_view), name=f"{name}_preview"),
            path("<path:object_id>/publication/", wrap(self.publication_view), name=f"{name}_publication"),
            *super().get_urls(),
        ]

    def entry_for(self, request, object_id):
        """Return the entry. Raises `Http404` and `PermissionDenied`."""
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404("There is no such entry.")
        if not self.has_view_permission(request, entry):
            drafts.demand(False, request.user, "see", entry.permanent_id)
        return entry

    def preview_view(self, request, object_id):
        """Show the draft of an entry exactly as its page will look."""
        return entries.draft_page(request, self.entry_for(request, object_id))

    def publication_view(self, request, object_id):
        entry = self.entry_for(request, object_id)
        step = STEPS.get(request.POST.get("step")) if request.method == "POST" else None
        if request.method == "POST" and step is None:
            raise PermissionDenied("There is no such step.")
        form = None
        if step:
            form, text = taken(step, request, entry)
            if text:
                self.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | publication(request, entry, form)
        context |= {"title": f"Publication: {entry}", "opts": self.opts, "original": entry, "deciding": step}
        status = 409 if form is not None and hasattr(form, "refusal") else 200
        return render(request, "admin/missions/publication.html", context, status=status)


def taken(step, request, entry):
    """Take a step with what was posted; return its form, and what to say if it was taken."""
    make, act = step
    form = make(request.POST, entry)
    if form is not None and not form.is_valid():
        return form, ""
    try:
        return form, act(request, entry, form)
    except drafts.StepError as error:
        form = form if form is not None else NoteForm()
        form.refusal = str(error)
        return form, ""


def told_form(data, entry):
    return ToldForm(data, instance=drafts.of(entry))


def publish_form(data, entry):
    return PublishForm(data, instance=drafts.of(entry))


def withdraw_form(data, entry):
    made = modelform_factory(type(entry), form=WithdrawForm)(data, instance=entry)
    made.fields["merged_into"].queryset = type(entry).objects.published().exclude(pk=entry.pk)
    return made


def note_form(data, entry):
    return NoteForm(data)


def submit(request, entry, form):
    drafts.submit(entry, request.user, form.cleaned_data)
    return "Sent to review."


def approve(request, entry, form):
    drafts.approve(entry, request.user, request.POST.get("seen", ""), form.cleaned_data["note"])
    return "Approved. It can be published or scheduled now; any further edit voids this."


def send_back(request, entry, form):
    drafts.send_back(entry, request.user, form.cleaned_data["note"])
    return "Sent back. The writers see your note."


def publish(request, entry, form):
    drafts.demand_seen(drafts.of(entry), request.POST.get("seen", ""))
    drafts.publish(entry, request.user, form.cleaned_data, form.cleaned_data["reason"])
    return "Published: readers get this version now."


def schedule(request, entry, form):
    drafts.schedule(entry, request.user, form.cleaned_data["publish_at"])
    return f"Scheduled for {form.cleaned_data['publish_at']:%d %B %Y, %H:%M} UTC."


def unschedule(request, entry, form):
    drafts.schedule(entry, request.user, None)
    return "No longer scheduled."


def discard(request, entry, form):
    drafts.discard(entry, request.user)
    return "The draft is discarded. It can be restored from the history."


def update(request, entry, form):
    both = drafts.bring_up_to_date(entry, request.user)
    text = "The draft has taken over what was published since."
    rivals = f" {len(both)} values were changed on both sides: the draft's stand, compare them below."
    return text + rivals * bool(both)


def withdraw(request, entry, form):
    names = ("withdrawal_kind", "merged_into", "withdrawal_note")
    drafts.withdraw(type(entry).objects.get(pk=entry.pk), request.user, {n: form.cleaned_data[n] for n in names})
    return "Withdrawn. Readers get the notice, the other entry or “gone” from now on."


def make_link(request, entry, form):
    drafts.demand(drafts.may_write(request.user, entry), request.user, "share", entry.permanent_id)
    token = new_token()
    PreviewLink.objects.create(
        kind=entry._meta.model_name,
        entry_id=entry.pk,
        digest=token_digest(token),
        made_by=request.user.get_username(),
        expires_at=timezone.now() + datetime.timedelta(days=form.cleaned_data["days"]),
    )
    address = request.build_absolute_uri(reverse("draft-preview", args=[token]))
    return f"Whoever has this address sees the draft until it expires. It is shown only now: {address}"


def revoke_link(request, entry, form):
    drafts.demand(drafts.may_write(request.user, entry), request.user, "share", entry.permanent_id)
    links = PreviewLink.objects.filter(kind=entry._meta.model_name, entry_id=entry.pk, revoked_at=None)
    wanted = [link.pk for link in links if str(link.pk) in request.POST.getlist("link")]
    number = links.filter(pk__in=wanted).update(revoked_at=timezone.now())
    return f"{number} preview address{'' if number == 1 else 'es'} revoked."


def review_afterwards(request, entry, form):
    wanted = request.POST.get("change")
    change = next((c for c in Change.objects.of(entry).unreviewed() if str(c.pk) == wanted), None)
    drafts.demand_possible(change, "This is reviewed already.")
    drafts.review_afterwards(change, request.user)
    return "Recorded as reviewed by you."


def nothing(data, entry):
    return None


# What may be posted: the form that reads it, and the step.
STEPS = {
    "submit": (told_form, submit),
    "approve": (note_form, approve),
    "send-back": (note_form, send_back),
    "publish": (publish_form, publish),
    "schedule": (lambda data, entry: ScheduleForm(data), schedule),
    "unschedule": (nothing, unschedule),
    "discard": (nothing, discard),
    "update": (nothing, update),
    "withdraw": (withdraw_form, withdraw),
    "link": (lambda data, entry: LinkForm(data), make_link),
    "revoke": (nothing, revoke_link),
    "reviewed": (nothing, review_afterwards),
}


def publication(request, entry, posted=None):
    """Return what the page shows: the draft, how it differs, what forbids it, and the forms of the possible steps."""
    entry = type(entry).objects.get(pk=entry.pk)
    live = snapshot.take(entry) if workflow.is_public(entry) else []
    with drafts.inside(entry, as_published=True) as draft:
        shown = type(entry).objects.get(pk=entry.pk)
        rows = differences.compare(live, snapshot.take(shown)) if draft.is_open else []
        found = drafts.problems(shown, live) if draft.is_open else []
    user, model = request.user, type(entry)
    took_part = draft.is_by(user)
    return {
        "entry": entry,
        "draft": draft,
        "seen": drafts.seen_lock(draft),
        "is_public": workflow.is_public(entry),
        "is_behind": draft.is_behind,
        "rows": rows,
        "problems": found,
        "posted": posted,
        "took_part": took_part,
        "may_write": drafts.may_write(user, entry),
        "may_review": workflow.may_review(user, model),
        "may_publish": workflow.may_publish(user, model),
        "is_approved": draft.state == DraftState.APPROVED,
        "waits": draft.state in (DraftState.IN_REVIEW, DraftState.APPROVED),
        "can_withdraw": entry.stage == Stage.PUBLISHED,
        "forms": forms_of(entry, draft, posted),
        "links": PreviewLink.objects.valid().filter(kind=entry._meta.model_name, entry_id=entry.pk),
        "unreviewed": Change.objects.of(entry).unreviewed(),
        "now": timezone.now(),
    }


def forms_of(entry, draft, posted):
    """Return the forms by name; what was posted and refused keeps its values."""
    made = {
        "told": ToldForm(instance=draft),
        "publish": PublishForm(instance=draft),
        "note": NoteForm(),
        "schedule": ScheduleForm(initial={"publish_at": draft.publish_at}),
        "withdraw": withdraw_form(None, entry),
        "link": LinkForm(),
    }
    if posted is not None:
        names = {PublishForm: "publish", ToldForm: "told", NoteForm: "note", ScheduleForm: "schedule", LinkForm: "link"}
        made[names.get(type(posted), "withdraw")] = posted
    for name, form in made.items():  # fields of one name stand in several forms of the page
        form.auto_id = f"{name}-%s"
    return made

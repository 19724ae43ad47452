"""What happens when an entry is saved: everything that writes more than one row."""

from django.db import transaction
from django.utils import timezone

from . import previews, search
from .choices import FactStage, Stage
from .models import FACTS, CaseStudy, Citation, Evidence, Mission, Source
from .models.base import new_lock

TOGETHER = 200  # entries whose texts are read at a time


def cited_sources(entry, with_drafts=False):
    """Return the ids of the sources that the entry's text, its own fields and its published facts, or all, cite."""
    ids = set(Source.objects.filter(slug__in=entry.cited_slugs()).values_list("pk", flat=True))
    own = [f.attname for f in entry._meta.fields if f.related_model is Source]
    ids |= {getattr(entry, name) for name in own} - {None}
    if entry._meta.model_name == "mission":
        for fact in FACTS:
            facts = fact.objects.filter(mission=entry, source__isnull=False)
            facts = facts if with_drafts else facts.filter(stage=FactStage.PUBLISHED)
            ids |= set(facts.values_list("source_id", flat=True))
    return ids


@transaction.atomic
def index_citations(entry):
    """Bring the index of citations in line with the entry."""
    kind = entry._meta.model_name
    known = Citation.objects.filter(kind=kind, entry_id=entry.pk)
    wanted, have = cited_sources(entry), set(known.values_list("source_id", flat=True))
    known.filter(source_id__in=have - wanted).delete()
    Citation.objects.bulk_create(Citation(source_id=pk, kind=kind, entry_id=entry.pk) for pk in sorted(wanted - have))


@transaction.atomic
def index_entry(entry):
    """Bring the indexes of citations and of search in line with an entry that was saved with all its rows.

    Case studies are found by the names of their missions, and missions by the words of their evidence.
    """
    index_citations(entry)
    index_texts(type(entry), [entry.pk])


@transaction.atomic
def index_texts(model, keys):
    """Bring the index of search in line with entries of one kind, many at a time."""
    for start in range(0, len(keys), TOGETHER):
        part = keys[start : start + TOGETHER]
        search.index(model, part)
        if model is Mission:
            found_by = CaseStudy.objects.filter(missions__in=part).order_by().values_list("pk", flat=True)
            search.index(CaseStudy, list(found_by.distinct()))
        elif hasattr(model, "evidence"):
            evidence = Evidence.objects.filter(**{f"{model._meta.model_name}__in": part}).order_by()
            search.index(Mission, list(evidence.values_list("mission_id", flat=True).distinct()))


@transaction.atomic
def index_missions(missions):
    """Bring search in line with a name that these missions are found by."""
    search.index(Mission, list(missions.values_list("pk", flat=True)))
    search.index(CaseStudy, list(CaseStudy.objects.filter(missions__in=missions).values_list("pk", flat=True)))


@transaction.atomic
def forget_entry(entry):
    """Drop the entry from the indexes, before it is deleted."""
    search.index(type(entry), [entry.pk], gone=True)
    forget_citations(entry)


def forget_citations(entry):
    Citation.objects.filter(kind=entry._meta.model_name, entry_id=entry.pk).delete()


def renew_preview(entry):
    """Bring the preview image in line once the save is safe; a failure is logged and loses nothing."""

    def refresh_preview():  # a partial has no name for the log
        previews.refresh(entry)

    transaction.on_commit(refresh_preview, robust=True)


def stamp(entry):
    """Set the times and the lock of an entry that is about to be saved."""
    entry.updated_at = timezone.now()
    entry.lock = new_lock()
    if entry.stage == Stage.PUBLISHED and entry.published_at is None:
        entry.published_at = entry.updated_at


def may_publish(user, model):
    """Tell whether this user may publish and withdraw entries of this kind."""
    return user.has_perm(f"missions.publish_{model._meta.model_name}")


def may_review(user, model):
    """Tell whether this user may approve entries of this kind and send them back."""
    return user.has_perm(f"missions.review_{model._meta.model_name}")


def is_public(entry):
    """Tell whether readers know the entry, published or withdrawn, so that its next version is drafted beside it."""
    return entry.stage in (Stage.PUBLISHED, Stage.WITHDRAWN)


def lock_holds(entry, seen):
    """Tell whether no one has saved the entry since its lock was `seen`; must run in the saving transaction."""
    now = type(entry)._default_manager.select_for_update().filter(pk=entry.pk).values_list("lock", flat=True).first()
    return now == seen


@transaction.atomic
def facts_changed(mission):
    """Record on a mission that some of its facts changed."""
    stamp(mission)
    type(mission).objects.filter(pk=mission.pk).update(updated_at=mission.updated_at, lock=mission.lock)
    index_entry(mission)

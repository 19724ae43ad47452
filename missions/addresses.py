"""Addresses last: what once led to a published entry leads to it for good."""

from .choices import Stage
from .models import KINDS, FormerAddress


def entry_at(model, slug):
    """Return the published or withdrawn entry that an address leads to, through renamings and mergers, or None."""
    if model not in KINDS:
        return None
    entries = model.objects.filter(stage__in=(Stage.PUBLISHED, Stage.WITHDRAWN))
    former = FormerAddress.objects.of(model).filter(slug=slug).values("permanent_id")
    entry = entries.filter(slug=slug).first() or entries.filter(permanent_id__in=former).first()
    standing = entry and entry.standing
    return standing if standing and (standing.is_published or standing.stage == Stage.WITHDRAWN) else None


def leave(entry, slug):
    """Let the address that a public entry had until now lead to the one it has."""
    known = FormerAddress.objects.of(type(entry))
    known.filter(slug=entry.slug, permanent_id=entry.permanent_id).delete()
    known.get_or_create(kind=entry._meta.model_name, slug=slug, permanent_id=entry.permanent_id)

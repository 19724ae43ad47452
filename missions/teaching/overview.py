"""The way in: what is offered, and one learning path."""

from django.db.models import Prefetch

from ..models import POINTS_AT, LearningPath, Mission, Packet, PathStep
from ..reading import notes_with


def pointing(model):
    """Return the rows of a model of pointers whose entries are published, with these."""
    return model.objects.published().select_related(*POINTS_AT)


def shown_packets():
    return Packet.objects.published().prefetch_related(
        Prefetch("missions", Mission.objects.published().order_by("started_on", "slug"))
    )


def shown_paths():
    return LearningPath.objects.published().prefetch_related(Prefetch("steps", pointing(PathStep)))


def path_context(path):
    """Return what the page of a learning path shows; steps whose entry is not published are left out."""
    return {"path": path, "steps": list(path.steps.all()), "notes": notes_with(path.cited_slugs())}

"""Breaks of the content rules that no constraint can see: what is dead, stale, unused or copied."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.urls import Resolver404, resolve
from django.utils import timezone

from .models import FACTS, KINDS, Citation, Mission, Source, Succession
from .prose import INTERNAL_LINK, citations_in, plain

RUN = 9  # shared words in a row that are no longer chance
STALE_AFTER = timedelta(days=730)
OVERLAP_ALLOWED = timedelta(days=731)  # an operation decided on early may take over later


@dataclass(frozen=True)
class Finding:
    level: str  # "error" or "warning"
    entry: str
    field: str
    reason: str

    def __str__(self):
        return f"{self.level}: {self.entry}: {self.field}: {self.reason}"


def error(entry, field, reason):
    return Finding("error", f"{entry._meta.model_name} {entry}", field, reason)


def warning(entry, field, reason):
    return Finding("warning", f"{entry._meta.model_name} {entry}", field, reason)


def check_content(articles=()):
    """Yield every finding over published content; `articles` are texts that it must share no run of words with."""
    for check in (facts, dates, successions, links, staleness, sources):
        yield from check()
    for text in articles:
        yield from copied(text)


def facts():
    """Published facts without source or date, and weak ones that are shown to the day."""
    for model in FACTS:
        precision = "as_of_precision" if model.date_field == "as_of" else "precision"
        for fact in model.objects.published().select_related("mission"):
            if not fact.source_id:
                yield error(fact, "source", f"{fact.mission}: no source")
            if not getattr(fact, model.date_field):
                yield error(fact, model.date_field, f"{fact.mission}: no date")
            if fact.confidence == "low" and getattr(fact, precision) == "day":
                yield error(fact, precision, f"{fact.mission}: low confidence, but shown to the day")


def dates():
    """Missions that end before they start, and facts dated after today."""
    today = timezone.localdate()
    for mission in Mission.objects.published():
        if mission.ended_on and mission.ended_on < mission.started_on:
            yield error(mission, "ended_on", "lies before the start")
    for model in FACTS:
        for fact in model.objects.published().filter(**{f"{model.date_field}__gt": today}).select_related("mission"):
            yield error(fact, model.date_field, f"{fact.mission}: lies in the future")


def successions():
    """Successors that start long before their predecessor ends."""
    for link in Succession.objects.linked():
        before, after = link.predecessor, link.successor
        if link.date < before.started_on:
            yield error(link, "date", f"the handover of {link.date} lies before the start of {before}")
        if link.is_parallel or not before.ended_on:
            continue
        if after.started_on < before.ended_on - OVERLAP_ALLOWED:
            yield error(link, "successor", f"starts {after.started_on}, long before {before} ended {before.ended_on}")


def links():
    """Internal links that lead nowhere, and citations of sources that do not exist."""
    known = set(Source.objects.values_list("slug", flat=True))
    public = {entry.get_absolute_url() for model in KINDS for entry in model.objects.published()}
    for model in KINDS:
        for entry in model.objects.published():
            for name in model.prose_fields:
                text = getattr(entry, name)
                for address in INTERNAL_LINK.findall(text):
                    if address not in public and not answers(address):
                        yield error(entry, name, f"the link {address} leads nowhere")
                for slug, _ in citations_in(text):
                    if slug not in known:
                        yield error(entry, name, f"cites the unknown source {slug}")


def answers(address):
    try:
        return "slug" not in resolve(address).kwargs
    except Resolver404:
        return False


def staleness():
    """Ongoing missions whose newest evidence is old, or whose last known mandate has run out."""
    today = timezone.localdate()
    for mission in Mission.objects.published().filter(ended_on__isnull=True):
        if mission.mandate_ends_on and mission.mandate_ends_on < today:
            yield warning(mission, "mandate_ends_on", f"ended {mission.mandate_ends_on}; renewal not verified")
        if mission.verified_on < today - STALE_AFTER:
            yield warning(mission, "verified_on", f"the newest evidence is of {mission.verified_on}")


def sources():
    """Sources on which nothing rests, and such as cannot be found again."""
    used = set(Citation.objects.values_list("source_id", flat=True))
    for source in Source.objects.all():
        if source.pk not in used and not source.terms.exists() and source.kind != "dataset":
            yield warning(source, "citations", "nothing rests on it")
        if not (source.publisher or source.container or source.symbol):
            yield error(source, "publisher", "neither publisher, container nor symbol")


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text):
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def copied(article):
    """Runs of words that a published text shares with an article."""
    theirs = runs(article)
    for model in KINDS:
        for entry in model.objects.published():
            for name in model.prose_fields:
                if shared := runs(plain(getattr(entry, name))) & theirs:
                    yield error(entry, name, f"shares words with an article: “{' '.join(min(shared))}”")

"""What came of the checks, kept; and one run over the addresses that are due."""

from collections import Counter
from datetime import timedelta
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from django.utils import timezone
from tqdm import tqdm

from ..choices import LinkState
from ..models import LinkCheck
from .places import places

BELIEVED_AFTER = timedelta(days=1)


class OfflineError(Exception):
    """No address answered, not even one that was in order before: the fault is on this side."""


def record(url, answer, now=None):
    """Write what came of asking an address; return the state that it is in.

    Broken is what two checks found to be gone, at least a day apart. It stays so until it answers: a refusal in
    between proves nothing either way.
    """
    now = now or timezone.now()
    check = LinkCheck.objects.filter(url=url).first() or LinkCheck(url=url)
    check.outcome, check.checked_at = answer.words[:200], now
    if answer.meaning == "there":
        check.state, check.failures, check.failed_at, check.missing_at = LinkState.OK, 0, None, None
    else:
        check.failures, check.failed_at = check.failures + 1, check.failed_at or now
        check.missing_at = check.missing_at or (now if answer.meaning == "gone" else None)
        is_believed = answer.meaning == "gone" and check.missing_at <= now - BELIEVED_AFTER
        was_broken = check.state == LinkState.BROKEN
        check.state = LinkState.BROKEN if is_believed or was_broken else LinkState.UNSURE
    check.save()
    return check.state


def due(older_than=0):
    """Return the addresses to be asked: those never asked first, then the ones asked longest ago.

    What was in order is due after `older_than` days, what failed after one day at most. Addresses to which the content
    no longer leads are forgotten.
    """
    urls, now = {place.url for place in places()}, timezone.now()
    checks = {check.url: check for check in LinkCheck.objects.all()}
    LinkCheck.objects.filter(url__in=checks.keys() - urls).delete()
    asked = [c for c in checks.values() if c.url in urls and c.checked_at <= now - rest_of(c, older_than)]
    return sorted(urls - checks.keys()) + [c.url for c in sorted(asked, key=lambda c: (c.checked_at, c.url))]


def rest_of(check, older_than):
    """Return how long an address is left in peace after a check."""
    return timedelta(days=older_than if check.state == LinkState.OK else min(older_than, 1))


def interleaved(urls):
    """Return the addresses so that those of one host stand far apart: while one host rests, others are asked."""
    hosts = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).netloc, []).append(url)
    return [url for url in chain(*zip_longest(*hosts.values())) if url]


def check_links(urls, visitor, progress=False):
    """Ask the addresses and record what came of it; return how many are in which state. Raises `OfflineError`.

    What no one answered is recorded only once someone else has: where the network is down, no link is at fault.
    """
    states, waiting, is_online = Counter(), [], False
    for url in tqdm(interleaved(urls), unit=" links", disable=not progress):
        answer = visitor.visit(url)
        if answer is None:
            states["left alone"] += 1
            continue
        waiting.append((url, answer))
        is_online = is_online or answer.status is not None
        if is_online:
            states.update(record(*one) for one in waiting)
            waiting.clear()
    if any(answer.meaning != "refused" for _, answer in waiting) and not is_reached(visitor, urls):
        raise OfflineError
    states.update(record(*one) for one in waiting)
    return states


def is_reached(visitor, but):
    """Tell whether an address that was in order before, none of these, is answered now."""
    known = LinkCheck.objects.filter(state=LinkState.OK).exclude(url__in=but).order_by("-checked_at", "url").first()
    answer = known and visitor.visit(known.url)
    return bool(answer and answer.status)

"""Searches that found nothing, counted so that editors learn which words readers use. What might tell who asked is
never kept: no address, session or time of day, and no text with an e-mail address, a long number or many words.
"""

import logging
import re

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ..models import MissedSearch
from ..models.upkeep import LONGEST_TERM
from . import engine
from .words import fold, words_of

MOST_WORDS = 6
MOST_ROWS = 5000
FORGOTTEN = 500  # rows that make room where there is none
PATIENCE = 200  # milliseconds for which a search waits for another writer
NUMBER = re.compile(r"\d(?:[\s().+/-]*\d){3}")  # a year, a telephone number, a date of birth
logger = logging.getLogger(__name__)
COUNT = """
    INSERT INTO missions_missedsearch (term, number, days, last_on)
    SELECT %(term)s, 1, 1, %(today)s
    WHERE (SELECT count(*) FROM missions_missedsearch) < %(most)s
    OR EXISTS (SELECT 1 FROM missions_missedsearch WHERE term = %(term)s)
    ON CONFLICT (term) DO UPDATE SET
        number = missions_missedsearch.number + 1,
        days = missions_missedsearch.days
            + CASE WHEN missions_missedsearch.last_on = excluded.last_on THEN 0 ELSE 1 END,
        last_on = excluded.last_on
"""


def countable(text):
    """Return the words of a search as they are counted, or "" where the text might tell who asked."""
    folded, words = fold(text), words_of(text)
    term = " ".join(words)
    is_long = max(len(folded.strip()), len(term)) > LONGEST_TERM or len(words) > MOST_WORDS
    return "" if is_long or "@" in folded or NUMBER.search(folded) else term


def count_missed(text):
    """Count a search that found nothing. It never raises and hardly waits: an answer is worth more than its count."""
    if not (term := countable(text)):
        return
    values = {"term": term, "today": timezone.localdate(), "most": MOST_ROWS}
    try:
        with engine.impatient(PATIENCE), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            if cursor.rowcount == 0:
                make_room()
    except DatabaseError:
        logger.warning("A search that found nothing could not be counted.", exc_info=True)


def make_room():
    """Forget what was asked least and longest ago, so that the next one finds room."""
    least = MissedSearch.objects.order_by("number", "last_on", "pk").values("pk")[:FORGOTTEN]
    MissedSearch.objects.filter(pk__in=least).delete()

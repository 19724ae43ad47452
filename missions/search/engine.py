"""The two full-text engines behind one set of functions: FTS5 on SQLite, tsvector on PostgreSQL.

Both split text at every mark, fold accents and stem with Porter's rules (migration 0004), so both find the same rows.
Words reach the engines only as letters and digits, quoted: no text of a reader is ever syntax.
"""

from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q

from .. import versions
from ..choices import Stage
from ..databases import connection
from ..models import KINDS, LISTED

TABLE = "missions_searchdocument"
FTS = f"{TABLE}_fts"
BEHIND = ("source", "term")  # shown after the pages, unless named exactly
BM25 = {"title": 10.0, "names": 6.0, "lead": 3.0, "body": 1.0}  # how much a word counts in each column
WEIGHTS = {"title": "A", "names": "B"}  # what PostgreSQL calls the columns that are names
HEADS = tuple(WEIGHTS)
START, STOP = "\ue000", "\ue001"  # private-use characters round a found word, until the text is escaped
JOINED = "\ue002"  # parts what PostgreSQL would read as the name of a file or as a tag, in passages
PASSAGE = 34  # words of a passage


def without_marks(text):
    """Return a text without the characters that stand for marks here; much faster than `str.translate`."""
    return text.replace(START, "").replace(STOP, "").replace(JOINED, "")


def is_sqlite():
    return connection.vendor == "sqlite"


def phrase_expression(phrase, columns):
    if is_sqlite():
        return f'"{" ".join(phrase)}"'
    weights = "".join(WEIGHTS[c] for c in columns)
    return " <-> ".join(f"'{w}'" + (f":{weights}" if weights else "") for w in phrase)


def group_expression(group, columns=()):
    joined = (" OR " if is_sqlite() else " | ").join(f"({phrase_expression(p, columns)})" for p in group.phrases)
    return f"({joined})"


def expression(groups, columns=(), any_of=False):
    """Return what the engine calls a query: all of the groups or, with `any_of`, one; in some columns or all."""
    parts = [group_expression(g, columns) for g in groups]
    if is_sqlite():
        joined = (" OR " if any_of else " AND ").join(parts)
        return f"{{{' '.join(columns)}}} : ({joined})" if columns else joined
    return (" | " if any_of else " & ").join(parts)


def published(kinds=()):
    """Return the condition that a document's entry exists and is public now, for some kinds or all."""
    public = Q()
    for model in kinds or LISTED:
        public |= Q(
            kind=model._meta.model_name, entry_id__in=model._default_manager.published().order_by().values("pk")
        )
    return public


def score_sqlite(groups):
    """Return how well a row fits as SQL with its values: the less, the better."""
    return f"bm25({FTS}, {', '.join(map(str, BM25.values()))})", []


def score_postgresql(groups):
    """Return the sum over all groups of rank times rarity, as ts_rank knows nothing of how rare a word is."""
    parts, values = [], []
    for group in groups:
        words = group_expression(group)
        parts.append(
            f"ts_rank('{{0.1, 0.3, 0.6, 1.0}}', {TABLE}.words, to_tsquery('missions_words', %s), 1) * ln(1 + "
            f"(SELECT count(*) FROM {TABLE})::float / (1 + (SELECT count(*) FROM {TABLE} n "
            "WHERE n.words @@ to_tsquery('missions_words', %s))))"
        )
        values += [words, words]
    return f"-({' + '.join(parts)})", values


def asked(columns, found, values=()):
    """Return `columns` of the rows in which an expression is found."""
    if is_sqlite():
        question = f"SELECT rowid{columns} FROM {FTS} WHERE {FTS} MATCH %s"
    else:
        question = f"SELECT id{columns} FROM {TABLE} WHERE words @@ to_tsquery('missions_words', %s)"
    with connection.cursor() as cursor:
        cursor.execute(question, [*values, found])
        return cursor.fetchall()


def scores(groups, any_of=False):
    """Return all that has the groups, or with `any_of` one of them: {document id: score}, the less, the better; and the
    ids of those that have them in title or names."""
    score, values = (score_sqlite if is_sqlite() else score_postgresql)(groups)
    found = expression(groups, any_of=any_of)
    if is_sqlite() and (any_of or len(groups) == 1):
        # A score by title and names alone, in which no rarity counts as nothing, tells it without a second question.
        rows = asked(f", {score}, bm25({FTS}, 1.0, 1.0, 0.0, 0.0) <> 0", found, values)
        return {key: score for key, score, _ in rows}, {key for key, _, is_named in rows if is_named}
    return dict(asked(f", {score}", found, values)), within(groups, HEADS, any_of)


def within(groups, columns, any_of=False):
    """Return the ids of the documents that have all of the groups, or one of them, in these columns."""
    return {key for (key,) in asked("", expression(groups, columns, any_of))}


def passages(query, ids, any_of=False):
    """Return (document id, kind, slug, label, acronym, title, names, lead, body) of these documents.

    In the last four, found words stand between `START` and `STOP`. Title and names are whole; lead and body are the
    passage in which most of the words stand.
    """
    if not ids:
        return []
    if is_sqlite():
        marks = f"'{START}', '{STOP}'"
        parts = [f"highlight({FTS}, {n}, {marks})" for n in (0, 1)]
        parts += [f"snippet({FTS}, {n}, {marks}, '…', {PASSAGE})" for n in (2, 3)]
        # The plus keeps the planner from running the search once for every id.
        rows = f"{FTS} JOIN {TABLE} ON {TABLE}.id = {FTS}.rowid WHERE {FTS} MATCH %s AND +{FTS}.rowid"
    else:
        whole = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
        part = f"StartSel={START}, StopSel={STOP}, MaxFragments=1, MinWords=18, MaxWords={PASSAGE}"
        apart = f"replace(replace({{}}, '/', '/{JOINED}'), '<', '<{JOINED}')"
        parts = [
            f"ts_headline('missions_words', {apart.format(column)}, q, '{options}')"
            for column, options in (("title", whole), ("names", whole), ("lead", part), ("body", part))
        ]
        rows = f"{TABLE}, to_tsquery('missions_words', %s) q WHERE {TABLE}.id"
    places = ", ".join(["%s"] * len(ids))
    columns = [f"{TABLE}.{name}" for name in ("id", "kind", "slug", "label", "acronym")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([*columns, *parts])} FROM {rows} IN ({places})",
            [expression(query.groups, any_of=any_of), *ids],
        )
        return [(*row[:5], *(text.replace(JOINED, "") for text in row[5:])) for row in cursor.fetchall()]


def known(groups):
    """Return for each group whether any document has it."""
    if not groups:
        return []
    if is_sqlite():
        one = f"EXISTS (SELECT 1 FROM {FTS} WHERE {FTS} MATCH %s)"
    else:
        one = f"EXISTS (SELECT 1 FROM {TABLE} WHERE words @@ to_tsquery('missions_words', %s))"
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([one] * len(groups)), [group_expression(g) for g in groups])
        return [bool(found) for found in cursor.fetchone()]


def mend():
    """Make the full-text index anew from its table, and let the planner count again."""
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")
        cursor.execute(f"ANALYZE {TABLE}")


@versions.once
def state():
    """Return [(kind, entries, documents, newest entry, newest document)], in one query.

    Scheduled entries count: they have documents, which are not shown before their time.
    """
    parts, values = [], []
    for model in LISTED:
        table, kind = model._meta.db_table, model._meta.model_name
        where = "WHERE stage = %s" if model in KINDS else ""
        values += [Stage.PUBLISHED.value] if model in KINDS else []
        documents = f"FROM {TABLE} WHERE kind = '{kind}'"
        parts.append(
            f"SELECT '{kind}', (SELECT count(*) FROM {table} {where}), (SELECT count(*) {documents}), "
            f"(SELECT max(updated_at) FROM {table} {where}), (SELECT max(updated_at) {documents})"
        )
        values += [Stage.PUBLISHED.value] if model in KINDS else []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return cursor.fetchall()


@contextmanager
def impatient(milliseconds):
    """Wait for another writer no longer than this. PostgreSQL locks rows and not the file, so it hardly waits."""
    usual = 1000 * connection.settings_dict["OPTIONS"].get("timeout", 5)
    try:
        wait_for_writers(milliseconds)
        yield
    finally:
        wait_for_writers(usual)


def wait_for_writers(milliseconds):
    if is_sqlite():
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
            cursor.fetchone()  # a PRAGMA that is not read to its end keeps savepoints from working

"""CSL-JSON records of what can be cited: the one shape that all files, references and tags are made from."""

import re
from hashlib import sha256

from django.db.models import Subquery
from django.utils import timezone

from ..choices import Precision, SourceKind
from ..models import Release, Source
from .embedded import meta_tags
from .names import names
from .references import formatted
from .words import written_date

SITE_NAME = "Peace Operations Knowledge Base"
TYPES = {
    SourceKind.UN_RESOLUTION: "report",
    SourceKind.UN_REPORT: "report",
    SourceKind.UN_DOCUMENT: "report",
    SourceKind.TREATY: "treaty",
    SourceKind.DOCTRINE: "report",
    SourceKind.DATASET: "dataset",
    SourceKind.BOOK: "book",
    SourceKind.CHAPTER: "chapter",
    SourceKind.ARTICLE: "article-journal",
    SourceKind.REPORT: "report",
    SourceKind.NEWS: "article-newspaper",
    SourceKind.WEB: "webpage",
}
# Languages as the notes of sources name them; a title that is not in English keeps its capitals in every style.
LANGUAGES = {"French": "fr", "German": "de", "Portuguese": "pt", "Russian": "ru", "Slovenian": "sl", "Spanish": "es"}
IN_LANGUAGE = re.compile(rf"\bIn ({'|'.join(LANGUAGES)})\b")
EDITED_BY = re.compile(r"\s*\(eds?\. ([^()]*)\)\Z")


def filled(record):
    return {name: value for name, value in record.items() if value not in ("", None, [])}


def day(date, precision=Precision.DAY):
    """Return a date as CSL has it, as exactly as it is known."""
    if date is None:
        return None
    known = {Precision.YEAR: 1, Precision.MONTH: 2}.get(precision, 3)
    return {"date-parts": [[date.year, date.month, date.day][:known]]}


def of_source(source):
    """Return the record of a source: of the document itself, not of its page here."""
    role, people = names(source.authors)
    kind = TYPES[source.kind]
    editor = EDITED_BY.search(source.container)
    # A report stands in a series; what holds an article or a page is not one.
    holder = "collection-title" if kind in ("report", "book", "dataset") else "container-title"
    language = IN_LANGUAGE.search(source.note)
    return filled({
        "id": source.slug,
        "type": kind,
        role: people,
        "title": source.title,
        holder: EDITED_BY.sub("", source.container),
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "publisher": source.publisher,
        "issued": day(source.published_on, source.published_precision),
        "number": source.symbol,
        "DOI": source.doi,
        "ISBN": source.isbn,
        "URL": source.official_url,
        "language": LANGUAGES[language[1]] if language else "",
    } | ({"editor": [{"literal": editor[1]}]} if editor else {}))  # fmt: skip


def ours(key, kind, title, address, changed, **more):
    """Return the record of something that this knowledge base itself publishes."""
    return filled({
        "id": key,
        "type": kind,
        "author": [{"literal": SITE_NAME}],
        "title": title,
        "issued": day(changed),
        "accessed": day(timezone.localdate()),
        "URL": address,
        "language": "en",
    } | more)  # fmt: skip


def title_of(entry):
    """Return the title of an entry with its acronym before it, if it has one."""
    acronym = getattr(entry, "acronym", "")
    return f"{acronym}: {entry.label}" if acronym and acronym != entry.label else str(entry.label)


def of_entry(entry, address, release=""):
    """Return the record of the page of an entry or a term, and for a source that of the document.

    `address` is the full one; `release` the number of the newest release, which holds the entry as data.
    """
    if isinstance(entry, Source):
        return of_source(entry)
    note = f"Permanent id {entry.permanent_id}"
    changed = timezone.localtime(entry.updated_at).date()
    return ours(entry.permanent_id, "webpage", title_of(entry), address, changed, note=note, version=release)


def of_list(name, filters, count, address, changed=None, release=""):
    """Return the record of the rows that a query gave.

    `name` says what they are, `filters` is [(name, [values in words])], `changed` the date of the newest change of one.
    """
    chosen = "; ".join(f"{name}: {' or '.join(values)}" for name, values in filters)
    title = f"{name}{f' ({chosen})' if chosen else ''}, {count:,} row{'' if count == 1 else 's'}"
    key = f"list-{sha256(address.encode()).hexdigest()[:10]}"
    return ours(key, "dataset", title, address, changed, version=release)


def of_release(release, address):
    """Return the record of a release, whose archive never changes."""
    made, title = timezone.localtime(release.made_at).date(), f"{SITE_NAME}: data"
    note = f"SHA-256 {release.checksum}"
    return ours(f"release-{release.number}", "dataset", title, address, made, version=release.number, note=note)


def of_result(title, address):
    """Return the record of something of which a search knows no more than title and address."""
    return {"id": address, "type": "webpage", "title": title, "URL": address}


def with_release(entries):
    """Return the queryset with the number of the newest release as `release_number`, at no further query."""
    return entries.annotate(release_number=Subquery(Release.objects.in_order().values("number")[:1]))


def citation(entry, address):
    """Return what the page of an entry says of citing it: the record, and its parts in words."""
    release = getattr(entry, "release_number", None) or ""
    record = of_entry(entry, address, release)
    first_online, is_ours = getattr(entry, "published_at", None), not isinstance(entry, Source)
    return {
        "record": record,
        "tags": meta_tags(record, entry.permanent_id, first_online, is_ours),
        "formatted": formatted(record),
        "author": SITE_NAME,
        "year": entry.updated_at.year,
        "title": str(entry.label),
        "updated": written_date(entry.updated_at.date()),
        "id": entry.permanent_id,
        "release": release,
        "address": address,
        "accessed": written_date(timezone.localdate()),
    }

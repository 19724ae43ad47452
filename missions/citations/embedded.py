"""Citation data inside pages: meta elements for one thing, COinS for each row of many."""

from urllib.parse import urlencode

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DC_TYPES = {"dataset": "Dataset"}
BOOK_GENRES = {"book": "book", "chapter": "bookitem", "report": "report"}


def person(name):
    return name.get("literal") or f"{name['family']}, {name['given']}"


def date(record, mark):
    """Return the date of a record with `mark` between its parts, empty if there is none."""
    parts = record.get("issued", {}).get("date-parts", [[]])[0]
    return mark.join(f"{part:02}" for part in parts)


def highwire(record, first_online):
    kind, (first, _, last) = record["type"], record.get("page", "").partition("-")
    authors = [("citation_author", person(n)) for n in record.get("author", [])]
    editors = [("citation_editor", person(n)) for n in record.get("editor", [])]
    holders = {"article-journal": "citation_journal_title", "chapter": "citation_book_title"}
    publisher = "citation_technical_report_institution" if kind == "report" else "citation_publisher"
    return [
        ("citation_title", record["title"]),
        *authors,
        *editors,
        ("citation_publication_date", date(record, "/")),
        ("citation_online_date", first_online and f"{first_online:%Y/%m/%d}"),
        (holders.get(kind, "citation_series_title"), record.get("container-title")),
        ("citation_series_title", record.get("collection-title")),
        ("citation_volume", record.get("volume")),
        ("citation_issue", record.get("issue")),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_technical_report_number" if kind == "report" else "citation_number", record.get("number")),
        ("citation_doi", record.get("DOI")),
        ("citation_isbn", record.get("ISBN")),
        (publisher, record.get("publisher")),
        ("citation_public_url", record.get("URL")),
        ("citation_language", record.get("language")),
    ]


def dublin_core(record, identifier, rights):
    return [
        ("DC.title", record["title"]),
        *(("DC.creator", person(n)) for n in record.get("author", [])),
        *(("DC.contributor", person(n)) for n in record.get("editor", [])),
        ("DC.date", date(record, "-")),
        ("DC.identifier", record.get("URL")),
        ("DC.identifier", identifier),
        ("DC.publisher", record.get("publisher")),
        ("DC.type", DC_TYPES.get(record["type"], "Text")),
        ("DC.rights", rights),
        ("DC.language", record.get("language")),
    ]


def meta_tags(record, identifier="", first_online=None, is_ours=True):
    """Return [(name, content)] of the meta elements that let a reference manager save one item from a page.

    `is_ours` tells an entry, which this knowledge base publishes under its licence, from a document that it lists.
    """
    shown = record | {"publisher": record["author"][0]["literal"]} if is_ours else record
    tags = highwire(shown, first_online) + dublin_core(shown, identifier, LICENCE if is_ours else "")
    return [(name, content) for name, content in tags if content]


def coins(record):
    """Return the title of the empty span from which a reference manager saves one row (OpenURL, ANSI Z39.88)."""
    kind = record["type"]
    first, _, last = record.get("page", "").partition("-")
    if kind == "article-journal":
        form, own = "journal", [("genre", "article"), ("atitle", record["title"])]
        own += [("jtitle", record.get("container-title")), ("volume", record.get("volume"))]
        own += [("issue", record.get("issue"))]
    elif kind in BOOK_GENRES:
        form, own = "book", [("genre", BOOK_GENRES[kind])]
        own += [("atitle" if kind == "chapter" else "btitle", record["title"])]
        own += [("btitle", record.get("container-title")), ("series", record.get("collection-title"))]
        own += [("pub", record.get("publisher")), ("isbn", record.get("ISBN"))]
    else:
        names = {"article-newspaper": "newspaperArticle", "webpage": "webpage", "dataset": "dataset"}
        form, own = "dc", [("type", names.get(kind, "document")), ("title", record["title"])]
        own += [("source", record.get("container-title")), ("publisher", record.get("publisher"))]
        own += [("identifier", record.get("URL")), ("language", record.get("language"))]
    people = [("au", person(n)) for n in [*record.get("author", []), *record.get("editor", [])]]
    own += [*people, ("date", date(record, "-")), ("spage", first), ("epage", last)]
    ids = [f"info:doi/{record['DOI']}"] if "DOI" in record else []
    ids += [record["URL"]] if "URL" in record else []
    pairs = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}")]
    pairs += [("rft_id", i) for i in ids] + [(f"rft.{name}", value) for name, value in own if value]
    return urlencode(pairs)

"""Every citation of the content, read back by the programs that people cite with."""

import json
import re

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from pylatexenc.latex2text import LatexNodes2Text

from missions import citations
from missions.citations.bibtex import MONTHS, TYPES, iso
from missions.citations.ris import TYPES as RIS_TYPES
from missions.models import LISTED, Source

pytestmark = [pytest.mark.outside, pytest.mark.django_db]
PLAIN = {"volume": "volume", "version": "version", "note": "note", "isbn": "ISBN"}
ADDRESSES = {"doi": "DOI", "url": "URL"}


@pytest.fixture(scope="module")
def records(content, django_db_blocker):
    """The record of everything that can be cited, ours and others'."""
    found = []
    with django_db_blocker.unblock():
        for model in LISTED:
            for row in model._default_manager.published():
                found.append(citations.of_entry(row, f"https://kb.example{row.url}", "2026.1"))
        assert len(found) > 1800
    return found


def person(name):
    return name.get("literal") or f"{name['family']}, {name['given']}"


def test_bibtexparser_reads_every_record_without_loss(records):
    read_names = [SeparateCoAuthors(), LatexDecodingMiddleware()]
    library = bibtexparser.parse_string(citations.content(records, "bib")[0], append_middleware=read_names)
    assert (library.failed_blocks, len(library.entries)) == ([], len(records))
    as_written = bibtexparser.parse_string(citations.content(records, "bib")[0]).entries_dict
    for record, entry in zip(records, library.entries, strict=True):
        read = {f.key: f.value for f in entry.fields}
        assert (entry.key, entry.entry_type) == (record["id"], TYPES[record["type"]])
        assert bare(read["title"]) == " ".join(record["title"].split())
        for role in ("author", "editor"):
            if role in record:
                assert [read_name(n) for n in read[role]] == [person(n) for n in record[role]]
        for name, key in PLAIN.items():
            assert read.get(name, "") == record.get(key, ""), record["id"]
        for name, key in ADDRESSES.items():  # no TeX, so not to be decoded
            assert (f.value if (f := as_written[entry.key].fields_dict.get(name)) else "") == record.get(key, "")
        assert read.get("number", "") == record.get("issue", record.get("number", ""))
        assert read.get("pages", "").replace("--", "-").replace("–", "-") == record.get("page", "")
        assert (read.get("publisher") or read.get("institution", "")) == record.get("publisher", "")
        holder = record.get("container-title") or record.get("collection-title", "")
        assert next((read[n] for n in ("journal", "booktitle", "series", "howpublished") if n in read), "") == holder
        assert read["date"] == iso(record["issued"])
        year, *rest = record["issued"]["date-parts"][0]
        assert (read["year"], read.get("month")) == (str(year), MONTHS[rest[0] - 1] if rest else None)


def read_name(text):
    """Return a name as TeX prints it."""
    return LatexNodes2Text().latex_to_text(text)


def bare(text):
    return text.removeprefix("{").removesuffix("}")


def test_rispy_reads_every_record_without_loss(records):
    entries = rispy.loads(citations.content(records, "ris")[0])
    assert len(entries) == len(records)
    for record, read in zip(records, entries, strict=True):
        assert "unknown_tag" not in read
        assert (read["id"], read["type_of_reference"]) == (record["id"], RIS_TYPES[record["type"]])
        assert read["title"] == " ".join(record["title"].split())
        assert read.get("authors", []) == [person(n) for n in record.get("author", [])]
        editors = read.get("secondary_authors", read.get("tertiary_authors", []))
        assert editors == [person(n) for n in record.get("editor", [])]
        assert ";".join(read.get("urls", [])) == record.get("URL", "")
        assert read["date"].replace("/", "-") == iso(record["issued"])
        assert (read.get("doi", ""), read.get("volume", "")) == (record.get("DOI", ""), record.get("volume", ""))
        assert (read.get("number", ""), read.get("publisher", "")) == (
            record.get("issue", ""), record.get("publisher", "")
        )  # fmt: skip
        pages = "-".join(filter(None, [read.get("start_page"), read.get("end_page")]))
        assert pages == record.get("page", "")
        holder = record.get("container-title") or record.get("collection-title", "")
        assert read.get("secondary_title", "") == holder
        numbers = {read.get("issn", ""), read.get("note", "")} - {""}
        assert numbers == {record.get("ISBN", ""), record.get("number", "")} - {""}


def test_citeproc_formats_every_record_in_every_style(records):
    for record in records:
        for style, _, reference in citations.formatted(record):
            plain = re.sub(f"[{citations.START}{citations.STOP}]", "", reference)
            assert str(record["issued"]["date-parts"][0][0]) in plain
            flat = re.sub(r"\W+", "", record["title"]).lower()
            assert flat in re.sub(r"\W+", "", plain).lower(), (style, plain)
            assert not re.search(r"<|>|\.\.(?!\.)|,,| ,|\(\)|None|\x1e", plain), plain


def test_the_running_site_hands_out_what_programs_read(site):
    from tests.serving import fetch

    library = bibtexparser.parse_string(fetch(f"{site}/missions/unficyp/cite.bib").decode())
    assert library.entries[0]["url"] == f"{site}/missions/unficyp/"
    sources = rispy.loads(fetch(f"{site}/case-studies/kosovo/sources.ris").decode())
    cited = json.loads(fetch(f"{site}/case-studies/kosovo/sources.json"))
    assert len(sources) == len(cited) > 20
    listed = json.loads(fetch(f"{site}/missions/cite.json?type=observer"))
    assert listed[0]["URL"] == f"{site}/missions/?type=observer"


def test_every_source_of_the_content_is_among_the_records(records):
    assert {s.slug for s in Source.objects.all()} <= {r["id"] for r in records}

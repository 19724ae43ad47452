"""What researchers take away: the codebook, the releases, and every entry as it stood in one."""

from itertools import zip_longest

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .. import citations, codebook, exports, linked, parameters, releases
from ..catalogue import moment
from ..languages import bare, in_language, in_source, language_of
from ..models import LISTED, Release, Source, Term
from ..models.release import NUMBER
from ..prose import Notes, citations_in
from .answers import about, bad_request, not_taken, tables_answer
from .citing import file_answer

SEGMENTS = [model.url_segment for model in LISTED]
PARTS = ("fields", "vocabularies", "crosswalk")
FOREVER = "public, max-age=31536000, immutable"


@require_safe
def data(request):
    """Show the ways to take the data away."""
    found = list(Release.objects.in_order())
    with in_source():
        graph = linked.catalogue_graph(request.build_absolute_uri, LISTED, exports.DATA_FORMATS, found)
    return render(request, "data.html", {"release": found[0] if found else None, "linked": graph})


def checked(request, known, formats):
    """Return the format asked for, and what is wrong with the query."""
    asked = request.GET.get("format", "")
    errors = parameters.unknown(request.GET, known) | parameters.repeated(request.GET, known)
    if asked and asked not in formats:
        errors["format"] = [gettext("Use one of: %(known)s.") % {"known": ", ".join(formats)}]
    return asked, errors


# The codebook


def codebook_tables():
    """Return the parts of the codebook as tables, {name: table}."""
    fields = [f for model in codebook.TABLES.values() for f in codebook.fields(model)]
    values = [(name, *v.values()) for name in codebook.VOCABULARIES for v in codebook.values_of(name)]
    return {
        "fields": exports.plain_table("fields", codebook.FIELD_NAMES, lambda: (f.line for f in fields)),
        "vocabularies": exports.plain_table("vocabularies", codebook.VALUE_NAMES, lambda: values),
        "crosswalk": exports.plain_table("crosswalk", codebook.MATCH_NAMES, lambda: (m.line for m in codebook.MATCHES)),
    }


@require_safe
def codebook_page(request):
    """Answer what every table, field and value means as page, JSON or one of its parts as CSV."""
    asked, errors = checked(request, ("format", "part"), ("json", "csv"))
    part = request.GET.get("part", PARTS[0])
    if part not in PARTS or ("part" in request.GET and asked != "csv"):
        errors["part"] = [gettext("With format=csv use one of: %(known)s.") % {"known": ", ".join(PARTS)}]
    if errors:
        return bad_request(errors)
    if asked == "csv":
        return tables_answer("csv", [codebook_tables()[part]], about(request, f"codebook-{part}", "Codebook"))
    if asked == "json":
        return JsonResponse(codebook.record())
    sources = Source.objects.in_bulk(list(codebook.SCHEMES.values()), field_name="slug")
    context = {
        "tables": codebook.tables(),
        "vocabularies": [(name, codebook.values_of(name)) for name in codebook.VOCABULARIES],
        "rules": Term.objects.filter(vocabulary="counting-rule"),
        "schemes": [
            (name, sources.get(slug), [m for m in codebook.MATCHES if m.scheme == name])
            for name, slug in codebook.SCHEMES.items()
        ],
    }
    return render(request, "codebook.html", context)


# Releases


def numbered(number):
    """Return a release without its archive. Raises `Http404`."""
    if not NUMBER.match(number):
        raise Http404("Releases are numbered by year, such as 2026.1.")
    return get_object_or_404(Release.objects.in_order(), number=number)


def release_record(request, release):
    here = request.build_absolute_uri(bare(release.get_absolute_url()))
    return {
        "number": release.number,
        "made_at": moment(release.made_at),
        "note": release.note,
        "rows": release.counts,
        "sha256": release.checksum,
        "package": f"{here}package.zip",
        "url": here,
    }


@require_safe
def release_list(request):
    """List the releases as page or JSON, newest first."""
    asked, errors = checked(request, ("format",), ("json",))
    if errors:
        return bad_request(errors)
    found = list(Release.objects.in_order())
    if asked == "json":
        results = [release_record(request, r) for r in found]
        return JsonResponse(exports.whole_list(results))
    pairs = list(zip_longest(found, found[1:]))
    return render(request, "releases.html", {"releases": pairs})


@require_safe
def release_page(request, number):
    """Show one release: its tables, its checksum, what changed and how to cite it."""
    asked, errors = checked(request, ("format",), ("json",))
    if errors:
        return bad_request(errors)
    release = numbered(number)
    if asked == "json":
        return JsonResponse(release_record(request, release))
    archive = releases.archive_of(number)
    before = Release.objects.before(release)
    comparison = releases.compared(releases.archive_of(before.number), archive) if before else None
    context = {
        "release": release,
        "tables": archive.resources.values(),
        "before": before,
        "comparison": comparison,
        "references": citations.formatted(release_citation(request, release)),
        "linked": release_graph(request, release),
    }
    return render(request, "release.html", context)


def release_graph(request, release):
    with in_source():
        return linked.graph(linked.release_data(release, request.build_absolute_uri))


def release_citation(request, release):
    with in_source():
        return citations.of_release(release, request.build_absolute_uri(release.get_absolute_url()))


@require_safe
def release_citation_file(request, number, form):
    """Answer the citation of a release."""
    if refusal := not_taken(request):
        return refusal
    release = numbered(number)
    return file_answer([release_citation(request, release)], form, f"release-{release}")


def kept_file(request, content, checksum, kind, name):
    """Answer bytes that never change."""
    answer = HttpResponse(content, content_type=exports.FORMATS[kind])
    answer["ETag"], answer["Cache-Control"] = quote_etag(checksum), FOREVER
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def release_package(request, number):
    """Answer the archive of a release."""
    release = numbered(number)
    return kept_file(request, bytes(release.archive), release.checksum, "zip", f"peace-operations_{release}.zip")


@require_safe
def release_table(request, number, table):
    """Answer one table of a release as CSV."""
    release = numbered(number)
    archive = releases.archive_of(release.number)
    if table not in archive.resources:
        raise Http404(f"Release {release} has no table of this name.")
    checksum = archive.resources[table]["hash"].partition(":")[2]
    return kept_file(request, archive.content(table), checksum, "csv", f"{table}_{release}.csv")


@require_safe
def release_comparison(request, before, after):
    """Show what changed from one release to another, as page or JSON."""
    asked, errors = checked(request, ("format",), ("json",))
    if errors:
        return bad_request(errors)
    pair = numbered(before), numbered(after)
    comparison = releases.compared(*(releases.archive_of(r.number) for r in pair))
    if asked == "json":
        return JsonResponse({"before": before, "after": after} | comparison.record())
    return render(request, "release_comparison.html", {"before": pair[0], "after": pair[1], "comparison": comparison})


@require_safe
def released_entry(request, number, segment, slug):
    """Answer an entry as it stood in a release, as page or JSON."""
    asked, errors = checked(request, ("format",), ("json",))
    if errors:
        return bad_request(errors)
    release = numbered(number)
    archive = releases.archive_of(number)
    row = archive.entry(segment, slug) if segment in SEGMENTS else None
    if row is None:
        raise Http404(f"Release {release} has no entry at this address.")
    facts = archive.of_mission(slug) if segment == "missions" else {}
    if asked == "json":
        return JsonResponse({"release": release.number, "entry": row, **facts})
    fields = releases.shown_fields(archive, segment, row)
    cited = {slug for text in (row.get("summary", ""), *(f.text for f in fields)) for slug, _ in citations_in(text)}
    notes = Notes(archive.sources(cited))
    context = {
        "release": release,
        "row": row,
        "notes": notes,
        "now": in_language(f"/{segment}/{slug}/", language_of(request.path)),
        "title": row.get("title") or row.get("label"),
        "fields": fields,
        "tables": [releases.shown_table(archive, name, rows) for name, rows in facts.items()],
    }
    return render(request, "released_entry.html", context)

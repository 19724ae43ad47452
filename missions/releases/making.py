"""Freeze everything that is published, all or nothing."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from ..catalogue import moment
from ..citations import SITE_NAME
from ..exports import About, everything, package, table
from ..models import Release
from ..models.release import NUMBER
from .archive import Archive, ArchiveError, archive_of
from .comparing import Comparison


class ReleaseError(Exception):
    """A release cannot be made or taken in; the message says why and what to do."""


def next_number():
    """Return the number that the next release of this year has."""
    newest, year = Release.objects.newest(), timezone.localdate().year
    return f"{year}.{newest.serial + 1 if newest and newest.year == year else 1}"


def in_order(number):
    return tuple(map(int, number.split(".")))


def refuse(number):
    """Raise `ReleaseError` if this cannot be the number of the next release."""
    if not NUMBER.match(number):
        raise ReleaseError(f"“{number}” is no number of a release: use the year and a number, such as {next_number()}.")
    newest = Release.objects.newest()
    if newest and in_order(number) <= in_order(newest.number):
        raise ReleaseError(f"The newest release is {newest}, and releases never change: the next is {next_number()}.")


def frozen_tables(progress=False):
    """Return the public tables with their rows in memory, by their keys, so that equal content is equal bytes."""
    tables = []
    for rows in tqdm(everything(), unit="table", disable=not progress):
        has_id = "permanent_id" in {f.name for f in rows.model._meta.fields}
        made = table(rows.order_by("permanent_id" if has_id else rows.model.address_field))
        kept = list(made.rows())
        tables.append(type(made)(made.name, made.title, made.fields, lambda kept=kept: iter(kept)))
    return tables


def make(number, note="", progress=False):
    """Make the release with this number of everything that is published now, and return it. Raises `ReleaseError`."""
    refuse(number)
    now = timezone.now()
    about = About(
        "peace-operations",
        f"{SITE_NAME}, release {number}",
        Release(number=number).get_absolute_url(),
        release=number,
        note=note,
        sentence="Everything that was published when it was made. Every fact has a source and a date.",
        made=moment(now),
    )
    tables = frozen_tables(progress)
    draft = Archive(b"".join(package(tables, about, is_whole=True)))
    content = b"".join(package(tables, about, is_whole=True, extra=[("CHANGELOG.md", changelog(number, draft))]))
    return keep(number, content, note, now)


def changelog(number, archive):
    """Return what changed since the newest release before, in numbers and in words."""
    newest = Release.objects.newest()
    lines = [f"# Release {number}", ""]
    if newest is None:
        lines += ["The first release.", "", *(f"- {name}: {n:,} rows" for name, n in archive.counts.items())]
        return "\n".join(lines) + "\n"
    found = Comparison(archive_of(newest.number), archive)
    lines += [f"Since release {newest}:", ""]
    for name, number_of, differences in found.tables:
        told = ", ".join(f"{n:,} {kind}" for kind, n in sorted(number_of.items()))
        lines += [f"## {name}: {told}", "", *(f"- {d.in_words()}" for d in differences), ""]
    return "\n".join(lines if found.tables else [*lines, "Nothing changed."]) + "\n"


@transaction.atomic
def keep(number, content, note, made_at):
    """Store an archive as a release."""
    archive = Archive(content)
    if wrong := archive.check():
        raise ReleaseError(wrong[0])
    checksum = hashlib.sha256(content).hexdigest()
    release = Release(number=number, note=note, made_at=made_at, counts=archive.counts, checksum=checksum)
    release.archive = content
    release.full_clean(exclude=["year", "serial", "archive"])
    release.save()
    return release


def shipped():
    """Return the directory of the releases that come with the content."""
    return Path(settings.BASE_DIR) / "fixtures" / "releases"


def load_shipped(directory=None):
    """Take in the releases that come with the content and are not here yet; return their numbers."""
    directory = directory or shipped()
    known, taken = set(Release.objects.values_list("number", flat=True)), []
    for path in sorted(directory.glob("*.zip"), key=lambda p: in_order(p.stem)):
        if path.stem in known:
            continue
        content = path.read_bytes()
        try:
            told = Archive(content).descriptor
        except ArchiveError as error:
            raise ReleaseError(f"{path}: {error}") from error
        if told["release"] != path.stem:
            raise ReleaseError(f"{path} holds release {told['release']}: give the file the name of its release.")
        keep(path.stem, content, told.get("note", ""), parse_datetime(told["created"]))
        taken.append(path.stem)
    return taken

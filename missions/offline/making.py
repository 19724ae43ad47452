"""An edition: its pages asked for, their links turned into files, the data for its scripts, and what it holds."""

import hashlib
import json
import mimetypes
import posixpath
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http.request import validate_host
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from .. import versions
from ..catalogue import moment
from ..citations import SITE_NAME
from ..exports import FORMATS
from ..exports.archives import member
from ..exports.cells import csv_lines
from ..models import FACTS, KINDS, LISTED, Release
from ..releases import archive_of, frozen_tables
from ..views.lists import VIEWS
from . import places
from .asking import ask, clock_at
from .checking import dead_links
from .comparing import Comparable
from .lists import list_data
from .pages import Page, Resolver
from .scripts import added, given
from .searching import search_data

HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
LOCAL = ("127.0.0.1", "localhost", "[::1]")
WORLD = "img/world.svg"


class EditionError(Exception):
    """An edition cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Subject:
    """What an edition is of: the site's address without a path, the moment, and the release if it is of one."""

    address: str
    moment: datetime
    release: str = ""

    @property
    def label(self):
        return self.release or self.day.isoformat()

    @property
    def day(self):
        return timezone.localdate(self.moment)

    @property
    def name(self):
        """What its directory and files are called."""
        return f"peace-operations-{self.label}"


def site_address(address=""):
    """Return the address of the site that citations name, without a path. Raises `EditionError`."""
    hosts = [h for h in settings.ALLOWED_HOSTS if h not in LOCAL and not h.startswith((".", "*"))]
    address = address or f"http{'s' * settings.HTTPS}://{[*hosts, *settings.ALLOWED_HOSTS, LOCAL[0]][0]}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise EditionError(f"“{address}” is no address of a site: write it as https://kb.example.org.")
    if not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        raise EditionError(f"This site does not answer as {parts.hostname}: name it in PEACEOPS_ALLOWED_HOSTS.")
    return f"{parts.scheme}://{parts.netloc}"


def subject_of(address="", release=""):
    """Return what an edition of now, or of a release, is of. Raises `EditionError`.

    A release can be made an edition of as long as what is published is what it froze: its archive holds the data, not
    the pages. Now is the newest change of today or, without one, its first moment: equal content is equal bytes.
    """
    address = site_address(address)
    if not release:
        return Subject(address, newest_moment())
    found = Release.objects.filter(number=release).first()
    if found is None:
        known = ", ".join(Release.objects.values_list("number", flat=True)) or "none"
        raise EditionError(f"There is no release “{release}”. Known: {known}.")
    with clock_at(found.made_at):
        changed = changed_since(release)
    if changed:
        raise EditionError(
            f"What is published is no longer what release {release} froze: {', '.join(changed)} changed. "
            "Make an edition without --release, or make a release first (manage.py make_release)."
        )
    return Subject(address, found.made_at, release)


def newest_moment():
    """Return the time of the newest change that readers see today, or the start of the day."""
    now = timezone.now()
    times = [datetime.combine(timezone.localdate(now), time(), tzinfo=UTC)]
    for model in LISTED:
        rows = model._default_manager.published()
        names = ("updated_at", "published_at") if model in KINDS else ("updated_at",)
        times += [rows.filter(**{f"{n}__lte": now}).order_by(f"-{n}").values_list(n, flat=True).first() for n in names]
    return max(t for t in times if t)


def changed_since(release):
    """Return the names of the public tables that differ from those of a release."""
    archive = archive_of(release)
    tables = {t.name: "".join(csv_lines(t.lines, mark="")).encode() for t in frozen_tables()}
    kept = {name: archive.content(name) for name in archive.resources}
    return sorted(name for name in {*tables, *kept} if tables.get(name) != kept.get(name))


@dataclass
class Edition:
    """The files of an edition, {path: bytes}, and how many entries and facts they hold."""

    subject: Subject
    files: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)  # of the pages of entries, {path: title}


class Maker:
    """Makes one edition; what was asked for and found on the way lies in its attributes."""

    def __init__(self, subject, progress=False):
        self.subject, self.progress = subject, progress
        self.edition = Edition(subject)
        self.answers, self.known = {}, {}
        self.assets = {}

    def bar(self, label, rows, **options):
        return tqdm(rows, desc=label, disable=not self.progress, **options)

    def make(self):
        before = versions.token()
        with clock_at(self.subject.moment):
            self.ask_for_all()
            self.write_pages()
            self.write_data()
        if versions.token() != before:
            raise EditionError("Something was published while the pages were read: run the same command again.")
        self.edition.counts = counts()
        self.write_about()
        if dead := dead_links(self.edition.files):
            raise EditionError("Links lead nowhere: " + "; ".join(dead[:5]))
        return self.edition

    def ask_for_all(self):
        """Ask for every address that belongs, following links, and say in which file each of them lies."""
        queue = deque(dict.fromkeys(places.seeds()))
        seen = set(queue)
        bar = self.bar("Pages", None, total=len(seen), unit=" pages")
        while queue:
            address = queue.popleft()
            answer = self.answers[address] = self.asked(address)
            self.known[address] = self.place_of(address, answer)
            for found in self.leading_on(address, answer):
                if found not in seen:
                    seen.add(found)
                    queue.append(found)
            bar.total = len(seen)
            bar.update()
        bar.close()

    def asked(self, address):
        try:
            return ask(address, self.subject)
        except LookupError as error:
            raise EditionError(f"A page links to what is not there: {error}") from error

    @staticmethod
    def place_of(address, answer):
        """Return the file of an address, or what it holds as a data URL."""
        where = places.split(address)
        return f"data:{answer.kind},{quote(answer.content)}" if places.is_small(*where) else places.file_of(*where)

    def leading_on(self, address, answer):
        """Yield the addresses of the edition that a page links to."""
        if not answer.is_page:
            return
        for _, target in Page(self.subject.address + address).read(answer.text).links:
            where = places.at_site(target, self.subject.address)
            if where and places.belongs(*where):
                yield places.address_with(*where)

    def page(self, address, html, file):
        """Return a page, or a piece of one, with its links as they are in a file."""
        return Page(self.subject.address + address, self.resolver(file)).read(html)

    def resolver(self, file):
        return Resolver(self.subject.address, self.known, self.asset, file)

    def write_pages(self):
        pieces = {}
        self.known |= places.scripts()
        for address, answer in self.bar("Links", self.answers.items(), unit=" files"):
            file = self.known[address]
            if file.startswith("data:"):
                continue
            if not answer.is_page:
                self.edition.files[file] = settled(answer, self.subject)
                continue
            page = self.page(address, answer.text, file)
            path, pairs = places.split(address)
            if (name := places.name_at(path)) in places.LISTS:
                view = dict(pairs).get("view", VIEWS[0])
                pieces.setdefault(name, {}).setdefault(view, {}).update(page.pieces)
            elif name in places.ENTRIES:
                self.edition.titles[file] = re.search(r"<title>(.*?)</title>", answer.text)[1]
            html = page.html
            if page.uses_world:
                up = posixpath.relpath("world.js", posixpath.dirname(file) or ".")
                html = html.replace("</body>", f'<script src="{up}" defer></script></body>')
            self.edition.files[file] = html.encode()
        for name, model in places.LISTS.items():
            for address in places.later_tables(name):
                page = self.page(address, self.asked(address).text, self.known[reverse(name)])
                pieces[name]["table"] |= page.pieces
            self.edition.files[f"{model.url_segment}/rows.js"] = given("list", list_data(model, pieces[name]))

    def asset(self, name):
        """Return the file of a static file, named by its content."""
        if name not in self.assets:
            content = self.static(name).read_bytes()
            if name.endswith(".css"):
                content = IN_STYLE.sub(partial(self.used_by, name), content.decode()).encode()
            stem, end = posixpath.splitext(HASHED.sub("", name))
            self.assets[name] = f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:12]}{end}"
            self.edition.files[self.assets[name]] = content
        return self.assets[name]

    def used_by(self, name, match):
        """Return a picture that a style sheet uses as a part of it: a browser takes no mask from another file."""
        used = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1].partition("#")[0]))
        return f'url("data:{mimetypes.guess_type(used)[0]},{quote(self.static(used).read_bytes())}")'

    @staticmethod
    def static(name):
        """Return the path of a static file, whether or not its name holds the digest of its content."""
        kept = Path(settings.STATIC_ROOT) / name
        return Path(finders.find(name) or (kept if kept.is_file() else finders.find(HASHED.sub("", name))))

    def write_data(self):
        files = self.edition.files
        world = Path(finders.find(WORLD)).read_text()
        files["world.js"] = given("world", world) + Path(finders.find("js/offline/world.js")).read_bytes()
        told, parts = search_data()
        files["search/index.js"] = given("index", told)
        for number, part in enumerate(parts):
            files[f"search/texts-{number}.js"] = added("texts", number, part)
        self.write_comparisons()

    def write_comparisons(self):
        address, comparable, files = reverse("mission-compare"), Comparable(), self.edition.files
        here = self.known[address]
        table = comparable.table(lambda link: self.resolver(here)(self.subject.address + link) if link else "")
        files[posixpath.join(posixpath.dirname(here), "rows.js")] = given("comparable", table)
        for number, one in enumerate(self.bar("Comparisons", comparable.told, unit=" missions")):
            column = comparable.column(number, lambda html: self.page(address, html.strip(), here).html)
            file = posixpath.join(posixpath.dirname(here), f"{one.mission.slug}.js")
            files[file] = added("columns", one.mission.slug, column)

    def write_about(self):
        """Write what the edition is and holds; the manifest comes last, as it names all other files."""
        files, subject = self.edition.files, self.subject
        files["README.txt"] = readme(subject, self.edition.counts).encode()
        manifest = {
            "title": SITE_NAME,
            "edition": subject.label,
            "release": subject.release,
            "content_as_of": moment(subject.moment),
            "address": subject.address,
            "licence": "CC-BY-4.0",
            "counts": self.edition.counts,
            "files": {
                name: {"bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
                for name in sorted(files)
            },
        }
        files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
        self.edition.files = dict(sorted(files.items()))


def settled(answer, subject):
    """Return the bytes of a file; those of a workbook without the time at which it was written."""
    if answer.kind != FORMATS["xlsx"]:
        return answer.content
    out, written = BytesIO(), f"{subject.moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    with ZipFile(BytesIO(answer.content)) as book, ZipFile(out, "w") as copy:
        for name in book.namelist():
            content = book.read(name)
            content = WRITTEN.sub(rb"\g<1>" + written, content) if name == "docProps/core.xml" else content
            copy.writestr(member(name), content)
    return out.getvalue()


def counts():
    """Return how many entries of each kind, sources, terms and facts are published."""
    names = {model: model.url_segment for model in LISTED} | {m: str(m._meta.verbose_name_plural) for m in FACTS}
    return {name: model._default_manager.published().count() for model, name in names.items()}


def readme(subject, numbers):
    counted = "\n".join(f"- {name}: {number:,}" for name, number in numbers.items())
    return f"""{SITE_NAME}, offline edition {subject.label}

Open index.html in a browser. Nothing is installed, and nothing is asked of a network.
Lists, search, maps, timelines and comparisons work from these files; a browser needs scripts for filters and search.
Where something needs the site itself, such as reporting an error, the link leads to {subject.address}.

Content as of {subject.day:%d %B %Y}{f", release {subject.release}" if subject.release else ""}:
{counted}

manifest.json names every file with its size and its SHA-256.
Text and data: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Code: BSD-3-Clause.
"""


def edition(subject, progress=False):
    """Return the `Edition` of a `Subject`. Raises `EditionError`."""
    try:
        staticfiles_storage.url("js/offline/edition.js")
    except ValueError as error:
        raise EditionError("The static files were not collected: run manage.py collectstatic first.") from error
    return Maker(subject, progress).make()

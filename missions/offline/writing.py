"""An edition on a disk: as a directory, as one ZIP file, as a ZIM file for Kiwix, with checksums."""

import hashlib
import mimetypes
from pathlib import Path
from zipfile import ZipFile

import resvg_py
from django.contrib.staticfiles import finders
from libzim.writer import Creator, Hint, Item, StringProvider
from tqdm import tqdm

from ..citations import SITE_NAME
from ..exports.archives import member

LARGEST = 15_000_000  # bytes of a ZIP file that can be passed on over a slow line
ICON = 48  # pixels, as readers of ZIM files want it
DESCRIPTION = "Peace operations, case by case: every fact with its source and date"
TYPES = {".js": "text/javascript", ".bib": "text/plain", ".ris": "text/plain", ".atom": "application/atom+xml"}


def kind_of(name):
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


class File(Item):
    """One file of an edition as libzim takes it; the pages of entries are what a reader's search offers."""

    def __init__(self, name, content, title):
        super().__init__()
        self.name, self.content, self.title = name, content, title

    def get_path(self):
        return self.name

    def get_title(self):
        return self.title

    def get_mimetype(self):
        return kind_of(self.name)

    def get_contentprovider(self):
        return StringProvider(self.content)

    def get_hints(self):
        return {Hint.FRONT_ARTICLE: bool(self.title)}


def write_zim(edition, path, progress=False):
    """Write an edition as a ZIM file with a full-text index. Its id is drawn anew, so its bytes differ each time."""
    subject = edition.subject
    told = {
        "Title": "Peace Operations",
        "Description": DESCRIPTION,
        "Language": "eng",
        "Creator": SITE_NAME,
        "Publisher": SITE_NAME,
        "Date": subject.day.isoformat(),
        "Name": "peace-operations_en_all",
        "License": "CC-BY-4.0",
        "Source": subject.address,
        "Scraper": "manage.py make_offline",
    }
    picture = resvg_py.svg_to_bytes(svg_path=str(finders.find("img/icon.svg")), width=ICON, height=ICON)
    with Creator(path).config_indexing(True, "eng") as creator:
        creator.set_mainpath("index.html")
        creator.add_illustration(ICON, bytes(picture))
        for name, text in told.items():
            creator.add_metadata(name, text)
        for name, content in tqdm(edition.files.items(), desc="ZIM", unit=" files", disable=not progress):
            creator.add_item(File(name, content, edition.titles.get(name, "")))


def write_zip(edition, path):
    with ZipFile(path, "w") as archive:
        for name, content in edition.files.items():
            archive.writestr(member(f"{edition.subject.name}/{name}"), content, compresslevel=9)


def write_directory(edition, path):
    for name, content in edition.files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def write(edition, out, progress=False):
    """Write an edition into the directory `out`, which is made if need be; return the paths of what was written.

    Raises `FileExistsError` if something of the same name lies there.
    """
    out = Path(out)
    name = edition.subject.name
    directory, archive, book, sums = (out / f"{name}{end}" for end in ("", ".zip", ".zim", ".sha256"))
    for path in (directory, archive, book, sums):
        if path.exists():
            raise FileExistsError(path)
    out.mkdir(parents=True, exist_ok=True)
    write_directory(edition, directory)
    write_zip(edition, archive)
    write_zim(edition, book, progress)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (archive, book)]
    sums.write_text("".join(lines))
    return directory, archive, book, sums

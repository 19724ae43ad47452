"""Whether every link within an edition leads to something."""

import posixpath
from urllib.parse import unquote, urlsplit

from .pages import Page

LOADED = ("script", "img", "use", "iframe")  # what a browser fetches by itself


class Reached:
    """The pages of an edition, each read once."""

    def __init__(self, files):
        self.files, self.pages = files, {}

    def page(self, name):
        if name not in self.pages:
            page = Page(name).read(self.files[name].decode())
            self.pages[name] = frozenset(page.ids), page.links
        return self.pages[name]


def wrong_with(target, reached):
    """Return what is wrong with a link to a file, empty if nothing is. With a query a script decides what is shown."""
    parts = urlsplit(target)
    name = posixpath.normpath(unquote(parts.path))
    if name not in reached.files:
        return "there is no such file"
    if parts.fragment and not parts.query and name.endswith(".html") and parts.fragment not in reached.page(name)[0]:
        return "there is no such place on the page"
    return ""


def dead_links(files):
    """Return the links between the files of an edition that lead nowhere, each in words."""
    reached, dead = Reached(files), []
    for name in files:
        if not name.endswith(".html"):
            continue
        for tag, target in reached.page(name)[1]:
            if scheme := urlsplit(target).scheme:
                if tag in LOADED and scheme != "data":
                    dead.append(f"{name} to {target}: it would be fetched from the network")
                continue
            if wrong := wrong_with(target, reached):
                dead.append(f"{name} to {target}: {wrong}")
    return list(dict.fromkeys(dead))

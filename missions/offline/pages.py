"""HTML with its links turned into paths between files: what is read from it, and what it becomes.

The source is copied as it is but for the attributes that hold addresses, so that a page stays the page of the site.
"""

import posixpath
import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from . import places

ADDRESSES = ("href", "src", "action")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
STATIC, WORLD = "/static/", "img/world"
KEPT = ("canonical", "external")  # relations whose addresses stay those of the site
VERBATIM = {"pre", "textarea", "script", "style"}
BREAK = re.compile(r"\s*\n\s*")


class Page(HTMLParser):
    """One page or piece of HTML at an address, as it is read. `links` holds every address that it leads to.

    After `feed`, `ids` holds what a link within the page may name, and `pieces` every element that carries `data-row`,
    {its value: HTML}. With a `resolve` function the addresses are replaced: it is given a full address and returns what
    stands in its place.
    """

    def __init__(self, address, resolve=None):
        super().__init__(convert_charrefs=False)
        self.address, self.resolve = address, resolve
        self.links, self.ids, self.pieces = [], set(), {}
        self.uses_world, self.out, self.open = False, [], []

    def read(self, html):
        """Take the HTML in, and return the page itself."""
        self.feed(html)
        self.close()
        return self

    @property
    def html(self):
        return "".join(self.out)

    def handle_starttag(self, tag, attributes):
        source, told = self.get_starttag_text(), dict(attributes)
        for name in ("id", "name"):
            if told.get(name) and (name == "id" or tag == "a"):
                self.ids.add(told[name])
        for name in ADDRESSES:
            if told.get(name) is not None and told.get("rel") not in KEPT:
                source = self.replaced(tag, name, told[name], source)
        if tag == "form" and "action" not in told and self.resolve:
            source = source[:-1] + f' action="{escape(self.resolve(self.address))}">'
        if tag not in VOID and not source.endswith("/>"):
            self.open.append((tag, told.get("data-row"), len(self.out)))
        self.out.append(source)

    def replaced(self, tag, name, value, source):
        """Return the start tag `source` with the address in one of its attributes replaced."""
        if value.startswith("#") or urlsplit(value).scheme in ("data", "mailto"):
            return source
        target = urljoin(self.address, value)
        self.links.append((tag, target))
        if not self.resolve:
            return source
        new = self.resolve(target)
        if new.startswith("data:"):
            if tag == "link":
                return source
            source = f'{source[:-1]} download="{escape(posixpath.basename(urlsplit(target).path) or "entry.json")}">'
        if tag == "use" and WORLD in value:
            self.uses_world, new = True, f"#{value.partition('#')[2]}"
        # Attributes of this site's templates are in double quotes.
        return re.sub(rf'(\s{name}=)"[^"]*"', lambda m: f'{m[1]}"{escape(new)}"', source, count=1)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        self.out.append(f"</{tag}>")
        while self.open:
            opened, row, start = self.open.pop()
            if row:
                self.pieces.setdefault(row, "".join(self.out[start:]))
            if opened == tag:
                break

    def handle_data(self, data):
        is_verbatim = any(tag in VERBATIM for tag, _, _ in self.open)
        self.out.append(data if is_verbatim else BREAK.sub("\n", data))

    def handle_entityref(self, name):
        self.out.append(f"&{name};")

    def handle_charref(self, name):
        self.out.append(f"&#{name};")

    def handle_comment(self, data):
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.out.append(f"<!{decl}>")


def relative(file, here):
    """Return the path from the file `here` to another file of the edition."""
    return posixpath.relpath(file, posixpath.dirname(here) or ".")


class Resolver:
    """Turns addresses into paths from one file.

    `known` is {address: file, or a data URL of the whole file}, `assets` gives the file of a static path.
    """

    def __init__(self, site, known, assets, here):
        self.site, self.known, self.assets, self.here = site, known, assets, here

    def __call__(self, target):
        """Return a path to a file, with the query that a script there answers; else the full address at the site."""
        parts, where = urlsplit(target), places.at_site(target, self.site)
        if where is None:
            return target
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path.startswith(STATIC):
            return relative(self.assets(parts.path.removeprefix(STATIC)), self.here) + fragment
        path, pairs = where
        if file := self.known.get(places.address_with(path, pairs)):
            return file if file.startswith("data:") else relative(file, self.here) + fragment
        if places.is_live(path, pairs) and path in self.known:
            query = places.address_with("", pairs)
            return relative(places.live_file(path, pairs), self.here) + query + fragment
        return urljoin(self.site, parts.path or "/") + (f"?{parts.query}" if parts.query else "") + fragment

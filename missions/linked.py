"""Pages as linked data: schema.org in JSON-LD, made of what a page has already read, never by a query of its own."""

from .choices import Precision, SourceKind
from .citations import SITE_NAME
from .citations.embedded import LICENCE, date, person
from .citations.records import filled
from .models import CaseStudy, Mission, Source, Term
from .prose import plain

CONTEXT = "https://schema.org"
# Countries and areas in Wikidata, from the table of countries and regions of Our World in Data (owid/owid-grapher,
# CountriesRegions.ts, MIT licence), which names each by its ISO 3166-1 alpha-3 code. Kosovo has none there.
WIKIDATA = {
    "AFG": "Q889", "AGO": "Q916", "ALB": "Q222", "BDI": "Q967", "BEN": "Q962", "BFA": "Q965", "BIH": "Q225",
    "CAF": "Q929", "CIV": "Q1008", "CMR": "Q1009", "COD": "Q974", "CRI": "Q800", "CYP": "Q229", "DOM": "Q786",
    "EGY": "Q79", "ERI": "Q986", "ESH": "Q6250", "ETH": "Q115", "GAB": "Q1000", "GEO": "Q230", "GMB": "Q1005",
    "GNB": "Q1007", "GTM": "Q774", "HND": "Q783", "HRV": "Q224", "HTI": "Q790", "IDN": "Q252", "IND": "Q668",
    "IRN": "Q794", "IRQ": "Q796", "ISR": "Q801", "JOR": "Q810", "KHM": "Q424", "KOR": "Q884", "KWT": "Q817",
    "LBN": "Q822", "LBR": "Q1014", "LBY": "Q1016", "LKA": "Q854", "MKD": "Q221", "MLI": "Q912", "MNE": "Q236",
    "MOZ": "Q1029", "MRT": "Q1025", "NAM": "Q1030", "NER": "Q1032", "NGA": "Q1033", "NIC": "Q811", "PAK": "Q843",
    "PNG": "Q691", "PSE": "Q219060", "RWA": "Q1037", "SDN": "Q1049", "SLB": "Q685", "SLE": "Q1044", "SLV": "Q792",
    "SOM": "Q1045", "SRB": "Q403", "SSD": "Q958", "SYR": "Q858", "TCD": "Q657", "TJK": "Q863", "TLS": "Q574",
    "UGA": "Q1036", "XKX": "", "YEM": "Q805", "ZWE": "Q954",
}  # fmt: skip
SOURCE_TYPES = {
    SourceKind.UN_RESOLUTION: "Report",
    SourceKind.UN_REPORT: "Report",
    SourceKind.UN_DOCUMENT: "Report",
    SourceKind.TREATY: "Legislation",
    SourceKind.DOCTRINE: "Report",
    SourceKind.DATASET: "Dataset",
    SourceKind.BOOK: "Book",
    SourceKind.CHAPTER: "Chapter",
    SourceKind.ARTICLE: "ScholarlyArticle",
    SourceKind.REPORT: "Report",
    SourceKind.NEWS: "NewsArticle",
    SourceKind.WEB: "WebPage",
}


def graph(*nodes):
    """Return the nodes as one JSON-LD document."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


def site(absolute):
    """Return this knowledge base as who publishes; `absolute` makes a full address of one within the site."""
    return {"@type": "Organization", "@id": absolute("/#publisher"), "name": SITE_NAME, "url": absolute("/")}


def breadcrumbs(absolute, *trail):
    """Return the way to a page: `trail` is (name, address within the site) from the first step to the page itself."""
    steps = [
        {"@type": "ListItem", "position": n, "name": name, "item": absolute(address)}
        for n, (name, address) in enumerate([(SITE_NAME, "/"), *trail], 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def known_date(day, precision):
    """Return a date in ISO 8601 as exactly as it is known."""
    if day is None:
        return ""
    return day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)]


def code(scheme, value):
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def place(country):
    """Return a country or area with its codes; it is a place, whatever its status."""
    codes = [("ISO 3166-1 alpha-3", country.iso3), ("UN M49", country.m49)]
    entity = WIKIDATA.get(country.iso3)
    return filled({
        "@type": "Place",
        "name": country.name,
        "identifier": [code(scheme, value) for scheme, value in codes if value],
        "sameAs": f"http://www.wikidata.org/entity/{entity}" if entity else "",
    })  # fmt: skip


def operation(mission, absolute):
    """Return a mission as what happened from a day to a day at a place, led by someone."""
    organization = mission.organization
    leader = {"@type": "Organization", "name": organization.name, "alternateName": organization.acronym}
    return filled({
        "@type": "Event",
        "@id": absolute(f"{mission.url}#operation"),
        "name": mission.title,
        "alternateName": [name for name in (mission.acronym, *mission.aliases) if name],
        "startDate": known_date(mission.started_on, mission.started_precision),
        "endDate": known_date(mission.ended_on, mission.ended_precision),
        "location": [place(country) for country in mission.countries.all()],
        "organizer": filled(leader | {"url": organization.url}),
    })  # fmt: skip


def cited(source, absolute):
    return {
        "@type": SOURCE_TYPES[source.kind],
        "@id": absolute(f"{source.url}#source"),
        "name": source.title,
        "url": absolute(source.url),
    }


def article(entry, absolute, missions, sources):
    """Return the text of an entry: who publishes it and when, what it is about, what it cites."""
    if isinstance(entry, (Mission, CaseStudy)):
        about = [operation(mission, absolute) for mission in missions]
    else:
        about = [{"@type": "Thing", "name": entry.title}]
    return filled({
        "@type": "ScholarlyArticle" if isinstance(entry, CaseStudy) else "Article",
        "@id": absolute(f"{entry.url}#article"),
        "headline": entry.title,
        "description": plain(entry.summary),
        "url": absolute(entry.url),
        "identifier": entry.permanent_id,
        "inLanguage": "en",
        "datePublished": entry.published_at and entry.published_at.date().isoformat(),
        "dateModified": entry.updated_at.date().isoformat(),
        "author": site(absolute),
        "publisher": {"@id": absolute("/#publisher")},
        "license": LICENCE,
        "about": about,
        "citation": [cited(source, absolute) for source in sources],
    })  # fmt: skip


def term_data(term, absolute):
    vocabulary = absolute(f"/{Term.url_segment}/?vocabulary={term.vocabulary}")
    return filled({
        "@type": "DefinedTerm",
        "@id": absolute(f"{term.url}#term"),
        "name": term.label,
        "termCode": term.slug,
        "description": term.definition,
        "url": absolute(term.url),
        "identifier": term.permanent_id,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": vocabulary, "name": term.get_vocabulary_display(),
                             "publisher": site(absolute)},
        "isBasedOn": cited(term.source, absolute) if term.source else "",
    })  # fmt: skip


def creator(name):
    if "literal" in name:
        return {"@type": "Organization", "name": name["literal"]}
    return {"@type": "Person", "name": person(name), "familyName": name["family"], "givenName": name["given"]}


def source_data(source, record, absolute):
    """Return a source as the document that it is; `record` is its citation record."""
    holder = record.get("container-title") or record.get("collection-title")
    publisher = record.get("publisher")
    return filled({
        "@type": SOURCE_TYPES[source.kind],
        "@id": absolute(f"{source.url}#source"),
        "name": source.title,
        "author": [creator(name) for name in record.get("author", [])],
        "editor": [creator(name) for name in record.get("editor", [])],
        "datePublished": date(record, "-"),
        "publisher": {"@type": "Organization", "name": publisher} if publisher else "",
        "isPartOf": {"@type": "CreativeWork", "name": holder} if holder else "",
        "pagination": source.pages,
        "isbn": source.isbn,
        "identifier": source.symbol,
        "inLanguage": record.get("language"),
        "license": source.licence,
        "sameAs": f"https://doi.org/{source.doi}" if source.doi else "",
        "url": source.official_url,
        "mainEntityOfPage": absolute(source.url),
    })  # fmt: skip


def entry_graph(entry, absolute, missions=(), sources=(), record=None):
    """Return the linked data of the page of an entry, a term or a source.

    `missions` are those that it is about, with their countries; `sources` what its text cites; `record` is the citation
    record of a source.
    """
    if isinstance(entry, Term):
        node = term_data(entry, absolute)
    elif isinstance(entry, Source):
        node = source_data(entry, record, absolute)
    else:
        node = article(entry, absolute, missions, sources)
    model = type(entry)
    kind = str(model._meta.verbose_name_plural).capitalize()
    return graph(breadcrumbs(absolute, (kind, f"/{model.url_segment}/"), (entry.label, entry.url)), node)


def downloads(absolute, address, formats):
    """Return the files of a list: `formats` maps the name of a format to its content type."""
    join = "&" if "?" in address else "?"
    return [
        {"@type": "DataDownload", "name": name, "encodingFormat": content_type.partition(";")[0],
         "contentUrl": absolute(f"{address}{join}format={name}")}
        for name, content_type in formats.items()
    ]  # fmt: skip


def dataset(name, address, absolute, formats, description="", size=None):
    """Return the rows of a list as a dataset with the files in which it can be taken away."""
    return filled({
        "@type": "Dataset",
        "@id": absolute(f"{address}#dataset"),
        "name": name,
        "description": description or f"{name} of the {SITE_NAME}: every fact with its source and its date.",
        "url": absolute(address),
        "size": "" if size is None else f"{size} row{'' if size == 1 else 's'}",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": site(absolute),
        "includedInDataCatalog": {"@id": absolute("/data/#catalogue")},
        "distribution": downloads(absolute, address, formats),
    })  # fmt: skip


def list_graph(name, path, address, absolute, formats, size):
    """Return the linked data of the page of a list; `address` carries its filters, `path` does not."""
    return graph(breadcrumbs(absolute, (name, path)), dataset(name, address, absolute, formats, size=size))


def release_data(release, absolute):
    """Return a release as a dataset that never changes."""
    address = release.get_absolute_url()
    return filled({
        "@type": "Dataset",
        "@id": absolute(f"{address}#dataset"),
        "name": f"{SITE_NAME}: data, release {release.number}",
        "description": release.note or "All that was published at one moment, in one archive that never changes.",
        "url": absolute(address),
        "version": release.number,
        "datePublished": release.made_at.date().isoformat(),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": site(absolute),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/zip",
                "contentUrl": absolute(f"{address}package.zip"),
                "sha256": release.checksum,
            }
        ],
        "includedInDataCatalog": {"@id": absolute("/data/#catalogue")},
    })  # fmt: skip


def catalogue_graph(absolute, models, formats, releases=()):
    """Return the linked data of the page about the data: a catalogue of the lists of `models` and of the releases."""
    lists = [
        dataset(str(m._meta.verbose_name_plural).capitalize(), f"/{m.url_segment}/", absolute, formats) for m in models
    ]
    catalogue = {
        "@type": "DataCatalog",
        "@id": absolute("/data/#catalogue"),
        "name": f"{SITE_NAME}: data",
        "url": absolute("/data/"),
        "license": LICENCE,
        "publisher": site(absolute),
        "dataset": [*lists, *(release_data(release, absolute) for release in releases)],
    }
    return graph(breadcrumbs(absolute, ("Data", "/data/")), catalogue)

"""Collects every text that pages put into other languages, and keeps the catalogues in step: `make messages`.

It needs no GNU gettext. Texts come from the templates, from calls of gettext in Python, and from what pages translate
by value: the labels of vocabularies and models, and the names of places, organizations and terms.
"""

import ast
import json
import os
import re
from pathlib import Path

import django
import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
CONSTANT = re.compile(r"""\b_\((["'])(.*?)\1\)""")
TRANSLATE = re.compile(r"""trans(?:late)?\s+(["'])(.*?)\1(?:\s+(?:as \w+\s*)?(?:context\s+(["'])(.*?)\3)?)?""")
CONTEXT = re.compile(r"""\bcontext\s+(["'])(.*?)\1""")
CALLS = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2, "pgettext": -1}
PLURALS = {"fr": "nplurals=2; plural=(n > 1);",
           "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && "
                 "n%100<=99 ? 4 : 5;"}  # fmt: skip
NOT_FOR_READERS = ("Stage", "FactStage", "DraftState", "WithdrawalKind", "LinkState", "ReportState")
SAID_BY_VALUE = ("military", "police", "uniformed", "principle", "challenge", "trend", "added", "removed", "changed")
TABLES = ("tasks", "figures", "events", "evidence", "assessments", "successions", "dimensions")


def public_templates():
    """Return the templates that readers see."""
    found = [p for folder in PUBLIC for p in (ROOT / "templates" / folder).glob("*.html")]
    return sorted(p for p in found if p.name not in ENGLISH_TEMPLATES)


PUBLIC = ("", "teaching")  # folders of templates
# What has one address and is English: the description of the API, a packet as PDF, and the page for when there is none.
ENGLISH_TEMPLATES = ("api.html", "paper.html", "no_paper.html")


def of_template(path):
    """Yield (context, singular, plural) of every text in a template that is put through gettext."""
    from django.template.base import Lexer, TokenType  # needs Django to be set up

    block = None
    for token in Lexer(path.read_text()).tokenize():
        said = token.contents
        if block is not None:
            if token.token_type == TokenType.BLOCK and said.startswith("endblocktrans"):
                yield block.message()
                block = None
            else:
                block.take(token, TokenType)
        elif token.token_type == TokenType.BLOCK and said.startswith("blocktrans"):
            block = Block(said)
            yield from ((None, text, None) for _, text in CONSTANT.findall(said))
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            if (found := TRANSLATE.match(said)) and token.token_type == TokenType.BLOCK:
                context = CONTEXT.search(said)
                yield (context and context[2]), found[2].replace("%", "%%"), None
            yield from ((None, text, None) for _, text in CONSTANT.findall(said))


class Block:
    """The text between blocktranslate and its end, as Django asks the catalogue for it."""

    def __init__(self, opening):
        context = CONTEXT.search(opening)
        self.context, self.is_trimmed = context and context[2], " trimmed" in opening
        self.parts, self.plural = [[]], None

    def take(self, token, kinds):
        if token.token_type == kinds.BLOCK and token.contents == "plural":
            self.parts.append([])
        elif token.token_type == kinds.VAR:
            self.parts[-1].append(f"%({token.contents})s")
        else:
            self.parts[-1].append(token.contents.replace("%", "%%"))

    def message(self):
        texts = ["".join(part) for part in self.parts]
        if self.is_trimmed:
            texts = [" ".join(line.strip() for line in text.strip().splitlines()) for text in texts]
        return self.context, texts[0], texts[1] if len(texts) > 1 else None


def of_module(path):
    """Yield (context, singular, plural) of every text in a module that is put through gettext, under any name."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imported = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    called = {alias.asname: alias.name for alias in imported if alias.asname and alias.name in CALLS}
    for node in nodes:
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        name = called.get(name, name)
        if name not in CALLS:
            continue
        texts = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if CALLS[name] == -1 and len(texts) == 2:
            yield texts[0], texts[1], None
        elif CALLS[name] > 0 and len(texts) >= CALLS[name]:
            yield None, texts[0], texts[1] if CALLS[name] == 2 else None


def by_value():
    """Yield (place, text) of what pages translate by value: labels, and the names of what the fixtures hold."""
    from missions import choices, maps  # the models behind these need Django to be set up
    from missions.catalogue import columns
    from missions.citations import SITE_NAME
    from missions.facets import paths
    from missions.filters import english_label_of
    from missions.models import FACTS, KINDS, LISTED, SECTIONS

    yield from (("vocabularies", text) for text in (SITE_NAME, *SAID_BY_VALUE, *TABLES, *SECTIONS.values()))
    yield from (("vocabularies", a.name) for a in maps.AREAS.values())
    for name, kind in vars(choices).items():
        if isinstance(kind, type) and kind.__module__ == "missions.choices" and name not in NOT_FOR_READERS:
            yield from (("vocabularies", label) for label in kind.labels)
    yield from (("vocabularies", value) for value in choices.Modality.values)
    yield from (("vocabularies", label) for labels in choices.STANCE_LABELS.values() for label in labels.values())
    for model in LISTED:
        yield from (("models", str(name)) for name in (model._meta.verbose_name, model._meta.verbose_name_plural))
        yield from (("models", english_label_of(model, parameter)) for parameter in paths(model))
        yield from (("models", name.capitalize()) for name in model.ordering_fields if "_" not in name)
    yield "models", "terms"
    yield from (("models", str(model._meta.verbose_name_plural)) for model in FACTS)
    yield from (("models", c.label) for model in KINDS for c in columns(model) if c.name != "id")
    for name, field in (("countries", "name"), ("regions", "name"), ("organizations", "name"), ("terms", "label_text")):
        rows = json.loads((ROOT / "fixtures" / f"{name}.json").read_text())
        yield from ((f"fixtures/{name}.json", row["fields"][field]) for row in rows if row["fields"][field])


def messages():
    """Return {(context, singular, plural): [where it stands]} of all texts, in the order in which they are met."""
    found = {}

    def meet(place, message):
        places = found.setdefault(message, [])
        if place not in places:
            places.append(place)

    for path in public_templates():
        for message in of_template(path):
            meet(str(path.relative_to(ROOT)), message)
    for path in sorted((ROOT / "missions").rglob("*.py")):
        for message in of_module(path):
            meet(str(path.relative_to(ROOT)), message)
    for place, text in by_value():
        if not any((None, text, None) == known for known in found) or place != "models":
            meet(place, (None, text, None))
    singular = {(c, one) for c, one, many in found if many}
    return {m: places for m, places in found.items() if m[2] or (m[0], m[1]) not in singular}


def path_of(language):
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def renewed(language, texts):
    """Return the catalogue of a language with exactly these texts; a translation that it has is kept."""
    path = path_of(language)
    known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS.get(language, "nplurals=2; plural=(n != 1);"),
    }
    for (context, one, many), places in sorted(texts.items(), key=lambda item: (item[1][0], item[0][1])):
        old = known.get((context, one))
        entry = polib.POEntry(msgctxt=context, msgid=one, occurrences=[(place, "") for place in places])
        if many:
            entry.msgid_plural = many
            forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
            entry.msgstr_plural = (old and old.msgstr_plural) or dict.fromkeys(range(forms), "")
        else:
            entry.msgstr = old.msgstr if old else ""
        if "%(" in one:
            entry.flags = ["python-format"]
        catalogue.append(entry)
    return catalogue


def main():
    """Renew and compile the catalogues, and say what is still to be translated."""
    from missions.languages import PREFIXED

    texts = messages()
    for language in PREFIXED:
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        catalogue = renewed(language, texts)
        catalogue.save(str(path_of(language)))
        catalogue.save_as_mofile(str(path_of(language).with_suffix(".mo")))
        print(f"{language}: {len(catalogue.translated_entries())} of {len(catalogue)} texts are translated")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peaceops.settings")
    django.setup()
    main()

"""House rules over all kinds: what every model, module and document must keep to."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from missions.catalogue import columns
from missions.models import FACTS, KINDS, LISTED, ApproachDimension

ROOT = Path(settings.BASE_DIR)
LAYERS = [
    {"choices", "prose", "charts", "maps", "typeset", "parameters", "clients", "logs", "languages", "databases"},
    {"models"},
    {"catalogue", "search", "citations", "previews", "addresses", "snapshot", "versions"},
    {"codebook", "linked"},
    {"workflow", "differences", "history"},
    {"drafts", "facets"},
    {"batches", "filters", "reading"},
    {"loading", "replacing"},
    {"un_data", "checks", "exports", "links", "offers", "printing", "reports", "synthetic", "teaching", "upkeep"},
    {"bulk", "releases"},
    {"context", "health", "metrics", "middleware", "outages", "pagecache", "templatetags"},
    {"views", "api", "feeds", "sitemaps"},
    {"conflicts", "login", "offline"},
    {"urls", "admin"},
    {"backups", "moving"},
    {"management"},
]
PUBLIC = (*LISTED, *FACTS, ApproachDimension)


def layer_of(module):
    return next((n for n, names in enumerate(LAYERS) if module.split(".")[0] in names), None)


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("missions")):
            yield node, node.module.removeprefix("missions").lstrip(".") if node.module else ""


@pytest.mark.parametrize("path", sorted((ROOT / "missions").glob("**/*.py")), ids=lambda p: p.name)
def test_imports_point_upward(path):
    inside = path.relative_to(ROOT / "missions").with_suffix("").parts
    own = layer_of(inside[0])
    if own is None:
        pytest.skip("no layer: package marker, app configuration or migration")
    for node, module in imports_of(path):
        within_package = node.level == 1 and len(inside) > 1
        names = [module] if module else [a.name for a in node.names]
        for name in names:
            target = own if within_package else layer_of(name)
            assert target is None or target <= own, f"{path.name} imports {name}, which lies below it"


@pytest.mark.parametrize("model", PUBLIC, ids=lambda m: m.__name__)
def test_every_field_is_public_or_for_editors(model):
    declared = {*model.public_fields, *getattr(model, "detail_fields", ()), *getattr(model, "editor_fields", ())}
    fields = {f.name for f in model._meta.get_fields() if f.concrete and not f.auto_created}
    known_apart = {"id", "permanent_id", "mission", "approach", "principle", "challenge", "trend"}
    known_apart |= {"monitor", "assist", "secure"}  # shown together as the modality
    assert fields - declared - known_apart == set()


@pytest.mark.parametrize("model", PUBLIC, ids=lambda m: m.__name__)
def test_every_public_field_has_a_definition(model):
    assert [c.name for c in columns(model, detail=True) if not c.definition] == []


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_every_kind_has_an_address_and_a_right_to_publish(model):
    assert re.fullmatch(r"[a-z-]+", model.url_segment)
    name = model._meta.model_name
    assert [p[0] for p in model._meta.permissions] == [f"publish_{name}", f"review_{name}"]


@pytest.mark.long
@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_command_and_setting_is_documented():
    documents = "".join(p.read_text() for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    commands = [p.stem for p in (ROOT / "missions/management/commands").glob("[a-z]*.py")]
    names = re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "peaceops/settings.py").read_text())
    assert [n for n in [*commands, *names] if n not in documents] == []

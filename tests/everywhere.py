"""Every address of the URL configuration, and a database in which each of them answers."""

import re
from datetime import timedelta

from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from missions import releases
from missions.codebook import VOCABULARIES
from missions.models import LISTED, Mission, PreviewLink
from missions.models.editing import new_token, token_digest

from .factories import make_approach_with_dimension, make_packet, make_path
from .test_views import drafts_everywhere

CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes(resolver=None, before=""):
    """Yield (route, pattern) of all addresses there are."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern, route)


def filled(route, values):
    """Return the path of a route; `values` gives the encoded value of each of its parts by name."""
    if "(?P" in route:
        route = "admin/nothing"
    return b"/" + CONVERTER.sub(lambda m: values(m[2]).decode("latin-1"), route).encode("latin-1")


def populate():
    """Fill the database with one of everything; return what gives the real value of a part of a public address."""
    shown = drafts_everywhere()
    make_approach_with_dimension()
    make_packet([shown[0]], slug="shown")
    make_path([shown[0]], slug="shown")
    releases.archive_of.cache_clear()
    releases.make("2026.1")
    releases.make("2026.2")
    addresses = {model: row.address for model in LISTED if (row := model._default_manager.published().last())}
    addresses |= {type(entry): entry.address for entry in shown}
    others = {"number": "2026.1", "before": "2026.1", "after": "2026.2", "table": "missions", "segment": "missions"}

    token = new_token()
    PreviewLink.objects.create(
        kind="mission", entry_id=shown[0].pk, digest=token_digest(token), made_by="x",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    others["token"] = token

    def of(pattern, name):
        if name == "name":
            return b"operations" if pattern.name.startswith("trend") else b"events"
        if pattern.name == "api-vocabulary":
            return next(iter(VOCABULARIES)).encode()
        model = pattern.default_args.get("model") or getattr(pattern.callback, "initkwargs", {}).get("model")
        return str(others.get(name) or addresses.get(model, "shown")).encode()

    return of


OF_ADMIN = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in site._registry}


def in_admin(pattern, name):
    """Return what stands for a part of an address of the admin: the key of the last record of its kind."""
    model = OF_ADMIN.get("_".join((pattern.name or "").split("_")[:2]))
    if name == "object_id" and model:
        return str(getattr(model._default_manager.last(), "pk", 1)).encode()
    others = {"name": "reports", "key": "0" * 32, "permanent_id": Mission.objects.last().permanent_id,
              "view": "publication", "content_type_id": ContentType.objects.get_for_model(Mission).pk}  # fmt: skip
    return str(others.get(name, 1)).encode()

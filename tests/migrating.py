"""Run by test_migrating.py inside `manage.py shell`: every migration back and forth, on a database with content.

Goes back one migration after the other and comes again through all of them, so that each is gone through both ways.
Prints how far it went back and whether content and rights were as before once it had come again.
"""

from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from missions import search
from missions.models import FACTS, LISTED, Country, Organization
from tests.factories import make_case_study, make_country, make_figure, make_mission, make_principle

KEPT = (*LISTED, *FACTS, Country, Organization)


def content():
    """Return all rows of what the first version could hold already, and what each group may do."""
    rows = serializers.serialize("json", [row for model in KEPT for row in model._default_manager.order_by("pk")])
    rights = {
        group.name: sorted(group.permissions.values_list("content_type__model", "codename"))
        for group in Group.objects.all()
    }
    return rows, rights


mission = make_mission(countries=[make_country()], title="Größe “x”")
make_figure(mission, value=7)
make_case_study([mission])
make_principle(stage="draft")
search.rebuild()
names = sorted(name for app, name in MigrationLoader(connection).disk_migrations if app == "missions")
before = content()
for name in reversed(names[:-1]):
    call_command("migrate", "missions", name, verbosity=0)
call_command("migrate", verbosity=0)
search.rebuild()
print(name, content() == before, search.is_stale())
call_command("migrate", "missions", "zero", verbosity=0)
print("zero", [t for t in connection.introspection.table_names() if t.startswith("missions_")])
call_command("migrate", verbosity=0)
print("again", Group.objects.count(), content()[1] == before[1])

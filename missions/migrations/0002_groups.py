"""The two groups of editors: Editors write and correct drafts, Publishers also publish and withdraw."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ENTRIES = ("casestudy", "mission", "approach", "principle", "challenge", "trend", "theme")
FACTS = ("figure", "event", "mandatedtask", "assessment", "evidence")
SHARED = ("source", "term", "country", "organization", "region", "succession", "approachdimension")


def make_groups(apps, schema_editor):
    config = apps.get_app_config("missions")
    # Permissions are made after all migrations; here they are needed now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    everything = permission.objects.filter(content_type__app_label="missions")
    write = [f"{verb}_{name}" for verb in ("add", "change", "view") for name in (*ENTRIES, *FACTS, *SHARED)]
    publish = [f"publish_{name}" for name in ENTRIES] + [f"delete_{name}" for name in (*ENTRIES, *FACTS, *SHARED)]
    for name, codenames in (("Editors", write), ("Publishers", write + publish)):
        group.objects.get_or_create(name=name)[0].permissions.set(everything.filter(codename__in=codenames))


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Publishers"]).delete()


class Migration(migrations.Migration):
    dependencies = [("missions", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_groups, drop_groups)]

"""Writers draft, reviewers approve, managing editors publish and withdraw. Each group may do what the one before may."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ENTRIES = ("casestudy", "mission", "approach", "principle", "challenge", "trend", "theme")
FORMER = {"Writers": "Editors", "Managing editors": "Publishers"}


def make_groups(apps, schema_editor):
    config = apps.get_app_config("missions")
    # Permissions are made after all migrations; here they are needed now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for new, old in FORMER.items():
        group.objects.filter(name=old).update(name=new)
    review = permission.objects.filter(
        content_type__app_label="missions", codename__in=[f"review_{name}" for name in ENTRIES]
    )
    writers, managers = (group.objects.get_or_create(name=name)[0] for name in FORMER)
    reviewers = group.objects.get_or_create(name="Reviewers")[0]
    reviewers.permissions.set([*writers.permissions.all(), *review])
    managers.permissions.add(*review)


def drop_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    group.objects.filter(name="Reviewers").delete()
    for new, old in FORMER.items():
        group.objects.filter(name=new).update(name=old)


class Migration(migrations.Migration):
    dependencies = [("missions", "0007_drafts"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_groups, drop_groups)]

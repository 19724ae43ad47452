"""Writers and reviewers may write what is taught; managing editors may also publish and delete it."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

TAUGHT = ("packet", "discussionquestion", "answer", "learningpath", "pathstep")


def give_rights(apps, schema_editor):
    config = apps.get_app_config("missions")
    # Permissions are made after all migrations; here they are needed now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ours = permission.objects.filter(content_type__app_label="missions")
    write = [f"{verb}_{name}" for verb in ("add", "change", "view") for name in TAUGHT]
    for name in ("Writers", "Reviewers", "Managing editors"):
        found = group.objects.filter(name=name).first()
        if found:
            found.permissions.add(*ours.filter(codename__in=write))
    if managers := group.objects.filter(name="Managing editors").first():
        more = [f"{verb}_{name}" for verb in ("delete", "publish") for name in TAUGHT]
        managers.permissions.add(*ours.filter(codename__in=more))


class Migration(migrations.Migration):
    dependencies = [("missions", "0012_teaching")]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]

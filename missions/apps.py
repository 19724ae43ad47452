from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models import IntegerField
from django.db.models.signals import post_migrate, pre_migrate


class MissionsConfig(AppConfig):
    name = "missions"
    verbose_name = "Knowledge base"

    def ready(self):
        from . import history, logs, versions  # models can be read only when all applications are loaded
        from .models.lookups import WholeNumberIn

        history.register()
        logs.listen()
        IntegerField.register_lookup(WholeNumberIn)
        pre_migrate.connect(versions.remove, sender=self)
        post_migrate.connect(versions.install, sender=self)


class EditorsSideConfig(AdminConfig):
    """The admin with doors of our own. They lie outside `missions.admin`, which registers with the site they make."""

    default_site = "missions.login.site.EditorsSite"

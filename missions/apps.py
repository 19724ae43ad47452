from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MissionsConfig(AppConfig):
    name = "missions"
    verbose_name = "Knowledge base"

    def ready(self):
        from . import history, logs  # models can be read only when all applications are loaded

        history.register()
        logs.listen()


class EditorsSideConfig(AdminConfig):
    """The admin with doors of our own. They lie outside `missions.admin`, which registers with the site they make."""

    default_site = "missions.login.site.EditorsSite"

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "missions"
    verbose_name = "Knowledge base"

    def ready(self):
        from . import history  # models can be read only when all applications are loaded

        history.register()

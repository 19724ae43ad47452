import sys

from django.core.management.base import BaseCommand

from missions.previews import refresh_all


class Command(BaseCommand):
    help = "Draw the preview images that are missing or out of date, and remove those of entries no longer published."

    def handle(self, *args, **options):
        drawn, kept, removed = refresh_all(progress=sys.stderr.isatty() or options["verbosity"] > 1)
        self.stdout.write(f"drawn: {drawn}, up to date: {kept}, removed: {removed}")

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from missions import backups


class Command(BaseCommand):
    help = "Put a backup in the place of the database, which is kept aside. The server must be stopped."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="A file that manage.py backup made.")

    def handle(self, file, **options):
        try:
            manifest, former = backups.restore(file, progress=sys.stderr.isatty() or options["verbosity"] > 1)
        except backups.BackupError as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(f"restored: the database of {manifest['made_at']}, {sum(manifest['tables'].values()):,} rows")
        if former:
            self.stdout.write(f"kept aside: {former}")
        self.stdout.write("Pages were asked for and answered. Start the server now.")

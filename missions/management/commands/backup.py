import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from missions import backups


class Command(BaseCommand):
    help = "Back up the database while it is in use, verified; keep the newest PEACEOPS_BACKUPS."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="Directory for it; by default backups/ in the data directory.")

    def handle(self, to, **options):
        try:
            file, manifest = backups.make(to, progress=sys.stderr.isatty() or options["verbosity"] > 1)
        except backups.BackupError as error:
            raise CommandError(f"No backup was made. {error}") from error
        rows, size = sum(manifest["tables"].values()), file.stat().st_size
        self.stdout.write(f"{file}: {size:,} bytes, {rows:,} rows in {len(manifest['tables'])} tables, verified")
        self.stdout.write(f"kept: {len(backups.kept(file.parent))}")

import sys

from django.core.management.base import BaseCommand, CommandError

from missions import moving


class Command(BaseCommand):
    help = "Copy all rows to another, empty database, such as from SQLite to PostgreSQL; all or nothing, counted."

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, help="As in DATABASE_URL: postgres://user:password@host/name.")

    def handle(self, to, **options):
        try:
            rows = moving.move(to, progress=sys.stderr.isatty() or options["verbosity"] > 1)
        except moving.MoveError as error:
            raise CommandError(f"Nothing was moved. {error}") from error
        for table, number in sorted(rows.items()):
            self.stdout.write(f"{table}: {number:,}")
        self.stdout.write(
            f"moved: {sum(rows.values()):,} rows in {len(rows)} tables, the same number in both databases"
        )
        self.stdout.write("Set DATABASE_URL to the new database and start the server anew.")

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from missions import releases


class Command(BaseCommand):
    help = "Freeze everything published as a numbered release that never changes."

    def add_arguments(self, parser):
        parser.add_argument("number", help="Year and number, such as 2026.1.")
        parser.add_argument("--note", default="", help="What readers should know of it, in a sentence or two.")
        parser.add_argument("--to", type=Path, help="Also write the archive into this directory, as NUMBER.zip.")

    def handle(self, number, note, to, **options):
        if to and not to.is_dir():
            raise CommandError(f"{to} is no directory: make it first, or leave --to out.")
        try:
            made = releases.make(number, note, progress=sys.stderr.isatty() or options["verbosity"] > 1)
        except releases.ReleaseError as error:
            raise CommandError(f"No release was made. {error}") from error
        for name, rows in made.counts.items():
            self.stdout.write(f"{name}: {rows:,}")
        self.stdout.write(f"release {made}: {len(made.archive):,} bytes, SHA-256 {made.checksum}")
        if to:
            (to / f"{made}.zip").write_bytes(made.archive)
            self.stdout.write(f"written to {to / f'{made}.zip'}")

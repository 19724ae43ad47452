import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from missions import offline


class Command(BaseCommand):
    help = "Write everything published as an edition that needs no server: a directory, a ZIP file and a ZIM file."

    def add_arguments(self, parser):
        parser.add_argument("out", type=Path, help="The directory to write into; it is made if need be.")
        parser.add_argument(
            "--release", default="", help="Name the edition after this release, if nothing changed since."
        )
        parser.add_argument("--address", default="", help="The public address of this site, which citations name.")

    def handle(self, out, release, address, **options):
        progress = sys.stderr.isatty() or options["verbosity"] > 1
        try:
            subject = offline.subject_of(address, release)
            made = offline.edition(subject, progress)
            written = offline.write(made, out, progress)
        except offline.EditionError as error:
            raise CommandError(f"No edition was made. {error}") from error
        except FileExistsError as error:
            raise CommandError(f"{error} is there already: choose another directory, or remove it first.") from error
        except OSError as error:
            raise CommandError(f"The edition could not be written: {error}.") from error
        for name, number in made.counts.items():
            self.stdout.write(f"{name}: {number:,}")
        self.stdout.write(f"files: {len(made.files):,}; addresses in citations: {subject.address}")
        for path in written:
            size = "" if path.is_dir() else f", {path.stat().st_size:,} bytes"
            self.stdout.write(f"{path}{size}")
            if path.suffix == ".zip" and path.stat().st_size > offline.LARGEST:
                self.stderr.write(
                    f"The ZIP file is larger than {offline.LARGEST:,} bytes: it takes long on a slow line."
                )

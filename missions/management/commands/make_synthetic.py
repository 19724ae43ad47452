import sys

from django.core.management.base import BaseCommand, CommandError

from missions import synthetic


class Command(BaseCommand):
    help = "Fill an empty database with a made-up register of N missions, to measure with. Never beside real content."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, help="how many missions, 1 to 1,000,000")

    def handle(self, *args, **options):
        if not 1 <= options["number"] <= 1_000_000:
            raise CommandError("Make between 1 and 1,000,000 missions.")
        try:
            synthetic.make(options["number"], progress=sys.stderr.isatty() or options["verbosity"] > 1)
        except synthetic.RealContentError as error:
            raise CommandError(f"Nothing was written. {error}") from error
        self.stdout.write(f"made up: {options['number']} missions")

import sys

from django.core.management.base import BaseCommand

from missions import search


class Command(BaseCommand):
    help = "Make the index of the search anew from all published content, for instance after a plain loaddata."

    def handle(self, *args, **options):
        number = search.rebuild(progress=sys.stderr.isatty() or options["verbosity"] > 1)
        self.stdout.write(f"indexed: {number}")

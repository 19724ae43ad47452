import sys

from django.core.management.base import BaseCommand, CommandError

from missions import links


def whole(text):
    number = int(text)
    if number < 0:
        raise ValueError
    return number


class Command(BaseCommand):
    help = "Ask every address outside to which the content leads whether it still answers, one at a time, with pauses."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=whole, help="ask at most so many, those asked longest ago first")
        parser.add_argument(
            "--older-than", type=whole, default=0, metavar="DAYS",
            help="leave out what was in order less than DAYS ago; what failed is asked again after a day",
        )  # fmt: skip

    def handle(self, *args, **options):
        urls = links.due(options["older_than"])[: options["limit"]]
        try:
            states = links.check_links(urls, links.Visitor(), sys.stderr.isatty() or options["verbosity"] > 1)
        except links.OfflineError as problem:
            raise CommandError(
                "No address answered, so nothing was recorded: check the network connection of this host."
            ) from problem
        told = ", ".join(f"{state}: {number}" for state, number in sorted(states.items()))
        self.stdout.write(told or "No link is due.")

import sys

from django.core.management.base import BaseCommand, CommandError

from missions import releases
from missions.loading import FixtureError, Loader


class Command(BaseCommand):
    help = "Load the content of fixtures/: add what is missing, refresh what no one edited, keep and list the rest."

    def handle(self, *args, **options):
        try:
            report = Loader(progress=sys.stderr.isatty() or options["verbosity"] > 1).load()
            taken = releases.load_shipped()
        except (FixtureError, releases.ReleaseError) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if taken:
            self.stdout.write(f"releases: {', '.join(taken)}")
        for name in ("added", "refreshed", "unchanged"):
            self.stdout.write(f"{name}: {getattr(report, name).total()}")
        self.stdout.write(f"kept as edited here: {len(report.kept)}")
        for kind, record, why in report.kept:
            self.stdout.write(f"  {kind} {record}: {why}")
        if report.offered:
            self.stdout.write(f"newer content offered to editors, under /admin/offers/: {report.offered}")

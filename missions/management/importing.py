"""What the commands that import UN data have in common: arguments, the report, nothing written without --apply."""

import sys

from django.core.management.base import BaseCommand, CommandError

from missions.un_data import DataError


class ImportCommand(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("file", help="CSV file from the UN Peace & Security Data Hub")
        parser.add_argument("--apply", action="store_true", help="write; without it only the report is printed")

    def handle(self, *args, **options):
        progress = sys.stderr.isatty() or options["verbosity"] > 1
        try:
            report, writes = self.compare(options["file"], progress)
        except DataError as error:
            raise CommandError(f"Nothing was written. {error}") from error
        self.print_report(report, options["verbosity"])
        if options["apply"]:
            self.write(writes, progress)
            self.stdout.write(f"written: {len(writes)}")
        elif writes:
            self.stdout.write(f"Nothing was written. With --apply, {len(writes)} values would be.")

    def print_report(self, report, verbosity):
        for name in ("new", "changed", "unchanged", "conflicting"):
            lines = getattr(report, name)
            self.stdout.write(f"{name}: {len(lines)}")
            if name != "unchanged" and (name != "new" or verbosity > 1):
                self.print_lines(lines)
        self.stdout.write(f"in the file but in no mission of the register: {len(report.unmatched)}")
        self.print_lines(f"{name}: {number}" for name, number in sorted(report.unmatched.items()))
        self.print_lines(f"remark: {line}" for line in report.remarks)

    def print_lines(self, lines):
        for line in lines:
            self.stdout.write(f"  {line}")
